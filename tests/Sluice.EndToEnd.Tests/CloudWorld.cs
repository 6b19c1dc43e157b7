using System.Text.Json.Nodes;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>
/// What policies ask for on the tables of a stand-in: who is in which group, whose the tables are, whether and how addresses are masked, whether and by what rule rows
/// are hidden, and what is known of people.
/// </summary>
internal sealed record CloudWorld
{
    public const string Analysts = "Analysts", Finance = "Finance", Privacy = "Privacy", Auditors = "Auditors";
    public const string Regions = "@attributeValuesContains('Region', {0})", OfEurope = "@columnReference('{0}') = 'EU'";

    public static readonly string[] People = ["ada", "ben", "cat"];
    public static readonly string[] Tables = ["kept_0", "kept_1", "kept_2", "kept_3"];

    /// <summary>The rows of every table: id, region, email.</summary>
    public static readonly string[][] Rows = [["1", "EU", "a@x.example"], ["2", "US", "b@x.example"], ["3", "EU", "c@x.example"], ["4", "APAC", "d@x.example"]];

    private static readonly string[] Groups = [Analysts, Finance, Privacy, Auditors];
    private static readonly string?[] Masks = [null, "Null", "***", "---"];
    private static readonly string?[] RowRules = [null, Regions, OfEurope];

    public IReadOnlyDictionary<string, string[]> Members { get; private init; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [Analysts] = ["ada", "ben"], [Finance] = ["ben", "cat"], [Privacy] = ["ben"], [Auditors] = ["cat"],
    };

    public IReadOnlyDictionary<string, string> RegionOf { get; private init; } = People.ToDictionary(static p => p, static _ => "EU", StringComparer.Ordinal);

    /// <summary>The tables that Finance reads; the others are Analysts'.</summary>
    public IReadOnlyList<string> OfFinance { get; private init; } = Tables[..1];

    /// <summary>What addresses are replaced with, for everybody but Privacy; null: nothing.</summary>
    public string? Mask { get; init; }

    /// <summary>What a masked address looks like.</summary>
    public string? MaskedAddress => Mask == "Null" ? null : Mask;

    /// <summary>Which rows are seen, by everybody but Auditors; null: all.</summary>
    public string? RowRule { get; init; }

    /// <summary>Nobody and nothing is protected.</summary>
    public static CloudWorld Open { get; } = new();

    /// <summary>Protections come, Ada goes, and Cat comes.</summary>
    public static CloudWorld Covered { get; } = (Open with { Mask = "***", RowRule = Regions }).With(Analysts, "ben", "cat").WithRegion("cat", "US");

    /// <summary>One mask and one row rule in place of another, while others are exempt and tables go from one group to another.</summary>
    public static CloudWorld Exchanged { get; } = (Covered with { Mask = "Null", RowRule = OfEurope }).With(Privacy, "cat").With(Auditors, "ben").WithFinance(Tables[..3]);

    /// <summary>Another world, in one to four respects.</summary>
    public CloudWorld Changed(Random random)
    {
        var changed = this;
        for (var changes = random.Next(1, 5); changes > 0; changes--) changed = changed.ChangedOnce(random);
        return changed;
    }

    public CloudWorld With(string group, params string[] members) => this with { Members = new Dictionary<string, string[]>(Members, StringComparer.Ordinal) { [group] = members } };

    public CloudWorld WithRegion(string person, string region) => this with { RegionOf = new Dictionary<string, string>(RegionOf, StringComparer.Ordinal) { [person] = region } };

    public CloudWorld WithFinance(params string[] tables) => this with { OfFinance = tables };

    /// <summary>The group whose table it is.</summary>
    public string OwnerOf(string table) => OfFinance.Contains(table) ? Finance : Analysts;

    /// <summary>What a person reads of a table, by id; null where it is refused.</summary>
    public IReadOnlyDictionary<string, string?>? Allows(string person, string table)
    {
        if (!Members[OwnerOf(table)].Contains(person)) return null;
        var isExempt = Members[Privacy].Contains(person);
        return Rows.Where(r => Shows(person, r[1])).ToDictionary(static r => r[0], r => Mask is null || isExempt ? r[2] : MaskedAddress, StringComparer.Ordinal);
    }

    /// <summary>Has the server's policies and people become so: all of it is one plan, for while it is put together nothing is written.</summary>
    public async Task PutAsync(IGovernedCloud cloud, Api api, CloudWorld? before, Action begun)
    {
        await ModeAsync(cloud, api, "observe");
        foreach (var (group, members) in Members)
        {
            if (before is not null && before.Members[group].SequenceEqual(members)) continue;
            var names = new JsonArray([.. members.Select(m => JsonValue.Create(cloud.Username(m)))]);
            await SucceedAsync(api.PutAsync($"/api/v1/groups/{group}/members", new JsonObject { ["users"] = names, ["groups"] = new JsonArray() }.ToJsonString()));
        }

        foreach (var (person, region) in RegionOf)
        {
            if (before is not null && before.RegionOf[person] == region) continue;
            await SucceedAsync(api.PutAsync($"/api/v1/users/{Uri.EscapeDataString(cloud.Username(person))}/attributes", $$"""{"attributes": [{"name": "Region", "value": "{{region}}"}]}"""));
        }

        await SucceedAsync(api.SendAsync(HttpMethod.Post, "/api/v2/policy", Policies(cloud), "application/yaml"));
        begun();
        await ModeAsync(cloud, api, "sync");
    }

    public override string ToString() =>
        $"{string.Join(", ", Members.Select(static g => $"{g.Key} = [{string.Join(", ", g.Value)}]"))}; {string.Join(", ", RegionOf.Select(static r => $"{r.Key} of {r.Value}"))}; "
        + $"Finance reads [{string.Join(", ", OfFinance)}]; mask: {Mask ?? "none"}; rows: {RowRule ?? "all"}";

    private bool Shows(string person, string region) =>
        RowRule is null || Members[Auditors].Contains(person) || (RowRule == OfEurope ? region == "EU" : region == RegionOf[person]);

    private CloudWorld ChangedOnce(Random random) => random.Next(6) switch
    {
        0 => WithFinance(Tables[..random.Next(1, Tables.Length)]),
        1 => this with { Mask = Masks[random.Next(Masks.Length)] },
        2 => this with { RowRule = RowRules[random.Next(RowRules.Length)] },
        3 => WithRegion(People[random.Next(People.Length)], Rows[random.Next(1, Rows.Length)][1]),
        _ => Toggled(Groups[random.Next(Groups.Length)], People[random.Next(People.Length)]),
    };

    private CloudWorld Toggled(string group, string person) =>
        With(group, [.. People.Where(p => Members[group].Contains(p) != (p == person))]);

    private static Task ModeAsync(IGovernedCloud cloud, Api api, string mode) =>
        SucceedAsync(api.PutAsync($"/data/connection/{cloud.Key}", $$$"""{"settings": {"mode": "{{{mode}}}"}}"""));

    private string Policies(IGovernedCloud cloud) => string.Join(
        "\n---\n",
        Reading(cloud, Analysts, Tables.Except(OfFinance)),
        Reading(cloud, Finance, OfFinance),
        Hiding(cloud, "mask", Mask is null, Privacy, $$"""type: Masking, config: {fields: [{type: columnRegex, regex: "^{{cloud.Column("email")}}$"}], maskingConfig: { {{MaskingConfig}} } }"""),
        Hiding(cloud, "rows", RowRule is null, Auditors, $$"""type: Row Restriction by Custom Where Clause, config: {predicate: "{{PredicateOn(cloud.Column("region"))}}"}"""));

    private string MaskingConfig => Mask is null or "Null" ? "type: \"Null\"" : $"type: Constant, constant: \"{Mask}\"";

    private string PredicateOn(string column) => (RowRule ?? OfEurope).Replace("{0}", column, StringComparison.Ordinal);

    private static string Reading(IGovernedCloud cloud, string group, IEnumerable<string> tables) => $$$"""
        policyKey: {{{group.ToLowerInvariant()}}}
        name: {{{group}}} and tables of theirs
        type: subscription
        circumstanceOperator: any
        circumstances: [{{{On(cloud, tables)}}}]
        actions: {type: entitlements, accessGrant: READ, entitlements: {operator: all, groups: [{{{group}}}]}}
        """;

    private static string Hiding(IGovernedCloud cloud, string key, bool isStaged, string exempt, string rule) => $$$"""
        policyKey: {{{key}}}
        name: {{{key}}} but for {{{exempt}}}
        type: data
        staged: {{{(isStaged ? "true" : "false")}}}
        circumstanceOperator: any
        circumstances: [{{{On(cloud, Tables)}}}]
        actions:
          - rules: [{ {{{rule}}}, exceptions: {operator: any, groups: [{{{exempt}}}]} }]
        """;

    private static string On(IGovernedCloud cloud, IEnumerable<string> tables) =>
        string.Join(", ", tables.Select(t => $"{{type: objectPath, path: [{cloud.Schema}, {cloud.Table(t)}]}}"));
}
