using System.Text.Json;
using Sluice.Core.Access;
using Sluice.Core.People;
using Sluice.Core.Policies;

namespace Sluice.Testing.OtherEngines;

/// <summary>Decisions as JSON, with what they were made from: the policies in the language of each engine, the people, the tables.</summary>
public static class DecisionExport
{
    private static readonly Dialect Cedar = new(
        static group => $"principal in Group::\"{group}\"",
        static (name, value) => $"principal[\"{name}\"].contains(\"{value}\")",
        static (kind, name) => $"resource in {kind}::\"{name}\"");

    // Its matcher knows roles of subjects (g) and of objects (g2), and reads members of what is asked.
    private static readonly Dialect Casbin = new(
        static group => $"g(r.sub.id, 'Group {group}')",
        static (name, value) => $"r.sub.values['{name} {value}'] == true",
        static (kind, name) => $"g2(r.obj.id, '{kind} {name}')");

    /// <summary>The text that decide.mjs reads.</summary>
    /// <param name="policies">Of the shared subset.</param>
    /// <param name="people">Which names are known.</param>
    /// <param name="decisions">A person, a table, and whether they may read it.</param>
    public static string Write(
        IReadOnlyList<SubscriptionPolicy> policies, PeopleSnapshot people, IReadOnlyCollection<(Person Person, GovernedObject Table, bool MayRead)> decisions) =>
        JsonSerializer.Serialize(new
        {
            cedar = string.Join("\n", CedarOf(policies)),
            casbin = CasbinOf(policies).Select(static r => new[] { r.Rule, r.Effect }),
            people = decisions.Select(static d => d.Person).DistinctBy(static p => p.Id).ToDictionary(static p => p.Id, p => new
            {
                groups = p.Groups.Order(StringComparer.Ordinal),
                attributes = people.KnownAttributes.ToDictionary(static n => n, n => p.Attributes.Where(a => a.Name == n).Select(static a => a.Value).Order(StringComparer.Ordinal)),
            }),
            tables = decisions.Select(static d => d.Table).DistinctBy(static t => t.Path).ToDictionary(static t => t.Path.ToString(), Above),
            decisions = decisions.Select(static d => new { person = d.Person.Id, table = d.Table.Path.ToString(), mayRead = d.MayRead }),
        });

    private static IEnumerable<string> CedarOf(IReadOnlyList<SubscriptionPolicy> policies)
    {
        var shared = Shared(policies);
        foreach (var policy in policies)
        {
            var (where, who) = (Cedar.Where(policy), Cedar.Who(policy.Advanced!));
            if (policy.Mode == SubscriptionMode.Shared) yield return $"permit (principal, action, resource) when {{ {where} && {who} }};";
            else yield return $"forbid (principal, action, resource) when {{ {where} }} unless {{ {who} }};";
            if (policy.Mode == SubscriptionMode.Required) yield return $"permit (principal, action, resource) when {{ {where} && !({Cedar.Anywhere(shared)}) }};";
        }
    }

    private static IEnumerable<(string Rule, string Effect)> CasbinOf(IReadOnlyList<SubscriptionPolicy> policies)
    {
        var shared = Shared(policies);
        foreach (var policy in policies)
        {
            var (where, who) = (Casbin.Where(policy), Casbin.Who(policy.Advanced!));
            if (policy.Mode == SubscriptionMode.Shared) yield return ($"{where} && {who}", "allow");
            else yield return ($"{where} && !({who})", "deny");
            if (policy.Mode == SubscriptionMode.Required) yield return ($"{where} && !({Casbin.Anywhere(shared)})", "allow");
        }
    }

    private static List<SubscriptionPolicy> Shared(IEnumerable<SubscriptionPolicy> policies) => [.. policies.Where(static p => p.Mode == SubscriptionMode.Shared)];

    // What a table is below: its folders, its tags and those of its columns, and the tags above these.
    private static IEnumerable<string[]> Above(GovernedObject table) =>
    [
        .. Enumerable.Range(1, table.Path.Names.Length).Select(n => new[] { "Folder", string.Join('/', table.Path.Names.Take(n)) }),
        .. table.Tags.SelectMany(AtAndAbove).Distinct(StringComparer.Ordinal).Select(static t => new[] { "Tag", t }),
        .. table.Columns.SelectMany(static c => c.Tags).SelectMany(AtAndAbove).Distinct(StringComparer.Ordinal).Select(static t => new[] { "ColumnTag", t }),
    ];

    private static IEnumerable<string> AtAndAbove(string tag)
    {
        var parts = tag.Split('.');
        return Enumerable.Range(1, parts.Length).Select(n => string.Join('.', parts.Take(n)));
    }
}
