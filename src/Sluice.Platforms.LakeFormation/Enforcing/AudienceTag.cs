using System.Globalization;
using Sluice.Core.Access;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>An audience as Lake Formation knows it: a value of an LF-Tag of ours. Its text, <c>key=value</c>, is the native name of the audience.</summary>
internal readonly record struct AudienceTag(string Key, string Value)
{
    /// <summary>The value that is granted to nobody.</summary>
    public const string None = "none";

    /// <summary>The permissions that its members have where it is assigned.</summary>
    public LakePermissions Permissions => IsOfReaders ? LakePermissions.Select | LakePermissions.Describe : LakePermissions.Insert | LakePermissions.Delete;

    /// <summary>What its assignment to a table gives, for people: the detail of its fact.</summary>
    public string Detail => (IsOfReaders ? LakePermissions.Select : LakePermissions.Insert | LakePermissions.Delete).Describe();

    /// <summary>As AWS takes it.</summary>
    public LFTag Tag => new(Key, [Value]);

    /// <summary>Whatever carries it.</summary>
    public LakeResource Tables => new LakeResource.TagPolicy(true, [Tag]);

    private bool IsOfReaders => Key[Key.LastIndexOf('_') + 1] == 'r';

    /// <summary>From its text; null for a principal.</summary>
    public static AudienceTag? Read(string subject)
    {
        var at = subject.IndexOf('=');
        return at < 0 || subject.StartsWith("arn:", StringComparison.Ordinal) ? null : new AudienceTag(subject[..at], subject[(at + 1)..]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Key}={Value}";
}

/// <summary>The keys of the LF-Tags of a connection. Whatever has one of them is ours.</summary>
internal sealed class TagKeys(string prefix)
{
    private readonly string _readers = $"{prefix.ToLowerInvariant()}_r";
    private readonly string _writers = $"{prefix.ToLowerInvariant()}_w";

    /// <summary>The key of an audience that reads.</summary>
    public string Readers(int number) => _readers + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The key of an audience that writes.</summary>
    public string Writers(int number) => _writers + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a key is one that Sluice gives.</summary>
    public bool IsOurs(string key) =>
        (key.StartsWith(_readers, StringComparison.Ordinal) || key.StartsWith(_writers, StringComparison.Ordinal))
        && key.Length > _readers.Length && key.AsSpan(_readers.Length).IndexOfAnyExceptInRange('0', '9') < 0;
}

/// <summary>Spreads audiences over keys.</summary>
internal static class KeyPlacement
{
    // 50 LF-Tags fit on a resource, two of them are in use at most, and during a move four.
    private const int MostKeys = 16;

    /// <summary>
    /// The number of the key for each group of audiences that have to share one: a table's and those of its columns. As few keys as hold them, a power of
    /// two, so that one more audience seldom moves others. A group that fits nowhere is left out.
    /// </summary>
    /// <param name="groups">By the audience of the tables, all audiences of the group.</param>
    /// <param name="valuesOfKey">How many audiences a key holds.</param>
    public static IReadOnlyDictionary<AudienceId, int> Place(IReadOnlyDictionary<AudienceId, HashSet<AudienceId>> groups, int valuesOfKey)
    {
        for (var keys = 1; ; keys *= 2)
        {
            var placed = new Dictionary<AudienceId, int>();
            var values = Enumerable.Range(0, keys).Select(_ => new HashSet<AudienceId>()).ToArray();
            var fits = true;
            foreach (var (audience, all) in groups.OrderBy(g => g.Key.Value, StringComparer.Ordinal))
            {
                var slot = SlotOf(audience, keys);
                if (values[slot].Count + all.Count(a => !values[slot].Contains(a)) > valuesOfKey)
                {
                    fits = false;
                    continue;
                }

                values[slot].UnionWith(all);
                placed[audience] = slot + 1;
            }

            if (fits || keys == MostKeys) return placed;
        }
    }

    private static int SlotOf(AudienceId audience, int keys) => int.Parse(audience.Value.AsSpan(^2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (keys - 1);
}
