using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Platforms.PostgreSql.Sql;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>A row rule as a policy.</summary>
/// <param name="Name">The policy's.</param>
/// <param name="Using">What has to be true for a row.</param>
/// <param name="Rule">What it was made from.</param>
internal sealed record RowPolicy(string Name, string Using, RowRule Rule);

/// <summary>
/// The policies of a table with row rules. Permissive policies are ORed, each one would show more: so there is one that permits everything, and a
/// restrictive one per rule.
/// </summary>
internal static class RowRules
{
    /// <summary>The definition of the base.</summary>
    public const string BaseDefinition = "ENABLE ROW LEVEL SECURITY";

    /// <summary>The rules of an object that anybody is subject to.</summary>
    public static IReadOnlyList<RowPolicy> Of(AccessIntent intent, NativeNames names, IntendedObject item, ICollection<string> shortfalls)
    {
        if (!ObjectGrants.FiltersRows(item.Object.Kind)) return [];
        var policies = new SortedDictionary<string, RowPolicy>(StringComparer.Ordinal);
        foreach (var rule in item.Access.RowRules.Where(r => !r.Exempt.Equals(AccessRule.Everybody)))
        {
            var predicate = PredicatePrinter.Print(rule.Predicate, item.Object, out var problem);
            if (problem is not null)
                shortfalls.Add($"the row rule of {rule.PolicyKey} can't be put in PostgreSQL's terms ({problem}): nobody but the exempt sees a row");
            var name = names.Policy(predicate, rule.Exempt.Id);
            policies.TryAdd(name, new RowPolicy(name, Using(intent, predicate, rule.Exempt.Id), rule));
        }

        return [.. policies.Values];
    }

    /// <summary>Whether whoever is logged in is left alone by a rule from which this audience is exempt: never NULL.</summary>
    public static string Exempt(AccessIntent intent, AudienceId exempt)
    {
        var unregistered = intent.ProtectsUnregistered ? "" : "(NOT (SELECT sluice.registered())) OR ";
        return $"{unregistered}(SELECT sluice.exempt({Quote.Literal(exempt.Value)}))";
    }

    /// <summary>Makes the policy of a rule.</summary>
    public static string Create(string policy, string table, string condition) =>
        $"CREATE POLICY {Quote.Identifier(policy)} ON {table} AS RESTRICTIVE FOR SELECT TO PUBLIC USING ({condition})";

    /// <summary>Makes the policy that permits everything.</summary>
    public static string CreateBase(string policy, string table) =>
        $"CREATE POLICY {Quote.Identifier(policy)} ON {table} AS PERMISSIVE FOR ALL TO PUBLIC USING (true) WITH CHECK (true)";

    /// <summary>Removes a policy.</summary>
    public static string Drop(string policy, string table) => $"DROP POLICY IF EXISTS {Quote.Identifier(policy)} ON {table}";

    private static string Using(AccessIntent intent, string predicate, AudienceId exempt) => $"{Exempt(intent, exempt)} OR {predicate}";
}
