using System.Security.Cryptography;
using System.Text;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Platforms.PostgreSql.Sql;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>The names of what Sluice makes at a server. Names alone own nothing: the comment does (<see cref="InstanceMark"/>).</summary>
internal sealed class NativeNames(string prefix)
{
    // A server cuts longer names, and a prefix has 20 characters at the most: 38 digits are left at the least.
    private const int MostDigits = 40;

    private const int RuleDigits = 32;

    private const int CutDigits = 8;

    // No digits, so no rule's.
    private const string Everything = "all";

    private readonly string _prefix = prefix.ToLowerInvariant();

    /// <summary>What the names of all audiences begin with.</summary>
    public string AudiencePrefix => $"{_prefix}_aud_";

    /// <summary>What the names of all roles of one person begin with.</summary>
    public string PersonPrefix => $"{_prefix}_per_";

    /// <summary>What the names of all policies begin with.</summary>
    public string PolicyPrefix => $"{_prefix}_row_";

    /// <summary>The role whose comment keeps the count of applies.</summary>
    public string Epoch => $"{_prefix}_epoch";

    /// <summary>The role of an audience.</summary>
    public string Audience(AudienceId id) => AudiencePrefix + Cut(id.Value, AudiencePrefix);

    /// <summary>The role by which one person alone is subscribed.</summary>
    public string Person(string identity) => PersonPrefix + Cut(Digest(identity), PersonPrefix);

    /// <summary>The policy that permits everything on a table with row rules.</summary>
    public string BasePolicy => PolicyPrefix + Everything;

    /// <summary>The role that owns the views: what it may read, they show.</summary>
    public string ViewOwner => $"{_prefix}_views";

    /// <summary>The view that shows a table masked: by the same name in a schema beside the table's own.</summary>
    public ObjectPath View(ObjectPath table) => table.Parent!.Parent!.Child(ViewSchema(table.Parent!.Name)).Child(table.Name);

    /// <summary>The policy of a row rule: a digest of its predicate and of who is exempt from it.</summary>
    public string Policy(string predicate, AudienceId exempt) => PolicyPrefix + Digest($"{exempt.Value}\n{predicate}")[..RuleDigits];

    /// <summary>Whether a policy of ours is the one that permits everything.</summary>
    public static bool IsBase(string policy) => policy.EndsWith($"_{Everything}", StringComparison.Ordinal);

    /// <summary>Whether a policy's name is one that Sluice gives.</summary>
    public bool IsPolicy(string name) => name.StartsWith(PolicyPrefix, StringComparison.Ordinal);

    /// <summary>Whether a role's name is one that Sluice gives.</summary>
    public bool IsRole(string name) => name.StartsWith(AudiencePrefix, StringComparison.Ordinal) || IsPerson(name) || name == ViewOwner;

    /// <summary>Whether a role's name is one of those by which one person alone is subscribed.</summary>
    public bool IsPerson(string name) => name.StartsWith(PersonPrefix, StringComparison.Ordinal);

    private string ViewSchema(string schema)
    {
        var name = $"{_prefix}_{schema}";
        if (Encoding.UTF8.GetByteCount(name) <= Quote.MaxNameBytes) return name;
        var end = $"_{Digest(schema)[..CutDigits]}";
        var (length, bytes) = (0, end.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > Quote.MaxNameBytes) break;
            length += rune.Utf16SequenceLength;
        }

        return name[..length] + end;
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Cut(string digits, string prefix) => digits[..Math.Min(MostDigits, Quote.MaxNameBytes - prefix.Length)];
}
