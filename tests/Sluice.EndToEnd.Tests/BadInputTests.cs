using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Aws;

namespace Sluice.EndToEnd.Tests;

/// <summary>What bad input gets, over HTTP, with nothing half-registered left behind.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private AwsSandbox _aws = null!;
    private HostedServer _server = null!;
    private Api _api = null!;

    public async ValueTask InitializeAsync()
    {
        _aws = await AwsSandbox.StartAsync(new AwsSandboxOptions());
        _server = await HostedServer.StartAsync();
        _api = _server.Api();
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _server.DisposeAsync();
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task Each_kind_of_bad_input_gets_its_own_answer()
    {
        // Everything at once.
        var wrong = """{"connectionKey": "crawl", "connection": {"technology": "Glue", "authenticationType": "accessKey", "region": "mars-1", "accountId": "12", "roleARN": "x", "colour": "red"}, "settings": {"isActive": "no"}, "more": 1}""";
        Errors(await RefusedAsync(wrong, HttpStatusCode.BadRequest)).ShouldBe(
            [
                "$.connection.accessKeyId", "$.connection.accountId", "$.connection.colour", "$.connection.region", "$.connection.roleARN",
                "$.connection.secretAccessKey", "$.connectionKey", "$.more", "$.settings.isActive",
            ]);

        // Contradictions, and neither.
        foreach (var members in (string[])["\"roleARN\": \"arn:aws:iam::123456789012:role/x\", \"accessKeyId\": \"AKIAIOSFODNN7EXAMPLE\", \"secretAccessKey\": \"x\",", ""])
        {
            var body = $$$"""{"connectionKey": "k", "connection": {"technology": "Glue", "authenticationType": "accessKey", {{{members}}} "region": "us-east-1", "accountId": "123456789012"}}""";
            await RefusedAsync(body, HttpStatusCode.BadRequest);
        }

        // Each reserved word, in any case, and keys that are no keys.
        foreach (var key in (string[])["data", "Connection", "OBJECT", "crawl", "search", "settings", "metadata", "permission", "sync", "bulk", "upgrade", "", "a/b", "é", new('k', 256)])
            Errors(await RefusedAsync(Payloads.GlueAccessKey(_aws, key), HttpStatusCode.BadRequest)).ShouldBe(["$.connectionKey"]);

        // JSON that is none, by line and column; a trailing comma is read.
        (await RefusedAsync("{\n  \"connectionKey\": nope}", HttpStatusCode.BadRequest))["detail"]!.GetValue<string>().ShouldContain("line 2, column");
        (await RefusedAsync("", HttpStatusCode.BadRequest))["code"]!.GetValue<string>().ShouldBe("SLU0002");
        await RefusedAsync($"{{\"connectionKey\": \"{new string('x', 1024 * 1024)}\"}}", HttpStatusCode.RequestEntityTooLarge);

        // Wrong credentials: AWS's own words.
        var refused = await RefusedAsync(Payloads.GlueAccessKey(_aws, "k", secret: new string('s', 40)), HttpStatusCode.UnprocessableEntity);
        refused["detail"]!.GetValue<string>().ShouldContain("signature");

        // Nobody there, and somebody who never answers: within ten seconds.
        await RefusedAsync(At("http://127.0.0.1:1/"), HttpStatusCode.UnprocessableEntity);
        using (var silent = new TcpListener(IPAddress.Loopback, 0))
        {
            silent.Start();
            var watch = Stopwatch.StartNew();
            await RefusedAsync(At($"http://{silent.LocalEndpoint}/"), HttpStatusCode.UnprocessableEntity);
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
            silent.Pending().ShouldBeTrue("the server came, and got no answer");
        }

        // Addresses the server never connects to, in every spelling.
        foreach (var host in (string[])["169.254.169.254", "[::ffff:169.254.169.254]", "2852039166", "0xA9FEA9FE", "169.254.169.254.", "[fd00:ec2::254]"])
            await RefusedAsync(At($"https://{host}/"), HttpStatusCode.BadRequest);

        // Nothing was left behind.
        (await _api.PostAsync("/data/object/search", "{}")).Json["count"]!.GetValue<int>().ShouldBe(0);
        (await _api.GetAsync("/jobs")).Json.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_put_that_moves_a_secret_names_the_secrets_it_must_bring()
    {
        await _api.CompleteAsync(await _api.AcceptAsync(HttpMethod.Post, "/data/connection", Payloads.GlueAccessKey(_aws, "lake")));
        var moved = JsonNode.Parse(Payloads.GlueAccessKey(_aws, "lake"))!;
        moved["connection"]!.AsObject().Remove("secretAccessKey");
        moved["connection"]!["endpoints"]!["glue"] = "http://127.0.0.1:9/";

        var answer = await _api.PutAsync("/data/connection/lake", moved.ToJsonString());

        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Text);
        Errors(answer.Json).ShouldBe(["$.connection.secretAccessKey"]);
    }

    [Fact]
    public async Task Paths_and_methods_that_do_not_exist_are_problems_too()
    {
        var missing = await _api.GetAsync("/data/object/nowhere/at/all");
        missing.Status.ShouldBe(HttpStatusCode.NotFound);
        missing.MediaType.ShouldBe("application/problem+json");
        (await _api.GetAsync("/no/such/thing")).MediaType.ShouldBe("application/problem+json");
        var method = await _api.SendAsync(HttpMethod.Patch, "/data/connection", "{}");
        method.Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        method.MediaType.ShouldBe("application/problem+json");
        (await _api.GetAsync("/data/object/a/%FF")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    private string At(string endpoint) => Payloads.GlueAccessKey(_aws, "k").Replace(_aws.Endpoint.ToString(), endpoint, StringComparison.Ordinal);

    private static List<string> Errors(JsonNode problem) => [.. problem["errors"]!.AsObject().Select(e => e.Key).Order(StringComparer.Ordinal)];

    private async Task<JsonNode> RefusedAsync(string body, HttpStatusCode status)
    {
        var answer = await _api.PostAsync("/data/connection", body);
        answer.Status.ShouldBe(status, $"{body[..Math.Min(body.Length, 300)]}\n{answer.Text}");
        answer.MediaType.ShouldBe("application/problem+json");
        return answer.Json;
    }
}
