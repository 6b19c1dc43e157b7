using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Engine.Catalog;
using Sluice.Server.Tests.Fakes;

namespace Sluice.Server.Tests.Data;

public sealed class ObjectTests
{
    /// <summary>Raw targets and the names they stand for, each sent exactly as written.</summary>
    public static TheoryData<string, string[]> Targets => new()
    {
        { "lake/sales", ["lake", "sales"] },
        { "lake/a%2Fb", ["lake", "a/b"] },
        { "lake/a%252Fb", ["lake", "a%2Fb"] },
        { "lake/%2E%2E/x", ["lake", "..", "x"] },
        { "lake/../x", ["lake", "..", "x"] },
        { "lake/./x", ["lake", ".", "x"] },
        { "lake/%2e/%2E%2E/x", ["lake", ".", "..", "x"] },
        { "lake/../../../jobs", [] },
        { "lake/%27q%27/%22d%22", ["lake", "'q'", "\"d\""] },
        { "lake/%F0%9F%98%80", ["lake", "😀"] },
        { "my%20lake/a+b", ["my lake", "a+b"] },
        { "lake/a%5Cb", ["lake", "a\\b"] },
        { "lake/%3Fq%23f", ["lake", "?q#f"] },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task A_name_in_the_url_is_decoded_exactly_once(string target, string[] names)
    {
        await using var server = await RunningServer.StartAsync();

        var answer = await RawHttp.SendAsync(server.Url, "GET", "/data/object/" + target, server.AdminKey);

        if (names.Length == 0)
        {
            answer.Status.ShouldBe(400);
            server.Room.Catalog.Paths.ShouldBeEmpty();
            return;
        }

        answer.Status.ShouldBe(200, answer.Body);
        server.Room.Catalog.Paths.Single()!.Names.ShouldBe(names);
        answer.Json["objectPath"]!.AsArray().Select(n => n!.GetValue<string>()).ShouldBe(names);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task The_same_object_is_reached_by_its_path_in_the_query(string target, string[] names)
    {
        if (names.Length == 0) names = [target];
        await using var server = await RunningServer.StartAsync();
        var path = Uri.EscapeDataString(JsonSerializer.Serialize(names));

        using var answer = await server.SendAsync("GET", "/data/object?objectPath=" + path);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Room.Catalog.Paths.Single()!.Names.ShouldBe(names);
    }

    [Fact]
    public async Task Every_path_goes_out_and_comes_back_through_its_own_url()
    {
        await using var server = await RunningServer.StartAsync();
        var path = new ObjectPath("lake", "..", "a/b%2F\"'😀", ".");

        var answer = await RawHttp.SendAsync(server.Url, "GET", "/data/object/" + path.ToUrl(), server.AdminKey);

        answer.Status.ShouldBe(200);
        server.Room.Catalog.Paths.Single().ShouldBe(path);
    }

    [Fact]
    public async Task The_absolute_form_of_a_target_is_read_too()
    {
        await using var server = await RunningServer.StartAsync();

        var answer = await RawHttp.SendAsync(server.Url, "GET", $"{server.Server.Urls[0]}/data/object/lake/%2E%2E?objectPath", server.AdminKey);
        var plain = await RawHttp.SendAsync(server.Url, "GET", $"{server.Server.Urls[0]}/data/object/lake/%2E%2E", server.AdminKey);

        answer.Status.ShouldBe(400);
        plain.Status.ShouldBe(200);
        server.Room.Catalog.Paths.Single()!.Names.ShouldBe(["lake", ".."]);
    }

    [Theory]
    [InlineData("/x/../data/object/lake")]
    [InlineData("/data/%6Fbject/lake")]
    [InlineData("/./data/object/lake")]
    [InlineData("/data/settings2/../object/lake")]
    public async Task A_target_that_only_leads_to_an_object_once_folded_is_refused(string target)
    {
        await using var server = await RunningServer.StartAsync();

        var answer = await RawHttp.SendAsync(server.Url, "GET", target, server.AdminKey);

        answer.Status.ShouldBe(400);
        answer.Json["code"]!.GetValue<string>().ShouldBe("SLU0003");
        server.Room.Catalog.Paths.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/data/object/lake/%FF", "SLU0003")]
    [InlineData("/data/object/lake/%zz", "SLU0003")]
    [InlineData("/data/object/lake/%", "SLU0003")]
    [InlineData("/data/object/lake/", "SLU0003")]
    [InlineData("/data/object/lake//x", "SLU0003")]
    [InlineData("/data/object/a/b/c/d/e", "SLU0003")]
    [InlineData("/data/object", "SLU0001")]
    [InlineData("/data/object/", "SLU0001")]
    [InlineData("/data/object?objectPath=lake", "SLU0001")]
    [InlineData("/data/object?objectPath=[]", "SLU0001")]
    [InlineData("/data/object/lake?objectPath=[%22lake%22]", "SLU0001")]
    [InlineData("/data/object/lake?path=x", "SLU0001")]
    public async Task A_path_that_is_none_is_a_400(string target, string code)
    {
        await using var server = await RunningServer.StartAsync();

        var answer = await RawHttp.SendAsync(server.Url, "GET", target, server.AdminKey);

        answer.Status.ShouldBe(400, answer.Body);
        answer.Json["code"]!.GetValue<string>().ShouldBe(code);
        server.Room.Catalog.Paths.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_web_server_itself_refuses_a_nul_in_the_url()
    {
        await using var server = await RunningServer.StartAsync();

        var answer = await RawHttp.SendAsync(server.Url, "GET", "/data/object/lake/a%00b", server.AdminKey);

        answer.Status.ShouldBe(400);
        server.Room.Catalog.Paths.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_object_is_shown_in_the_documented_form()
    {
        await using var server = await RunningServer.StartAsync();

        var json = await (await server.SendAsync("GET", "/data/object/lake/sales/orders")).JsonAsync();

        json["technology"]!.GetValue<string>().ShouldBe("Glue");
        json["state"]!.GetValue<string>().ShouldBe("active");
        json["kind"]!.GetValue<string>().ShouldBe("icebergTable");
        Same(json["settings"]!, """
            {"isActive":{"value":true,"hasDescendantsWithOverrides":false},
             "activateNewChildren":{"value":null,"hasDescendantsWithOverrides":false},
             "dataOwners":{"value":["alice@example.com"],"hasDescendantsWithOverrides":true}}
            """);
        Same(json["overrides"]!, """{"isActive":{"value":true,"hasDescendantsWithOverrides":false}}""");
        Same(json["enforcement"]!, """{"governance":"governed","method":"tags","reason":null}""");
        json["dataSource"]!["name"]!.GetValue<string>().ShouldBe("lake.sales.orders");
        json["dataSourceId"]!.GetValue<Guid>().ShouldBe(json["dataSource"]!["id"]!.GetValue<Guid>());
        Same(json["columns"]![1]!, """{"name":"day","type":"date","position":1,"nativeId":null,"comment":"Of the order","isPartitionKey":true}""");
        Same(json["tags"]!, """
            [{"name":"domain.sales","key":"domain","value":"sales","source":"Lake Formation","inherited":true},
             {"name":"pii","key":"pii","value":"","column":"id","source":"Lake Formation","inherited":false},
             {"name":"Discovered.New","key":"Discovered","value":"New","source":"Sluice","inherited":false},
             {"name":"Discovered.New","key":"Discovered","value":"New","column":"day","source":"Sluice","inherited":false}]
            """);
    }

    [Fact]
    public async Task An_inactive_object_has_no_data_source_and_says_why()
    {
        await using var server = await RunningServer.StartAsync();
        server.Room.Catalog.View = path => Samples.Table(path, isActive: false);

        var json = await (await server.SendAsync("GET", "/data/object/lake/sales/orders")).JsonAsync();

        json["state"]!.GetValue<string>().ShouldBe("inactive");
        json["dataSource"].ShouldBeNull();
        json["dataSourceId"].ShouldBeNull();
        json["inactiveReason"]!.GetValue<string>().ShouldBe("IAM access control");
    }

    [Theory]
    [InlineData(Governance.Ungoverned, "ungoverned")]
    [InlineData(Governance.Unknown, "unknown")]
    public async Task An_object_and_a_hit_say_whether_the_platform_enforces_and_why_not(Governance governance, string spelled)
    {
        await using var server = await RunningServer.StartAsync();
        var since = Samples.Moment.AddHours(1);
        server.Room.Catalog.View = path =>
        {
            var table = Samples.Table(path, isActive: false);
            return table with { Object = table.Object with { Governance = governance, GovernanceReason = "IAM access control", GrantMethod = null, MissingSince = since } };
        };

        var read = await (await server.SendAsync("GET", "/data/object/lake/sales/orders")).JsonAsync();
        var hit = (await (await server.SendAsync("POST", "/data/object/search/lake/sales")).JsonAsync())["hits"]![0]!;

        foreach (var found in (JsonNode[])[read, hit])
        {
            Same(found["enforcement"]!, $$"""{"governance":"{{spelled}}","method":null,"reason":"IAM access control"}""");
            found["state"]!.GetValue<string>().ShouldBe("inactive");
            found["dataSourceId"].ShouldBeNull();
            found["missingSince"]!.GetValue<DateTimeOffset>().ShouldBe(since);
            found["lastCrawledAt"]!.GetValue<DateTimeOffset>().ShouldBe(Samples.Moment);
            found["settings"]!["dataOwners"]!["hasDescendantsWithOverrides"]!.GetValue<bool>().ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("/data/object/search", null)]
    [InlineData("/data/object/search/", null)]
    [InlineData("/data/object/search/lake/sales", "lake/sales")]
    [InlineData("/data/object/search?objectPath=[%22lake%22]", "lake")]
    public async Task A_search_looks_below_the_path_or_at_all_connections(string target, string? parent)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("POST", target, """{"state":"active"}""");

        var json = await answer.JsonAsync();
        json["count"]!.GetValue<int>().ShouldBe(7);
        json["hits"]!.AsArray().Count.ShouldBe(1);
        json["hits"]![0]!.AsObject().ContainsKey("columns").ShouldBeFalse();
        server.Room.Catalog.Paths.Single()?.ToString().ShouldBe(parent);
        server.Room.Catalog.Bodies.Single().GetProperty("state").GetString().ShouldBe("active");
    }

    [Fact]
    public async Task A_search_needs_no_body()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("POST", "/data/object/search");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Room.Catalog.Bodies.Single().ValueKind.ShouldBe(JsonValueKind.Undefined);
    }

    [Fact]
    public async Task Settings_crawl_and_delete_answer_as_documented()
    {
        await using var server = await RunningServer.StartAsync();

        var settings = await server.SendAsync("PUT", "/data/settings/lake/sales", """{"isActive":true}""");
        var crawl = await server.SendAsync("POST", "/data/crawl/lake/sales", "{}");
        var crawlWithoutBody = await server.SendAsync("POST", "/data/crawl?objectPath=[%22lake%22]");
        var deleted = await server.SendAsync("DELETE", "/data/object/lake/sales");

        Same(await settings.JsonAsync(), """{"objectPath":["lake","sales"],"bulkId":"0198d7a0-0000-7000-8000-000000000001","activated":12,"deactivated":3}""");
        Same(await crawl.JsonAsync(), """{"objectPath":["lake","sales"],"bulkId":"0198d7a0-0000-7000-8000-000000000001"}""");
        Same(await crawlWithoutBody.JsonAsync(), """{"objectPath":["lake"],"bulkId":"0198d7a0-0000-7000-8000-000000000001"}""");
        Same(await deleted.JsonAsync(), """{"objectPath":["lake","sales"],"childCount":41}""");
    }

    [Fact]
    public async Task A_dry_run_of_settings_answers_a_plan_s_members_and_whose_the_identities_are()
    {
        await using var server = await RunningServer.StartAsync();
        var table = new ObjectPath("lake", "sales", "orders");
        var removed = new Change(ChangePhase.Revoke, ChangeVerb.Remove, new FactKey(FactKind.Grant, table, "ANN", "SELECT"), "", "No policy allows it.") { Restore = "GRANT", MadeBy = "root" };
        var stranger = removed with { Key = removed.Key with { Subject = "STRANGER" } };
        var ann = new Person { Id = "p1", Username = "ann", Groups = new HashSet<string>(), Attributes = new HashSet<PersonAttribute>() };
        var plan = new Plan
        {
            Changes = [removed, stranger, stranger with { Verb = ChangeVerb.Add }], LeftAlone = [], Residuals = [new Residual(table, "ANN", "member of role analysts")],
            Shortfalls = [new Shortfall(table, "no column masks")], UnregisteredReaders = [new Residual(table, "APP", "granted SELECT")], Impact = new PlanImpact(1, 0, 2, 0, 0, [new ImpactExample("ANN", table, true)]),
        };
        server.Room.Catalog.Trial = path => new SettingsTrial(path, 1, 0)
        {
            Refused = "Ways would stay open.", Plan = new SupposedPlan(plan, [removed, stranger], [["REVOKE"], []], EnforcementMode.UpsertOnly, "much is lost", name => name == "ANN" ? [ann] : []),
        };

        using var answer = await server.SendAsync("PUT", "/data/settings/lake/sales/orders?dryRun=true", """{"isActive":true}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Same(await answer.JsonAsync(), """
            {"objectPath":["lake","sales","orders"],"dryRun":true,"activated":1,"deactivated":0,"refused":"Ways would stay open.","plan":{
              "mode":"upsert-only","stateReason":"much is lost","changeCount":3,"changes":[
                {"phase":"revoke","verb":"remove","kind":"grant","objectPath":["lake","sales","orders"],"subject":"ANN","detail":"SELECT","definition":"","reason":"No policy allows it.",
                 "statements":["REVOKE"],"madeBy":"root","restore":"GRANT","people":[{"id":"p1","username":"ann"}]},
                {"phase":"revoke","verb":"remove","kind":"grant","objectPath":["lake","sales","orders"],"subject":"STRANGER","detail":"SELECT","definition":"","reason":"No policy allows it.",
                 "statements":[],"madeBy":"root","restore":"GRANT"}],
              "impact":{"lost":1,"gained":0,"before":2,"examples":[{"identity":"ANN","objectPath":["lake","sales","orders"],"effect":"lost"}]},
              "leftAloneCount":0,"leftAlone":[],
              "residualCount":1,"residuals":[{"objectPath":["lake","sales","orders"],"identity":"ANN","path":"member of role analysts","people":[{"id":"p1","username":"ann"}]}],
              "shortfallCount":1,"shortfalls":[{"objectPath":["lake","sales","orders"],"reason":"no column masks"}],
              "unregisteredReaderCount":1,"unregisteredReaders":[{"objectPath":["lake","sales","orders"],"identity":"APP","path":"granted SELECT"}]}}
            """);
    }

    [Theory]
    [InlineData("?dryRun=true", true)]
    [InlineData("?dryRun", true)]
    [InlineData("?dryrun=true", true)]
    [InlineData("?dryRun=false", false)]
    public async Task Settings_that_are_only_tried_are_not_changed(string query, bool isTried)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("PUT", "/data/settings/lake/sales" + query, """{"isActive":true}""", server.AdminKey, request => request.Headers.TryAddWithoutValidation("If-Match", "\"12\""));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (server.Room.Catalog.Tried, server.Room.Catalog.Paths.Count).ShouldBe(isTried ? (1, 0) : (0, 1));
        server.Room.Catalog.Revision.ShouldBe([12]);
    }

    [Theory]
    [InlineData("?dryRun=yes")]
    [InlineData("?dryRn=true")]
    public async Task A_mistyped_dry_run_of_settings_changes_nothing(string query)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("PUT", "/data/settings/lake/sales" + query, """{"isActive":true}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        server.Room.Catalog.Bodies.ShouldBeEmpty();
    }

    [Fact]
    public async Task Settings_are_changed_as_they_were_read_or_not_at_all()
    {
        await using var server = await RunningServer.StartAsync();
        server.Room.Catalog.View = path =>
        {
            var table = Samples.Table(path);
            return table with { Object = table.Object with { ConnectionRevision = 12 } };
        };

        using var read = await server.SendAsync("GET", "/data/object/lake/sales/orders");
        var tag = read.Headers.ETag!.ToString();
        using var changed = await server.SendAsync(
            "PUT", "/data/settings/lake/sales", """{"isActive":true}""", server.AdminKey, request => request.Headers.TryAddWithoutValidation("If-Match", tag));
        using var garbage = await server.SendAsync(
            "PUT", "/data/settings/lake/sales", """{"isActive":true}""", server.AdminKey, request => request.Headers.TryAddWithoutValidation("If-Match", "twelve"));

        tag.ShouldBe("\"12\"");
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Room.Catalog.Revision.ShouldBe([12]);
        await garbage.ProblemAsync(412, "SLU0304");
    }

    [Theory]
    [InlineData("", false, false)]
    [InlineData("?cleanup=true", true, false)]
    [InlineData("?cleanup=true&restore=true", true, true)]
    public async Task A_deletion_says_what_is_done_on_the_platform_before(string query, bool cleansUp, bool restores)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("DELETE", "/data/object/lake" + query);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Room.Catalog.Leaving.ShouldBe(new Leaving(cleansUp, restores));
        (await answer.JsonAsync()).AsObject().Select(m => m.Key).ShouldBe(cleansUp ? ["objectPath", "childCount", "bulkId"] : ["objectPath", "childCount"]);
    }

    [Fact]
    public async Task Grants_are_put_back_as_a_part_of_a_cleanup_alone()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("DELETE", "/data/object/lake?restore=true");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        server.Room.Catalog.Paths.ShouldBeEmpty();
    }

    [Fact]
    public async Task Removed_grants_are_offered_where_there_are_some()
    {
        await using var server = await RunningServer.StartAsync();
        server.Room.Catalog.RemovedGrants = 2;

        using var settings = await server.SendAsync("PUT", "/data/settings/lake/a%22b", """{"isActive": false}""");
        using var deleted = await server.SendAsync("DELETE", "/data/object/lake/sales");

        (await settings.JsonAsync())["removedGrants"]!["list"]!.GetValue<string>().ShouldBe("/api/v1/removed-grants?connection=lake&objectPath=%5B%22lake%22%2C%22a%5C%22b%22%5D");
        (await deleted.JsonAsync())["removedGrants"]!["count"]!.GetValue<int>().ShouldBe(2);
    }

    [Theory]
    [InlineData("DELETE", "/data/object/lake/sales")]
    [InlineData("POST", "/data/crawl/lake/sales")]
    public async Task A_deletion_and_a_crawl_look_at_If_Match(string method, string target)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync(method, target, null, server.AdminKey, request => request.Headers.TryAddWithoutValidation("If-Match", "\"7\""));
        using var garbage = await server.SendAsync(method, target, null, server.AdminKey, request => request.Headers.TryAddWithoutValidation("If-Match", "seven"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Room.Catalog.Revision.ShouldBe([7]);
        await garbage.ProblemAsync(412, "SLU0304");
        server.Room.Catalog.Paths.Count.ShouldBe(1);
    }

    private static void Same(JsonNode actual, string expected) =>
        JsonNode.DeepEquals(actual, JsonNode.Parse(expected)).ShouldBeTrue(actual.ToJsonString());
}
