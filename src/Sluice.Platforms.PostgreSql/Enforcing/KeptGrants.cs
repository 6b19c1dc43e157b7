using Sluice.Core.Catalog;
using Sluice.Core.Planning;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>A grant as it was before it was taken away.</summary>
/// <param name="Grantor">Who granted it.</param>
/// <param name="IsGrantable">Whether the grantee could grant it in turn.</param>
internal sealed record KeptGrant(string Grantor, bool IsGrantable);

/// <summary>
/// The grants that were one fact, as statements that a person can run: one line for each grantor. Read again they are values: what is run is made anew from
/// them, and no kept text is.
/// </summary>
internal static class KeptGrants
{
    private const string ActAs = "SET LOCAL ROLE ";

    /// <summary>The definition of a grant that can be passed on.</summary>
    public const string GrantableDefinition = "WITH GRANT OPTION";

    /// <summary>The lines, by grantor.</summary>
    public static string Write(ObjectPath path, Privilege privilege, string grantee, IEnumerable<KeptGrant> grants) => string.Join(
        '\n',
        grants.OrderBy(g => g.Grantor, StringComparer.Ordinal)
            .Select(g => $"{Statements.ActAs(g.Grantor)}; {Statements.Grant(path, [privilege], grantee, g.IsGrantable)}; {Statements.ResetActing};"));

    /// <summary>The grants of the lines.</summary>
    /// <exception cref="FormatException">They are no such lines.</exception>
    public static IReadOnlyList<KeptGrant> Read(FactKey key, string lines)
    {
        var privilege = Privilege.Parse(key.Detail);
        var kept = new List<KeptGrant>();
        for (var left = lines; left.Length > 0;)
        {
            var grantor = ReadGrantor(left, lines);
            var grant = new[] { false, true }.Select(isGrantable => new KeptGrant(grantor, isGrantable))
                .FirstOrDefault(g => StartsWithLine(left, Write(key.Object!, privilege, key.Subject, [g]))) ?? throw Unreadable(lines);
            kept.Add(grant);
            left = left[Write(key.Object!, privilege, key.Subject, [grant]).Length..].TrimStart('\n');
        }

        return kept.Count == 0 ? throw Unreadable(lines) : kept;
    }

    // A name may hold a line end, so lines are not split but read one after the other.
    private static bool StartsWithLine(string text, string line) => text.StartsWith(line, StringComparison.Ordinal) && (text.Length == line.Length || text[line.Length] == '\n');

    private static string ReadGrantor(string left, string all)
    {
        if (!left.StartsWith(ActAs + '"', StringComparison.Ordinal)) throw Unreadable(all);
        var at = ActAs.Length + 1;
        while (true)
        {
            var quote = left.IndexOf('"', at);
            if (quote < 0) throw Unreadable(all);
            if (quote + 1 == left.Length || left[quote + 1] != '"') return left[(ActAs.Length + 1)..quote].Replace("\"\"", "\"", StringComparison.Ordinal);
            at = quote + 2;
        }
    }

    private static FormatException Unreadable(string lines) => new($"What was kept of the grant is not what was written: {lines}");
}
