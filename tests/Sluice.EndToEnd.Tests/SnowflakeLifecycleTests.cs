using System.Net;
using System.Text.Json.Nodes;

namespace Sluice.EndToEnd.Tests;

/// <summary>What a person does with curl and a worksheet, for each documented way to log in, against the stand-in for an account.</summary>
public sealed class SnowflakeLifecycleTests
{
    public static TheoryData<string> Ways => ["userPassword", "keyPair", "keyPairEncrypted", "oAuthCertificate", "oAuthSecret"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task From_the_script_to_the_last_of_what_it_made(string way)
    {
        await using var account = await SnowflakeAccount.StartAsync();
        // One way to log in goes through the program as people run it.
        await using var server = await TestServer.StartAsync(asProcess: way == "keyPair");
        using var api = server.Api();
        using var installer = await account.InstallerAsync();
        using var administrator = await account.AdministratorAsync();
        var (first, second) = account.Ways(way);

        // The script, run twice: the second time changes nothing.
        var script = await ScriptAsync(api, "/integrations/scripts/create", account.Payloads.Script(first));
        script = script.Replace("CHANGE_ME", SnowflakeAccount.User, StringComparison.Ordinal);
        (await RunAsync(installer, script)).ShouldBeNull();
        var made = await MadeAsync(administrator);
        (await RunAsync(installer, script)).ShouldBeNull();
        (await MadeAsync(administrator)).ShouldBe(made);
        (await installer.RunAsync("SELECT CURRENT_ROLE() AS ROLE")).Single()["ROLE"].ShouldBe(SnowflakeAccount.Installer);

        // Registered with what the script was asked for, as it stands.
        var payload = account.Payloads.Register("snow", first, account.Payloads.ScriptConfig(first));
        var crawl = await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", payload));
        crawl.ToJsonString().ShouldNotContain("Tags are not read");
        await LooksRightAsync(api, way);

        // Activated, crawled again: nothing changes.
        var settings = await api.PutAsync("/data/settings/snow/SALES", """{"isActive": true}""");
        settings.Status.ShouldBe(HttpStatusCode.OK, settings.Text);
        await api.CompleteAsync(settings.Json["bulkId"]!.GetValue<string>());
        (await api.GetAsync("/data/object/snow/SALES/CRM/CUSTOMERS")).Json["dataSourceId"]!.GetValue<string>().ShouldNotBeNullOrEmpty();
        crawl = await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/snow", null));
        foreach (var change in (string[])["added", "updated", "missing"]) crawl["output"]![change]!.GetValue<int>().ShouldBe(0, crawl.ToJsonString());

        // Rotated by PUT, with the registration's config as it is printed. The old secret is good no more.
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Put, "/data/connection/snow", account.Payloads.Register("snow", second())));
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/snow", null));

        // Deregistered with all that enforcement made, and the rest taken away by the script.
        var id = (await api.GetAsync("/integrations")).Json.AsArray().Single()!["id"]!.ToJsonString();
        var delete = await ScriptAsync(api, $"/integrations/{id}/scripts/delete", "{}");
        var deleted = await api.DeleteAsync("/data/object/snow?cleanup=true");
        deleted.Status.ShouldBe(HttpStatusCode.OK, deleted.Text);
        await api.CompleteAsync(deleted.Json["bulkId"]!.GetValue<string>());
        (await api.GetAsync("/data/connection/snow")).Status.ShouldBe(HttpStatusCode.NotFound);
        for (var time = 0; time < 2; time++) (await RunAsync(installer, delete)).ShouldBeNull();
        (await MadeAsync(administrator)).ShouldBeEmpty();
        (await administrator.RunAsync($"SHOW USERS LIKE '{SnowflakeAccount.User}'")).Count.ShouldBe(1, "the person's own user stays");
    }

    internal static async Task<string> ScriptAsync(Api api, string path, string body)
    {
        var answer = await api.PostAsync(path, body);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer.MediaType.ShouldBe("text/plain");
        return answer.Text;
    }

    /// <summary>Runs a script in the session as it is: its last section is an administrator's, and it gives the session its role back.</summary>
    internal static Task<string?> RunAsync(SnowflakeSql installer, string script) => installer.RunScriptAsync(script);

    /// <summary>Everything that bears Sluice's name in the account, with what was granted.</summary>
    internal static async Task<IReadOnlyList<string>> MadeAsync(SnowflakeSql administrator)
    {
        var made = new List<string>();
        foreach (var kind in (string[])["DATABASES", "ROLES", "USERS"])
        {
            foreach (var row in await administrator.RunAsync($"SHOW {kind}"))
                if (row["comment"]?.Contains("Made by Sluice", StringComparison.Ordinal) == true) made.Add($"{kind} {row["name"]}: {row["comment"]}");
        }

        if (!made.Any(m => m.StartsWith("ROLES ", StringComparison.Ordinal))) return made;
        foreach (var grant in await administrator.RunAsync($"SHOW GRANTS TO ROLE {SnowflakeAccount.SystemRole}"))
            made.Add($"{grant["privilege"]} ON {grant["granted_on"]} {grant["name"]}");
        foreach (var schema in await administrator.RunAsync($"SHOW SCHEMAS IN DATABASE {SnowflakeAccount.Database}")) made.Add($"SCHEMA {schema["name"]}");
        return made;
    }

    private static async Task LooksRightAsync(Api api, string way)
    {
        var tree = await api.TreeAsync("snow");
        tree.ShouldContain("SALES/CRM/CUSTOMERS");
        tree.ShouldContain("Analytics Lab/web events/experiments");
        tree.ShouldContain("SALES/CRM/we\"ird.name");
        tree.ShouldNotContain(p => p.StartsWith("SNOWFLAKE/", StringComparison.Ordinal) || p.StartsWith(SnowflakeAccount.Database, StringComparison.Ordinal));

        var customers = (await api.GetAsync("/data/object/snow/SALES/CRM/CUSTOMERS")).Json;
        customers["comment"]!.GetValue<string>().ShouldBe("Companies and persons we sell to");
        var columns = customers["columns"]!.AsArray();
        columns.Select(c => c!["name"]!.GetValue<string>()).Take(4).ShouldBe(["CUSTOMER_ID", "COMPANY_NAME", "CONTACT_NAME", "EMAIL"]);
        columns[0]!["type"]!.GetValue<string>().ShouldBe("NUMBER(38,0)");
        columns[3]!["comment"]!.GetValue<string>().ShouldBe("Where invoices go");
        customers["tags"]!.ToJsonString().ShouldContain("GOVERNANCE.TAGS.SENSITIVITY");
        customers["tags"]!.ToJsonString().ShouldContain("GOVERNANCE.TAGS.DOMAIN", customMessage: "inherited from its database");

        foreach (var (name, kind) in ((string, string)[])[("order_events", "icebergTable"), ("daily_orders", "dynamicTable"), ("order_totals", "materializedView"), ("legacy_orders", "externalTable"), ("telemetry", "eventTable"), ("open_orders", "view")])
        {
            var found = (await api.PostAsync("/data/object/search/snow", $$"""{"descendants": true, "name": "{{name}}"}""")).Json;
            found["hits"]!.AsArray().Single()!["kind"]!.GetValue<string>().ShouldBe(kind, name);
        }


        var connection = (await api.GetAsync("/data/connection/snow")).Json;
        connection["status"]!.GetValue<string>().ShouldBe("inactive");
        var integration = (await api.GetAsync("/integrations")).Json.AsArray().Single()!;
        var id = integration["id"]!.ToJsonString();
        (await api.GetAsync($"/integrations/{id}")).Json["type"]!.GetValue<string>().ShouldBe("Snowflake");
        var status = (await api.GetAsync($"/integrations/{id}/status")).Json;
        var checks = status["validationResults"]!["validationTests"]!.AsArray();
        checks.Where(c => c!["status"]!.GetValue<string>() == "failed").ShouldBeEmpty(status.ToJsonString());
        var isPassed = checks.ToDictionary(c => c!["name"]!.GetValue<string>(), c => c!["status"]!.GetValue<string>());
        foreach (var name in (string[])["warehouse", "system role", "database", "account views", "edition"]) isPassed[name].ShouldBe("passed", name);
        isPassed.ContainsKey("External OAuth any-role mode").ShouldBe(way.StartsWith("oAuth", StringComparison.Ordinal));
        JsonNode.DeepEquals(status["status"], integration["status"]).ShouldBeTrue();
    }
}
