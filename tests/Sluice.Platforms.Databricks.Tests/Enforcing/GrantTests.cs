using Sluice.Core.Access;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Tests.Fakes;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>What is granted on a workspace that answers in the documented forms (https://docs.databricks.com/api/uc-grants/v1).</summary>
public sealed class GrantTests : IAsyncLifetime
{
    private const string Table = "table/sales.orders.lines", Schema = "schema/sales.orders", Catalog = "catalog/sales";

    private static readonly AccessRule Sales = People.Rule("Sales");

    private FakeWorkspace _workspace = null!;
    private FakeGrants _grants = null!;
    private IPlatformSession _session = null!;

    public async ValueTask InitializeAsync()
    {
        _workspace = await FakeWorkspace.StartAsync();
        _workspace.Store.Add("sales", new FakeSchema("orders", new FakeTable("lines", new("id", "bigint"), new("email", "string")))).Owner = FakeWorkspace.Principal;
        _grants = new FakeGrants(_workspace, Table, Schema, Catalog).Grant(Catalog, FakeWorkspace.Principal, "MANAGE", "SELECT", "MODIFY", "USE_CATALOG", "USE_SCHEMA");
        _session = _workspace.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _workspace.DisposeAsync();
    }

    [Fact]
    public async Task All_changes_of_one_securable_are_one_request_and_the_next_plan_is_empty()
    {
        var intent = Intent([Person(Ann, "Sales"), Person(Bob, "Sales")], Object(Readable(Sales, Sales)));
        var plan = await PlanAsync(_session, intent);

        (await ApplyAsync(_session, intent, plan.Changes)).ShouldAllBe(static o => o.Error == null);

        _grants.Changes.Order(StringComparer.Ordinal).ShouldBe(
        [
            $$"""catalog/sales {"changes":[{"principal":"{{Ann}}","add":["USE_CATALOG"]},{"principal":"{{Bob}}","add":["USE_CATALOG"]}]}""",
            $$"""schema/sales.orders {"changes":[{"principal":"{{Ann}}","add":["USE_SCHEMA"]},{"principal":"{{Bob}}","add":["USE_SCHEMA"]}]}""",
            $$"""table/sales.orders.lines {"changes":[{"principal":"{{Ann}}","add":["MODIFY","SELECT"]},{"principal":"{{Bob}}","add":["MODIFY","SELECT"]}]}""",
        ]);
        (await PlanAsync(_session, intent.Having(plan.Changes))).Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_ours_goes_when_nobody_asks_for_it_wherever_it_is()
    {
        var intent = Intent([Person(Ann, "Sales")], Object(Readable(Sales)));
        var plan = await PlanAsync(_session, intent);
        await ApplyAsync(_session, intent, plan.Changes);

        var nothing = Intent([Person(Ann, "Sales")]).Having(plan.Changes);
        var last = await PlanAsync(_session, nothing, EnforcementMode.UpsertOnly);
        await ApplyAsync(_session, nothing, last.Changes);

        last.Changes.Select(static c => c.Verb).ShouldBe([ChangeVerb.Remove, ChangeVerb.Remove, ChangeVerb.Remove]);
        foreach (var securable in (string[])[Table, Schema, Catalog]) _grants.Of(securable).ShouldNotContain(g => g.StartsWith(Ann, StringComparison.Ordinal));
        (await ObserveAsync(_session, nothing)).Gone.ShouldBe(nothing.OwnGrants, ignoreOrder: true);
    }

    // Else its own grants would be taken away, or never be seen and be made anew by every plan.
    [Theory]
    [InlineData(FakeWorkspace.Principal)]
    [InlineData("AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE")]
    public async Task Whose_token_Sluice_has_may_be_registered_and_neither_gains_nor_loses_by_it(string identity)
    {
        string[] held = [.. _grants.Of(Catalog)];
        var intent = Intent([Person(identity, "Sales"), Person(Bob, "Sales")], Object(Readable(Sales)));
        var plan = await PlanAsync(_session, intent);
        (await ApplyAsync(_session, intent, plan.Changes)).ShouldAllBe(static o => o.Error == null);

        (await PlanAsync(_session, intent.Having(plan.Changes))).Changes.ShouldBeEmpty();
        plan.Shortfalls.ShouldHaveSingleItem().Reason.ShouldContain("is whom Sluice works as");
        _grants.Of(Table).ShouldBe([$"{Bob} SELECT"]);
        _grants.Of(Catalog).ShouldBe([.. held, $"{Bob} USE_CATALOG"], ignoreOrder: true);
        (await PlanAsync(_session, Intent([Person(identity)], Object(Readable(AccessRule.Nobody))))).Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_direct_grant_to_a_registered_person_goes_in_sync_and_is_kept()
    {
        _grants.Grant(Table, Ann, "SELECT", "APPLY_TAG").Grant(Table, "stranger@acme.example", "SELECT").Grant(Schema, Ann, "USE_SCHEMA");
        var intent = Intent([Person(Ann)], Object(Readable(AccessRule.Nobody)));

        var plan = await PlanAsync(_session, intent);
        await ApplyAsync(_session, intent, plan.Changes);

        var removed = plan.Changes.ShouldHaveSingleItem();
        removed.Key.ShouldBe(new FactKey(FactKind.Grant, Lines, Ann, "SELECT"));
        _grants.Of(Table).ShouldBe([$"{Ann} APPLY_TAG", "stranger@acme.example SELECT"]);
        _grants.Of(Schema).ShouldBe([$"{Ann} USE_SCHEMA"]);
        (await PlanAsync(_session, intent, EnforcementMode.UpsertOnly)).Changes.ShouldBeEmpty();

        await ApplyAsync(_session, intent, [Payload.Platform().PutBack(removed.Key, removed.Restore!, removed.MadeBy)]);
        _grants.Of(Table).ShouldContain($"{Ann} SELECT");
    }

    [Fact]
    public async Task The_case_of_an_address_means_nothing()
    {
        _grants.Grant(Table, "Ann@Acme.example", "SELECT").Grant(Schema, "Ann@Acme.example", "USE_SCHEMA").Grant(Catalog, "Ann@Acme.example", "USE_CATALOG");

        (await PlanAsync(_session, Intent([Person(Ann, "Sales")], Object(Readable(Sales))))).Changes.ShouldBeEmpty();
    }

    // Databricks lists an address in its own spelling.
    [Fact]
    public async Task What_was_granted_goes_in_whatever_spelling_it_is_listed_once_its_holder_is_registered_no_more()
    {
        _grants.Grant(Table, "Ann@Acme.example", "SELECT");
        var made = new FactKey(FactKind.Grant, Lines, Ann, "SELECT");
        var intent = Intent([Person(Bob)], Object(Readable(AccessRule.Nobody))) with { OwnGrants = new HashSet<FactKey> { made } };

        (await ObserveAsync(_session, intent)).Gone.ShouldBeEmpty();
        var change = (await PlanAsync(_session, intent)).Changes.ShouldHaveSingleItem();
        (change.Verb, change.Key, change.Restore).ShouldBe((ChangeVerb.Remove, made, null));
    }

    // It may have another name since, with its grants.
    [Fact]
    public async Task What_was_granted_on_a_table_that_is_away_stays_known_until_a_crawl_has_told()
    {
        var away = Lines.Parent!.Child("away");
        _workspace.On("GET", "/api/2.1/unity-catalog/permissions/table/sales.orders.away", static _ => new FakeWorkspace.Answer("""{"error_code":"TABLE_DOES_NOT_EXIST","message":"Table 'sales.orders.away' does not exist."}""", 404));
        var made = new FactKey(FactKind.Grant, away, Ann, "SELECT");
        var intent = Intent([Person(Ann, "Sales")], Object(Readable(Sales), away)) with { OwnGrants = new HashSet<FactKey> { made } };

        (await ObserveAsync(_session, intent)).Gone.ShouldBeEmpty();
        (await ObserveAsync(_session, intent with { Objects = [] })).Gone.ShouldBe([made], "nobody asks for it any more");
    }

    [Fact]
    public async Task What_lies_above_or_comes_through_a_group_is_a_residual_and_never_touched()
    {
        _grants.Grant(Schema, Ann, "SELECT").Grant(Catalog, "Everyone in sales", "ALL_PRIVILEGES").Grant(Catalog, "account users", "SELECT").Grant(Table, "Hidden", "SELECT");
        OnDirectory();
        var intent = Intent([Person(Ann), Person(Bob)], Object(Readable(AccessRule.Nobody)));

        var plan = await PlanAsync(_session, intent);

        plan.Changes.ShouldBeEmpty();
        plan.Residuals.Select(static r => $"{r.Identity}: {r.Path}").Order(StringComparer.Ordinal).ShouldBe(
        [
            ": everybody is in group account users, which has SELECT on catalog sales",
            ": group Hidden has SELECT on it; the workspace does not list its members",
            $"{Ann}: has SELECT on schema sales.orders",
            $"{Bob}: member of group Everyone in sales, which has ALL PRIVILEGES on catalog sales",
        ]);
        (await ObserveAsync(_session, intent)).UnregisteredReaders.Select(static r => r.Identity).Order(StringComparer.Ordinal).ShouldBe(["Everyone in sales", "Hidden", "account users"]);
    }

    [Fact]
    public async Task Who_may_read_by_a_policy_has_no_residual_but_who_may_write_besides_has()
    {
        _grants.Grant(Schema, Ann, "SELECT").Grant(Schema, Bob, "MODIFY");
        var intent = Intent([Person(Ann, "Sales"), Person(Bob, "Sales")], Object(Readable(Sales)));

        (await PlanAsync(_session, intent)).Residuals.ShouldHaveSingleItem().ShouldBe(new Residual(Lines, Bob, "has MODIFY on schema sales.orders"));
    }

    [Fact]
    public async Task Owners_are_residuals()
    {
        _workspace.On("GET", "/api/2.1/unity-catalog/tables", $$"""{"tables":[{"name":"lines","owner":"{{Ann}}"}]}""");
        _workspace.On("GET", "/api/2.1/unity-catalog/schemas/sales.orders", $$"""{"name":"orders","owner":"{{Bob}}"}""");
        _workspace.On("GET", "/api/2.1/unity-catalog/catalogs/sales", """{"name":"sales","owner":"stranger@acme.example"}""");
        var intent = Intent([Person(Ann), Person(Bob)], Object(Readable(AccessRule.Nobody)));

        var seen = await ObserveAsync(_session, intent);

        seen.Residuals.Select(static r => $"{r.Identity} {r.Path}").Order(StringComparer.Ordinal).ShouldBe([$"{Ann} owns table sales.orders.lines", $"{Bob} owns schema sales.orders"]);
        seen.UnregisteredReaders.ShouldHaveSingleItem().Identity.ShouldBe("stranger@acme.example");
    }

    [Fact]
    public async Task Members_that_a_principal_is_not_shown_are_unknown_and_told_so()
    {
        _grants.Grant(Table, "Everyone in sales", "SELECT");
        _workspace.On("GET", "/api/2.0/preview/scim/v2/Users", """{"totalResults":1,"startIndex":1,"itemsPerPage":1,"Resources":[{"id":"1","displayName":"Ann"}]}""");

        var plan = await PlanAsync(_session, Intent([Person(Ann)], Object(Readable(AccessRule.Nobody))));

        plan.Residuals.ShouldHaveSingleItem().Path.ShouldContain("no workspace admin");
    }

    [Fact]
    public async Task Where_not_all_people_are_listed_any_of_them_may_be_a_member()
    {
        _grants.Grant(Table, "Everyone in sales", "SELECT");
        OnDirectory();
        _workspace.On("GET", "/api/2.0/preview/scim/v2/Users", $$"""{"totalResults":2,"startIndex":1,"itemsPerPage":1,"Resources":[{"id":"1","userName":"{{Ann}}"}]}""");

        var plan = await PlanAsync(_session, Intent([Person(Ann), Person(Bob)], Object(Readable(AccessRule.Nobody))));

        plan.Residuals.ShouldHaveSingleItem().Path.ShouldContain("its members can't be told");
    }

    [Fact]
    public async Task What_cannot_be_read_is_a_conflict_and_nothing_is_granted_there()
    {
        _workspace.On("GET", "/api/2.1/unity-catalog/permissions/table/sales.orders.lines", """{"error_code":"PERMISSION_DENIED","message":"User does not have MANAGE on Table."}""", 403);
        var intent = Intent([Person(Ann, "Sales")], Object(Readable(Sales))) with { OwnGrants = new HashSet<FactKey> { new(FactKind.Grant, Lines, Ann, "SELECT") } };

        var plan = await PlanAsync(_session, intent);

        plan.Changes.ShouldNotContain(static c => c.Key.Object!.Depth == 3);
        plan.Shortfalls.ShouldHaveSingleItem().Reason.ShouldContain("MANAGE");
        (await ObserveAsync(_session, intent)).Gone.ShouldBeEmpty("nobody has seen that it is gone");
    }

    [Fact]
    public async Task One_principal_that_nobody_knows_keeps_no_other_from_its_grant()
    {
        var people = Enumerable.Range(0, 9).Select(i => $"p{i}@acme.example").ToArray();
        _grants.Unknown.Add(people[4]);
        var intent = Intent([.. people.Select(static p => Person(p, "Sales"))], Object(Readable(Sales)));
        var plan = await PlanAsync(_session, intent);

        var outcomes = await ApplyAsync(_session, intent, plan.Changes);

        outcomes.Count.ShouldBe(plan.Changes.Count);
        outcomes.Where(static o => o.Error is not null).Select(static o => o.Change.Key.Subject).Distinct().ShouldBe([people[4]]);
        _grants.Of(Table).Length.ShouldBe(8);
    }

    [Fact]
    public async Task A_throttled_request_is_tried_again()
    {
        var refusals = 2;
        _workspace.Before("PATCH", "/api/2.1/unity-catalog/permissions/table/sales.orders.lines", _ => refusals-- > 0
            ? new FakeWorkspace.Answer("""{"error_code":"REQUEST_LIMIT_EXCEEDED","message":"Too many requests"}""", 429, Headers: new() { ["Retry-After"] = "0" })
            : null);
        var intent = Intent([Person(Ann, "Sales")], Object(Readable(Sales)));

        (await ApplyAsync(_session, intent, (await PlanAsync(_session, intent)).Changes)).ShouldAllBe(static o => o.Error == null);
        _grants.Of(Table).ShouldBe([$"{Ann} SELECT"]);
    }

    private void OnDirectory()
    {
        const string scim = "/api/2.0/preview/scim/v2";
        _workspace.On("GET", $"{scim}/Users", $$"""{"totalResults":2,"startIndex":1,"itemsPerPage":2,"Resources":[{"id":"1","userName":"{{Ann}}"},{"id":"2","userName":"{{Bob}}"}]}""");
        _workspace.On("GET", $"{scim}/ServicePrincipals", """{"totalResults":0,"startIndex":1,"itemsPerPage":0}""");
        _workspace.On("GET", $"{scim}/Groups", """
            {"totalResults":2,"startIndex":1,"itemsPerPage":2,"Resources":[
              {"id":"10","displayName":"Everyone in sales","members":[{"value":"11","$ref":"Groups/11"}]},
              {"id":"11","displayName":"Sellers","members":[{"value":"2","display":"Bob"},{"value":"10"}]}]}
            """);
    }
}
