using System.Net;
using Sluice.Sandbox.Databricks.Identity;
using static Sluice.EndToEnd.Tests.ActivationTrials;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>What a dry run of an activation says of a table on Databricks, and that the activation then does just that.</summary>
public sealed class DatabricksActivationTrialTests
{
    private const string Table = "orders/loyalty";
    private const string Path = $"{GovernedUnity.Key}/{GovernedUnity.Catalog}/{Table}";
    private const string Ada = "ada@acme.example", Cat = "cat@acme.example", Dan = "dan@acme.example";
    private const string Stranger = SandboxCast.WorkspaceAdministrator;

    // Ada reads by a grant of her own, the analyst by a group, Cat by the catalog, Dan by the schema, and the stranger is nobody registered.
    private static readonly string[] Statements =
    [
        "CREATE TABLE sales.orders.loyalty (id BIGINT, email STRING, region STRING)",
        "INSERT INTO sales.orders.loyalty VALUES (1, 'a@example.org', 'EU')",
        .. ((string[])[Ada, Dan, Stranger, SandboxCast.Analysts]).Select(static p => $"GRANT USE CATALOG ON CATALOG sales TO `{p}`"),
        .. ((string[])[Ada, Stranger, SandboxCast.Analysts]).Select(static p => $"GRANT USE SCHEMA ON SCHEMA sales.orders TO `{p}`"),
        .. ((string[])[Ada, Stranger, SandboxCast.Analysts]).Select(static p => $"GRANT SELECT ON TABLE sales.orders.loyalty TO `{p}`"),
        $"GRANT USE CATALOG, USE SCHEMA, SELECT ON CATALOG sales TO `{Cat}`",
        $"GRANT USE SCHEMA, SELECT ON SCHEMA sales.orders TO `{Dan}`",
    ];

    private static readonly string[] Readers = [Ada, SandboxCast.Analyst, Cat, Dan, Stranger];

    private static readonly string Masking = $$$"""
        policyKey: addresses
        name: Addresses are for a few
        type: data
        circumstances: [{type: objectPath, path: [{{{GovernedUnity.Key}}}, {{{GovernedUnity.Catalog}}}, orders, loyalty]}]
        actions:
          - rules:
              - type: Masking
                config: {fields: [{type: columnRegex, regex: "^email$"}], maskingConfig: {type: Constant, constant: "***"}}
                exceptions: {operator: any, groups: [Privacy]}
        """;

    [Fact]
    public async Task Whose_access_the_missing_policy_would_revoke_is_told_before_anything_is_revoked()
    {
        await using var unity = await StartAsync();
        using var api = unity.Server.Api();
        var before = await TracesAsync(unity, api);

        var trial = await TryAsync(api, Path, isActive: true);

        (trial["activated"]!.GetValue<int>(), trial["deactivated"]!.GetValue<int>(), trial["dryRun"]!.GetValue<bool>()).ShouldBe((1, 0, true));
        var plan = trial["plan"]!;
        var removed = plan["changes"]!.AsArray().Where(static c => c!["verb"]!.GetValue<string>() == "remove").ShouldHaveSingleItem()!;
        (removed["kind"]!.GetValue<string>(), removed["subject"]!.GetValue<string>(), removed["detail"]!.GetValue<string>()).ShouldBe(("grant", Ada, "SELECT"));
        string.Join('/', removed["objectPath"]!.AsArray().Select(static n => n!.GetValue<string>())).ShouldBe($"unity/sales/{Table}");
        removed["people"]!.AsArray().ShouldHaveSingleItem()!["username"]!.GetValue<string>().ShouldBe(Ada);
        removed["restore"].ShouldNotBeNull();
        plan["impact"]!["lost"]!.GetValue<int>().ShouldBe(1);
        var residuals = plan["residuals"]!.AsArray().Select(static r => (Identity: r!["identity"]!.GetValue<string>(), Path: r["path"]!.GetValue<string>(), People: r["people"]?.ToJsonString() ?? "")).ToList();
        residuals.Count.ShouldBe(plan["residualCount"]!.GetValue<int>());
        // Who is in a group is not shown to a principal that is no workspace admin: the group is told.
        residuals.ShouldContain(static r => r.Path.Contains($"group {SandboxCast.Analysts} has SELECT", StringComparison.Ordinal));
        residuals.ShouldContain(static r => r.Identity == Cat && r.Path.Contains("catalog sales", StringComparison.Ordinal) && r.People.Contains(Cat, StringComparison.Ordinal));
        residuals.ShouldContain(static r => r.Identity == Dan && r.Path.Contains("schema sales.orders", StringComparison.Ordinal) && r.People.Contains(Dan, StringComparison.Ordinal));
        residuals.ShouldNotContain(static r => r.Identity == Ada || r.Identity == Stranger);
        plan["unregisteredReaders"]!.AsArray().ShouldContain(static r => r!["identity"]!.GetValue<string>() == Stranger);
        plan["changes"]!.AsArray().ShouldContain(static c => c!["kind"]!.GetValue<string>() == "mask");

        // Nothing of it was done, and nothing of it is left.
        (await TracesAsync(unity, api)).ShouldBe(before);
        foreach (var reader in Readers) (await unity.MayReadAsync(reader, Table)).ShouldBeTrue(reader);

        // Printed as a plan is.
        var (code, output, error) = await RunAsync(unity, "activate", Path, "--dry-run");
        code.ShouldBe(2, error);
        output.ShouldContain($"- grant {Ada} SELECT ({Ada})");
        foreach (var reader in (string[])[Cat, Dan, Stranger, $"group {SandboxCast.Analysts} has SELECT"]) output.ShouldContain(reader);
        (await TracesAsync(unity, api)).ShouldBe(before);

        // And then it is done, and nothing else is.
        (code, output, error) = await RunAsync(unity, "activate", Path);
        (code, output.Trim()).ShouldBe((0, "1 tables and views became active, 0 inactive."), error);
        await ReconciledAsync(api, GovernedUnity.Key);
        ChangesOf(plan).ShouldBe(ChangesOf(await LastAppliedAsync(api, GovernedUnity.Key)));
        (await api.GetAsync($"/api/v1/removed-grants?connection={GovernedUnity.Key}")).Json["hits"]!.AsArray().ShouldHaveSingleItem()!["grantee"]!.GetValue<string>().ShouldBe(Ada);
        (await unity.MayReadAsync(Ada, Table)).ShouldBeFalse();
        foreach (var reader in Readers.Skip(1)) (await unity.MayReadAsync(reader, Table)).ShouldBeTrue(reader);
        (await unity.ReadAsync(Stranger, $"SELECT email FROM {GovernedUnity.Named(Table)}")).ShouldNotBeNull().ShouldHaveSingleItem()[0].ShouldBe("***");

        // The way back likewise.
        await IdleAsync(api, GovernedUnity.Key);
        var back = await TryAsync(api, Path, isActive: false);
        (back["activated"]!.GetValue<int>(), back["deactivated"]!.GetValue<int>(), back["removedGrants"]!["count"]!.GetValue<int>()).ShouldBe((0, 1, 1));
        (await unity.ReadAsync(Stranger, $"SELECT email FROM {GovernedUnity.Named(Table)}")).ShouldNotBeNull().ShouldHaveSingleItem()[0].ShouldBe("***");
        (code, output, error) = await RunAsync(unity, "deactivate", Path);
        code.ShouldBe(0, error);
        output.ShouldContain("0 tables and views became active, 1 inactive.");
        output.ShouldContain("1 grants of others that Sluice took away can be put back");
        await ReconciledAsync(api, GovernedUnity.Key);
        ChangesOf(back["plan"]!).ShouldBe(ChangesOf(await LastAppliedAsync(api, GovernedUnity.Key)));
    }

    [Fact]
    public async Task In_observe_and_where_residuals_are_refused_the_same_is_told()
    {
        await using var unity = await StartAsync();
        using var api = unity.Server.Api();
        var plan = (await TryAsync(api, Path, isActive: true))["plan"]!;
        await SucceedAsync(api.PutAsync($"/data/connection/{GovernedUnity.Key}", """{"settings": {"mode": "observe", "onResidual": "refuse"}}"""));

        var observed = await TryAsync(api, Path, isActive: true);

        ChangesOf(observed["plan"]!).ShouldBe(ChangesOf(plan));
        observed["plan"]!["mode"]!.GetValue<string>().ShouldBe("observe");
        observed["plan"]!["residuals"]!.ToJsonString().ShouldBe(plan["residuals"]!.ToJsonString());
        var refused = observed["refused"]!.GetValue<string>();
        refused.ShouldContain($"{plan["residualCount"]} ways would stay open");
        var change = await api.PutAsync($"/data/settings/{Path}", """{"isActive": true}""");
        change.Status.ShouldBe(HttpStatusCode.Conflict, change.Text);
        change.Json["detail"]!.GetValue<string>().ShouldContain($"{plan["residualCount"]} ways would stay open");
    }

    // The one group that is allowed goes from the larger audience to the other, whose table is another; there it stays, for who has a group counts as twice as large.
    [Fact]
    public async Task What_the_change_brings_about_on_other_tables_is_told_too()
    {
        const string orders = "orders/orders", customers = "customers/customers";
        await using var unity = await GovernedUnity.StartAsync(new Dictionary<string, string[]> { ["Analysts"] = [Ada, "ben@acme.example", Cat, Dan], ["Clerks"] = [Ada, Cat] });
        using var api = unity.Server.Api();
        unity.Sandbox.SetPrincipal(new SandboxPrincipal { Name = unity.Sandbox.ClientId, Kind = SandboxPrincipalKind.ServicePrincipal, IsAccountAdmin = true });
        await SucceedAsync(api.PutAsync($"/data/connection/{GovernedUnity.Key}", """{"settings": {"groupBudget": 1}}"""));
        await GovernedUnity.PutAsync(api, GovernedUnity.Reading("Analysts", [orders]) + "\n---\n" + GovernedUnity.Reading("Clerks", [customers]));

        var away = await ChangeAsTriedAsync(api, GovernedUnity.Key, $"{GovernedUnity.Key}/{GovernedUnity.Catalog}/{orders}", isActive: false);
        var back = await ChangeAsTriedAsync(api, GovernedUnity.Key, $"{GovernedUnity.Key}/{GovernedUnity.Catalog}/{orders}", isActive: true);

        ChangesOf(away["plan"]!).ShouldContain(static c => c.Contains("\"customers\",\"customers\"", StringComparison.Ordinal));
        ChangesOf(back["plan"]!).ShouldNotContain(static c => c.Contains("\"customers\",\"customers\"", StringComparison.Ordinal));
        (await unity.MayReadAsync("ben@acme.example", orders)).ShouldBeTrue();
    }

    private static async Task<GovernedUnity> StartAsync()
    {
        var unity = await GovernedUnity.StartAsync(new Dictionary<string, string[]> { ["Privacy"] = ["ben@acme.example"] }, active: "people", statements: Statements);
        using var api = unity.Server.Api();
        await unity.PeopleAsync(api, [SandboxCast.Analyst]);
        await GovernedUnity.PutAsync(api, Masking);
        await ReconciledAsync(api, GovernedUnity.Key);
        await IdleAsync(api, GovernedUnity.Key);
        return unity;
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(GovernedUnity unity, params string[] arguments) =>
        SluiceCommand.RunAsync([.. arguments, "--server", unity.Server.Url, "--key-file", System.IO.Path.Combine(unity.Server.Directory, "admin.key")]);

    // Everything that a change would leave something in.
    private static async Task<string> TracesAsync(GovernedUnity unity, Api api)
    {
        var found = (await api.GetAsync($"/data/object/{Path}")).Json;
        var counts = new List<string>();
        foreach (var list in (string[])["/api/v1/audit?size=1", $"/api/v1/plans?connectionKey={GovernedUnity.Key}&size=1", $"/api/v1/removed-grants?connection={GovernedUnity.Key}"])
            counts.Add((await api.GetAsync(list)).Json["count"]!.ToJsonString());
        // A reconcile or an audit the server begins by its own clock.
        var jobs = (await api.GetAsync($"/jobs/search?connectionKey={GovernedUnity.Key}&size=1000")).Json["jobs"]!.AsArray().Count(static j => j!["jobType"]!.GetValue<string>() is not ("reconcile" or "queryAudit"));
        return $"{found["state"]} {found["settings"]!.ToJsonString()} {string.Join(' ', counts)} {jobs} {string.Join(", ", await unity.GrantsAsync(Table))}";
    }
}
