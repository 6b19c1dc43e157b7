using Sluice.Core.Access;
using Sluice.Core.Planning;

namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>
/// What is asked for on an object as Lake Formation can do it: neither values nor rows can be changed with the documented permissions, so who isn't exempt
/// from a mask does not get the column, and who isn't exempt from a row rule gets nothing of the table: not to write it either, for a statement that changes what has
/// some value tells what rows there are. Made once for all objects that are treated alike.
/// </summary>
internal sealed class AccessShape
{
    private readonly IReadOnlyList<(string Column, HashSet<string> Exempt)> _exempt;
    private readonly HashSet<string>? _seesEveryRow;
    private readonly int _columns;
    private readonly Dictionary<string, string?> _details = new(StringComparer.Ordinal);

    public AccessShape(AccessIntent intent, ObjectAccess access, int columns)
    {
        _columns = columns;
        AccessRule[] seesEveryRow = [.. access.RowRules.Select(r => r.Exempt)];
        Read = AccessRule.All([access.Read, .. seesEveryRow]);
        Write = AccessRule.All([access.Write, .. seesEveryRow]);
        Masked =
        [
            .. access.Masks.GroupBy(m => m.Column.ToLowerInvariant(), StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new MaskedColumn(g.Key, AccessRule.All(g.Select(m => m.Exempt)))),
        ];
        _exempt = [.. Masked.Select(m => (m.Column, intent.MembersOf(m.Exempt).ToHashSet(StringComparer.Ordinal)))];
        if (access.RowRules.Count > 0) _seesEveryRow = intent.MembersOf(AccessRule.All(seesEveryRow)).ToHashSet(StringComparer.Ordinal);
        Readers = [.. intent.MembersOf(Read).Where(PrincipalKind.IsSingle)];
        Writers = [.. intent.MembersOf(Write).Where(PrincipalKind.IsSingle)];
        Shortfalls = [.. ReasonsOf(access)];
        ColumnAudiences =
        [
            .. Masked.Select(m => (m.Column, Audience: m.Exempt.Equals(AccessRule.Nobody) ? null : AccessRule.All(Read, m.Exempt)))
                .Where(c => c.Audience?.Equals(Read) != true),
        ];
    }

    /// <summary>Who reads, narrowed to those who are exempt from every row rule.</summary>
    public AccessRule Read { get; }

    /// <summary>Who writes, narrowed likewise.</summary>
    public AccessRule Write { get; }

    /// <summary>The columns with masks, sorted by name.</summary>
    public IReadOnlyList<MaskedColumn> Masked { get; }

    /// <summary>The principals of <see cref="Read"/>.</summary>
    public IReadOnlyList<string> Readers { get; }

    /// <summary>The principals of <see cref="Write"/>.</summary>
    public IReadOnlyList<string> Writers { get; }

    /// <summary>What can't be enforced as asked.</summary>
    public IReadOnlyList<string> Shortfalls { get; }

    /// <summary>The columns that other people get than the table, each with its audience; null where nobody is exempt.</summary>
    public IReadOnlyList<(string Column, AccessRule? Audience)> ColumnAudiences { get; }

    /// <summary>Whether no row rule is in a principal's way.</summary>
    public bool SeesEveryRow(string principal) => _seesEveryRow?.Contains(principal) != false;

    /// <summary>The SELECT of a principal who may read: without the columns it isn't exempt from. Null when a row rule or the masks leave it nothing.</summary>
    public string? SelectOf(string principal)
    {
        if (!SeesEveryRow(principal)) return null;
        if (_details.TryGetValue(principal, out var known)) return known;
        string[] excluded = [.. _exempt.Where(c => !c.Exempt.Contains(principal)).Select(c => c.Column)];
        return _details[principal] = _columns > 0 && excluded.Length >= _columns ? null : Privilege.SelectExcept(excluded).ToString();
    }

    private IEnumerable<string> ReasonsOf(ObjectAccess access)
    {
        if (access.RowRules.Count > 0)
        {
            yield return $"cannot enforce the row rules of {Keys(access.RowRules.Select(r => r.PolicyKey))}: Lake Formation filters no rows with the permissions Sluice has; "
                + "only those who are exempt from every row rule are granted the table, to read or to write";
        }

        if (access.Masks.Count == 0) yield break;
        yield return $"cannot enforce the masks of {Keys(access.Masks.Select(m => m.PolicyKey))} as values: "
            + $"who isn't exempt is not granted {(Masked.Count == 1 ? "the column" : "the columns")} {string.Join(", ", Masked.Select(m => m.Column))}"
            + (access.Masks.Any(m => m.Condition is not null) ? ", in no row, whatever the condition" : "");
        if (Masked.Count >= _columns) yield return "cannot enforce: every column is masked, so who isn't exempt from a mask is not granted the table";
    }

    private static string Keys(IEnumerable<string> keys) => string.Join(", ", keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}

/// <summary>A column that not every reader gets.</summary>
/// <param name="Column">Its name in lower case.</param>
/// <param name="Exempt">Who gets it.</param>
internal sealed record MaskedColumn(string Column, AccessRule Exempt);
