using System.Net;
using Sluice.Core.Problems;
using Sluice.Engine.Errors;

namespace Sluice.Server.Tests.Data;

public sealed class ConnectionTests
{
    private const string Documented = """
        {
          "connectionKey": "lake",
          "connection": {
            "technology": "Glue", "authenticationType": "accessKey", "region": "us-east-1", "accountId": "123456789012",
            "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
          },
          "settings": { "isActive": false },
          "options": { "forceRecursiveCrawl": true },
        }
        """;

    [Fact]
    public async Task Registering_answers_the_documented_body_with_200()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("POST", "/data/connection", Documented);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await answer.TextAsync()).ShouldBe("""{"objectPath":["lake"],"bulkId":"0198d7a0-0000-7000-8000-000000000001"}""");
        server.Room.Connections.Registered.Count.ShouldBe(1);
        server.Room.Connections.Tried.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_dry_run_tries_and_registers_nothing()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("POST", "/data/connection?dryRun=true", Documented);

        var json = await answer.JsonAsync();
        json["dryRun"]!.GetValue<bool>().ShouldBeTrue();
        json["platform"]!["key"]!.GetValue<string>().ShouldBe("glue:aws:123456789012:us-east-1");
        json["validationResults"]!["status"]!.GetValue<string>().ShouldBe("warning");
        server.Room.Connections.Registered.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("?dryrun2=true", "?dryrun2")]
    [InlineData("?dryRun=yes", "?dryRun")]
    [InlineData("?dry=true", "?dry")]
    public async Task A_mistyped_dry_run_registers_nothing(string query, string path)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("POST", "/data/connection" + query, Documented);

        var problem = await answer.ProblemAsync(400, "SLU0001");
        problem["errors"]![path].ShouldNotBeNull();
        server.Room.Connections.Registered.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_without_a_content_type_is_read_as_json()
    {
        await using var server = await RunningServer.StartAsync();

        var answer = await RawHttp.SendAsync(server.Url, "POST", "/data/connection", server.AdminKey, Documented);

        answer.Status.ShouldBe(200);
        server.Room.Connections.Registered.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_is_shown_with_its_secrets_redacted()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("GET", "/data/connection/lake");

        var json = await answer.JsonAsync();
        json["connectionKey"]!.GetValue<string>().ShouldBe("lake");
        json["connection"]!["secretAccessKey"]!.GetValue<string>().ShouldBe("[REDACTED]");
        json["connection"]!["oAuthClientConfig"]!["clientSecret"]!.GetValue<string>().ShouldBe("[REDACTED]");
        json["connection"]!["accessKeyId"]!.GetValue<string>().ShouldBe("AKIAIOSFODNN7EXAMPLE");
        json["status"]!.GetValue<string>().ShouldBe("unhealthy");
        json["statusReason"]!.GetValue<string>().ShouldBe("The credentials were refused.");
        json["creator"]!["email"]!.GetValue<string>().ShouldBe("alice@example.com");
        json["createdBy"]!.GetValue<string>().ShouldBe("oidc:alice");
        json["updater"]!["name"]!.GetValue<string>().ShouldBe("Administrator");
        json["options"]!["forceRecursiveCrawl"]!.GetValue<bool>().ShouldBeTrue();
        json["settings"]!["mode"]!.GetValue<string>().ShouldBe("sync");
        json.AsObject().ContainsKey("nativeIntegrationId").ShouldBeTrue();
        var test = json["validationResults"]!["validationTests"]![1]!;
        test["name"]!.GetValue<string>().ShouldBe("glue:GetTables");
        test["status"]!.GetValue<string>().ShouldBe("warning");
        test["message"]!.GetValue<string>().ShouldBe("Grant glue:GetTables.");
        answer.Headers.ETag!.Tag.ShouldBe("\"12\"");
    }

    [Theory]
    [InlineData("\"12\"", new long[] { 12 })]
    [InlineData("\"0\", \"12\"", new long[] { 0, 12 })]
    [InlineData("\"not-ours\", W/\"11\", \"12\"", new long[] { 12 })]
    [InlineData("*", null)]
    [InlineData(null, null)]
    public async Task If_Match_hands_the_revisions_on(string? header, long[]? revisions)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("PUT", "/data/connection/lake", """{"settings":{"isActive":true}}""", server.AdminKey,
            request => { if (header is not null) request.Headers.TryAddWithoutValidation("If-Match", header); });

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Room.Connections.Updated.Single().Revision.ShouldBe(revisions);
    }

    [Theory]
    [InlineData("\"not-ours\"")]
    [InlineData("W/\"12\"")]
    [InlineData("12")]
    public async Task An_If_Match_that_no_read_gave_changes_nothing(string header)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("PUT", "/data/connection/lake", "{}", server.AdminKey,
            request => request.Headers.TryAddWithoutValidation("If-Match", header));

        await answer.ProblemAsync(412, "SLU0304");
        server.Room.Connections.Updated.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refusal_lists_every_problem_by_its_path()
    {
        await using var server = await RunningServer.StartAsync();
        var problems = new ProblemList();
        problems.Add("$.connection.region", "is required");
        problems.Add("$.connection.region", "must be a region");
        problems.Add("$.connectionKey", "'data' is a reserved word");
        server.Room.Connections.Fails = new RequestRefusedException(problems);

        using var answer = await server.SendAsync("POST", "/data/connection", Documented);

        var problem = await answer.ProblemAsync(400, "SLU0001");
        problem["errors"]!["$.connection.region"]!.AsArray().Count.ShouldBe(2);
        problem["errors"]!["$.connectionKey"]![0]!.GetValue<string>().ShouldBe("'data' is a reserved word");
    }

    [Fact]
    public async Task The_aws_identity_is_shown_filled_in()
    {
        await using var server = await RunningServer.StartAsync();

        var json = await (await server.SendAsync("GET", "/api/v1/aws/identity")).JsonAsync();

        json["principal"]!.GetValue<string>().ShouldBe("arn:aws:iam::210987654321:role/sluice");
        json["externalId"]!.GetValue<string>().ShouldBe("sluice-0123456789abcdef");
        json["permissionPolicy"]!["Version"]!.GetValue<string>().ShouldBe("2012-10-17");
        json["lfTagSteps"]![0]!.GetValue<string>().ShouldBe("Navigate to Permissions.");
    }
}
