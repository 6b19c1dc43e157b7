using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Core.Adopting;
using Sluice.Core.Catalog;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>Row policies of others. One that stands alone, is for everybody and compares a column with a value can be said in policies.</summary>
internal sealed partial class ForeignRules(ServerLogin login, string connectionKey, InstanceMark mark)
{
    // As RulesReader spells them: for everybody, to read or for all commands, without a check of its own.
    private static readonly string[] SayableForms = ["permissive * public NULL", "permissive r public NULL"];

    /// <summary>Reads those on these objects.</summary>
    public async Task<IReadOnlyList<ForeignRule>> ReadAsync(NativeNames names, IReadOnlyList<ObjectPath> objects, CancellationToken cancellationToken)
    {
        var (asked, rules) = (objects.ToHashSet(), new List<ForeignRule>());
        foreach (var name in objects.Where(o => o.Depth > 0).Select(o => o.Names[1]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            await using var database = await login.ConnectAsync(name, cancellationToken);
            var (tables, _, _) = await GrantReader.OfDatabaseAsync(database, new ObjectPath(connectionKey, name), [], cancellationToken);
            var policies = (await RulesReader.PoliciesAsync(database, cancellationToken)).ToLookup(p => p.Table);
            foreach (var table in tables.Where(t => asked.Contains(t.Path)).OrderBy(t => t.Path.ToString(), StringComparer.Ordinal)) rules.AddRange(Of(table, [.. policies[table.Oid]], names));
        }

        return rules;
    }

    private IEnumerable<ForeignRule> Of(GovernedTable table, IReadOnlyList<KeptPolicy> policies, NativeNames names)
    {
        var foreign = policies.Where(p => !(names.IsPolicy(p.Name) && mark.OwnerOf(p.Comment) == MarkOwner.ThisInstance)).OrderBy(p => p.Name, StringComparer.Ordinal).ToList();
        if (foreign.Count == 0 && policies.Count == 0 && table.FiltersRows)
            yield return new ForeignRule(table.Path, "row security", "on, without a policy", null, "nobody but the owner sees a row: a policy of Sluice's would show some");
        foreach (var policy in foreign)
        {
            var why = WhyNot(table, policy, foreign.Count);
            var predicate = why is null ? Equality(policy.Condition) : null;
            yield return new ForeignRule(
                table.Path, policy.Name, $"{policy.Form}: {policy.Condition}", predicate, why ?? "its condition is more than a column that equals a value: say it as a custom where clause by hand");
        }
    }

    private static string? WhyNot(GovernedTable table, KeptPolicy policy, int count) =>
        !table.FiltersRows ? "row security is off, so it filters nothing"
        : count > 1 ? "the table has several policies, which are joined in ways of their own"
        : !SayableForms.Contains(policy.Form, StringComparer.Ordinal) ? "it is restrictive, for some roles or commands alone, or checks what is written"
        : null;

    /// <summary>The equality that a condition is, as the server spells it; null when it is anything else.</summary>
    internal static Predicate? Equality(string condition)
    {
        if (Pattern().Match(condition) is not { Success: true } match) return null;
        var column = match.Groups["quoted"] is { Success: true } quoted ? quoted.Value.Replace("\"\"", "\"", StringComparison.Ordinal) : match.Groups["plain"].Value;
        Operand value = match.Groups["text"] is { Success: true } text
            ? new Operand.Text(text.Value.Replace("''", "'", StringComparison.Ordinal))
            : new Operand.Number(decimal.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture));
        return new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column(column), value);
    }

    // Of one column: by itself, or as the text that a shorter type of text is compared as.
    private const string Column = """(?:"(?<quoted>(?:[^"]|"")+)"|(?<plain>[a-z_][a-z0-9_]*))""";
    private const string Value = """(?:'(?<text>(?:[^'\\]|'')*)'::text|(?<number>-?[0-9]{1,18}))""";

    [GeneratedRegex($@"^\((?:{Column}|\({Column}\)::text) = {Value}\)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
