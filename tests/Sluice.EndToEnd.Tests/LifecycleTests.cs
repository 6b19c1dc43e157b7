using System.Net;
using Sluice.Sandbox.Aws;
using Sluice.Testing;

namespace Sluice.EndToEnd.Tests;

/// <summary>What a person does with curl, on both of Sluice's own databases.</summary>
public sealed class LifecycleTests
{
    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    private static async Task<ServerProcess> ServeAsync(string database, IReadOnlyDictionary<string, string>? environment = null)
    {
        var directory = TestServer.NewDirectory();
        if (database == "sqlite") return await ServerProcess.StartAsync(directory, environment: environment);
        var cluster = await Requires.PostgreSqlAsync();
        var variables = new Dictionary<string, string>(environment ?? new Dictionary<string, string>())
        {
            ["SLUICE_DATABASE"] = await cluster.CreateDatabaseAsync(CancellationToken.None),
        };
        return await ServerProcess.StartAsync(directory, environment: variables);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Glue_by_access_key_from_registration_to_deletion(string database)
    {
        await using var aws = await AwsSandbox.StartAsync(new AwsSandboxOptions());
        await using var server = await ServeAsync(database);
        using var api = server.Api();

        // Register, follow, read.
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", Payloads.GlueAccessKey(aws, "prod lake")));
        var connection = (await api.GetAsync("/data/connection/prod%20lake")).Json;
        connection["connection"]!["secretAccessKey"]!.GetValue<string>().ShouldBe("[REDACTED]");
        connection["status"]!.GetValue<string>().ShouldBe("inactive");
        (await api.TreeAsync("prod%20lake")).Count.ShouldBeGreaterThan(60);

        // Search, activate.
        var sales = (await api.PostAsync("/data/object/search/prod%20lake", """{"name": "sal", "kind": "database"}""")).Json;
        sales["count"]!.GetValue<int>().ShouldBe(1);
        var settings = await api.PutAsync("/data/settings/prod%20lake/sales", """{"isActive": true}""");
        settings.Status.ShouldBe(HttpStatusCode.OK, settings.Text);
        await api.CompleteAsync(settings.Json["bulkId"]!.GetValue<string>());
        var orders = (await api.GetAsync("/data/object/prod%20lake/sales/orders")).Json;
        orders["state"]!.GetValue<string>().ShouldBe("active");
        orders["dataSourceId"]!.GetValue<string>().ShouldNotBeNullOrEmpty();
        orders["columns"]!.AsArray().Count.ShouldBeGreaterThan(3);

        // Crawl again: nothing changes.
        var crawl = await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/prod%20lake", null));
        crawl["output"]!["added"]!.GetValue<int>().ShouldBe(0);
        crawl["output"]!["updated"]!.GetValue<int>().ShouldBe(0);

        // A second connection to the same catalog, the same key in another case.
        (await api.PostAsync("/data/connection", Payloads.GlueAccessKey(aws, "second"))).Status.ShouldBe(HttpStatusCode.Conflict);
        (await api.PostAsync("/data/connection", Payloads.GlueAccessKey(aws, "PROD LAKE"))).Status.ShouldBe(HttpStatusCode.Conflict);

        // Rotate: a wrong secret changes nothing, the right one is taken.
        var rotation = Payloads.GlueAccessKey(aws, "prod lake", secret: "wrong/wrong/wrong/wrong/wrong/wrong/wron");
        (await api.PutAsync("/data/connection/prod%20lake", rotation)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Put, "/data/connection/prod%20lake", Payloads.GlueAccessKey(aws, "prod lake")));

        // Delete.
        var deleted = await api.DeleteAsync("/data/object/prod%20lake");
        deleted.Status.ShouldBe(HttpStatusCode.OK, deleted.Text);
        deleted.Json["childCount"]!.GetValue<int>().ShouldBeGreaterThan(60);
        (await api.GetAsync("/data/connection/prod%20lake")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Glue_by_assumed_role_through_the_servers_own_identity_and_external_id()
    {
        await using var aws = await AwsSandbox.StartAsync(new AwsSandboxOptions());
        await using var server = await ServerProcess.StartAsync(
            TestServer.NewDirectory(),
            ["--aws-sts-host", $"{aws.Endpoint.Host}:{aws.Endpoint.Port}"],
            new Dictionary<string, string>
            {
                ["AWS_ACCESS_KEY_ID"] = aws.ServerCredentials.AccessKeyId,
                ["AWS_SECRET_ACCESS_KEY"] = aws.ServerCredentials.SecretAccessKey,
            });
        using var api = server.Api();

        // With another server's external id in the trust policy, AWS says no, and nothing is stored.
        aws.ExternalId = "another-server";
        var refused = await api.PostAsync("/data/connection", Payloads.GlueAssumedRole(aws, "lake"));
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, refused.Text);
        (await api.GetAsync("/data/connection/lake")).Status.ShouldBe(HttpStatusCode.NotFound);

        aws.ExternalId = (await api.GetAsync("/api/v1/aws/identity")).Json["externalId"]!.GetValue<string>();
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", Payloads.GlueAssumedRole(aws, "lake")));
        (await api.TreeAsync("lake")).ShouldContain("sales/orders");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task PostgreSQL_from_registration_to_deletion_with_odd_names(string database)
    {
        var cluster = await Requires.PostgreSqlAsync();
        await OddNames.CreateAsync(cluster);
        await using var server = await ServeAsync(database, new Dictionary<string, string> { ["SLUICE_SECRET_PG"] = cluster.SuperuserPassword });
        using var api = server.Api();

        var payload = Payloads.PostgreSql(cluster, "pg", "unused").Replace("\"unused\"", """{"$secret": "env:SLUICE_SECRET_PG"}""", StringComparison.Ordinal);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", payload));

        foreach (var name in OddNames.All)
        {
            var inPath = await api.GetAsync($"/data/object/pg/{Uri.EscapeDataString(OddNames.Database)}/odd/{OddNames.InUrl(name)}");
            inPath.Status.ShouldBe(HttpStatusCode.OK, $"{name}: {inPath.Text}");
            inPath.Json["objectPath"]!.AsArray()[3]!.GetValue<string>().ShouldBe(name);
            var asJson = System.Text.Json.JsonSerializer.Serialize(new[] { "pg", OddNames.Database, "odd", name });
            var inQuery = await api.GetAsync($"/data/object?objectPath={Uri.EscapeDataString(asJson)}");
            inQuery.Text.ShouldBe(inPath.Text);
        }

        var deleted = await api.DeleteAsync("/data/object/pg");
        deleted.Status.ShouldBe(HttpStatusCode.OK, deleted.Text);
    }
}
