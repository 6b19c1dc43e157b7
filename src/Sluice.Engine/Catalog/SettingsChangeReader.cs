using System.Text.Json;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Engine.Errors;
using Sluice.Storage.Catalog;

namespace Sluice.Engine.Catalog;

/// <summary>Reads the body of PUT /data/settings: a member left out stays, null takes the override away.</summary>
internal static class SettingsChangeReader
{
    private const int MostOwners = 100;
    private const int LongestOwner = 255;

    public static SettingsChange Read(JsonElement body, bool isConnection)
    {
        var problems = new ProblemList();
        var payload = new PayloadObject(body, "$", problems);
        var said = payload.MemberNames.ToHashSet(StringComparer.Ordinal);
        var change = new SettingsChange(
            Given("isActive", payload.OptionalBoolean("isActive")),
            Given("activateNewChildren", payload.OptionalBoolean("activateNewChildren")),
            Given("dataOwners", payload.OptionalStrings("dataOwners")));
        payload.RejectUnread();

        RejectWrongOwners(payload, change.DataOwners.Value ?? []);
        if (isConnection && change.IsActive is { IsGiven: true, Value: null } && !problems.Any)
            payload.Reject("isActive", "can't be taken away from a connection, for nothing lies above it: say true or false");
        if (!problems.Any && !change.IsActive.IsGiven && !change.ActivateNewChildren.IsGiven && !change.DataOwners.IsGiven)
            problems.Add("$", "must say at least one of isActive, activateNewChildren, dataOwners");
        return problems.Any ? throw new RequestRefusedException(problems) : change;

        Given<T> Given<T>(string name, T value) => new(said.Contains(name), value);
    }

    // An id with a space around it would be nobody's, and look like somebody's.
    private static void RejectWrongOwners(PayloadObject payload, IReadOnlyList<string> owners)
    {
        if (owners.Count > MostOwners) payload.Reject("dataOwners", $"may name at most {MostOwners} owners");
        for (var i = 0; i < owners.Count && i < MostOwners; i++)
        {
            if (owners[i].Length is 0 or > LongestOwner) payload.Reject($"dataOwners[{i}]", $"must have 1 to {LongestOwner} characters");
            else if (owners[i].Trim() != owners[i]) payload.Reject($"dataOwners[{i}]", "must not begin or end with white space");
        }
    }
}
