using Sluice.Core.Catalog;
using Sluice.Core.Planning;

namespace Sluice.Bench.Planning;

/// <summary>
/// What is desired and what was observed on many tables, ten grants on each: one to an audience of readers, three to one of writers, six to people. The two
/// share no text and no path, as one comes from policies and the other from a platform.
/// </summary>
internal static class GrantStreams
{
    public const int GrantsOfTable = 10;

    private const int Audiences = 300;
    private const int MembersOfAudience = 200;
    private const int People = 10_000;
    private const int TablesOfSchema = 100;
    private const int DirectReaders = 6;

    /// <summary>The depth of its tables.</summary>
    public const int Depth = 3;

    /// <summary>Makes them.</summary>
    /// <param name="tables">How many tables.</param>
    /// <param name="oneChangedOf">Of so many grants one is on one side alone; 0: none is.</param>
    public static (DesiredState Desired, ObservedState Observed, int Changes) Of(int tables, int oneChangedOf)
    {
        var (desired, observed) = (new List<DesiredFact>(), new List<ObservedFact>());
        var (i, changes) = (0, 0);
        foreach (var key in Keys(tables))
        {
            if (IsChanged(key) && i % 2 == 0) changes++;
            else desired.Add(new DesiredFact(key, "", "sales-eu: Analysts"));
        }

        i = 0;
        foreach (var key in Keys(tables))
        {
            if (IsChanged(key) && i % 2 == 1) changes++;
            else observed.Add(new ObservedFact(key, "", FactOwner.Ours));
        }

        return (new DesiredState(desired, []), new ObservedState(observed, [], [], []), changes);

        bool IsChanged(FactKey key) => key.Kind == FactKind.Grant && oneChangedOf > 0 && ++i % oneChangedOf < 2 && i >= oneChangedOf;
    }

    private static IEnumerable<FactKey> Keys(int tables)
    {
        var audiences = Names("SLUICE_AUD_4f2a9c7be1d05836a9b2", Audiences);
        var people = Names("person@example.org_", People);
        foreach (var audience in audiences) yield return new FactKey(FactKind.Audience, null, audience);
        for (var a = 0; a < Audiences; a++)
            for (var m = 0; m < MembersOfAudience; m++) yield return new FactKey(FactKind.Member, null, audiences[a], people[((a * 31) + (m * 47)) % People]);
        ObjectPath? schema = null;
        for (var table = 0; table < tables; table++)
        {
            if (table % TablesOfSchema == 0) schema = new ObjectPath("lake", $"db_{table / TablesOfSchema / 10:D3}", $"schema_{table / TablesOfSchema % 10}");
            var path = schema!.Child($"table_{table:D6}");
            yield return new FactKey(FactKind.Grant, path, audiences[table / 7 % Audiences], "SELECT");
            foreach (var privilege in (string[])["DELETE", "INSERT", "UPDATE"]) yield return new FactKey(FactKind.Grant, path, audiences[table / 13 % Audiences], privilege);
            for (var d = 0; d < DirectReaders; d++) yield return new FactKey(FactKind.Grant, path, people[((table * 17) + (d * 1_009)) % People], "SELECT");
        }
    }

    private static string[] Names(string prefix, int count) => [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i:D5}")];
}
