using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Sluice.Engine.Errors;
using Sluice.Platforms;
using Sluice.Storage.Vault;

namespace Sluice.Server.Tests.Problems;

public sealed class ProblemTests
{
    public static TheoryData<string> Codes => [.. ErrorCode.All.Select(e => e.Code)];

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/nothing/here")]
    [InlineData("GET", "/data")]
    [InlineData("GET", "/api/v2/purposes")]
    [InlineData("GET", "/data/connection/a/b")]
    public async Task An_unknown_resource_is_a_404_problem_without_a_token_too(string method, string path)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync(method, path, null, authorization: null);

        await answer.ProblemAsync(404, "SLU0201");
    }

    [Theory]
    [InlineData("PATCH", "/data/connection", "POST")]
    [InlineData("GET", "/data/crawl/lake", "POST")]
    [InlineData("GET", "/data/object/search/lake", "POST")]
    [InlineData("DELETE", "/jobs", "GET")]
    [InlineData("POST", "/healthz", "GET")]
    [InlineData("POST", "/metrics", "GET")]
    public async Task A_wrong_method_is_a_405_problem_that_names_the_right_ones(string method, string path, string allowed)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync(method, path);

        await answer.ProblemAsync(405, "SLU0202");
        answer.Content.Headers.Allow.ShouldContain(allowed);
    }

    [Theory]
    [InlineData("{\"a\": 1,\n  \"b\": x}", "line 2, column 8")]
    [InlineData("{\"connectionKey\": \"lake\"", "line 1")]
    [InlineData("", "empty")]
    [InlineData("<xml/>", "line 1, column 1")]
    public async Task Invalid_json_is_told_with_its_position(string body, string position)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("POST", "/data/connection", body);

        var problem = await answer.ProblemAsync(400, "SLU0002");
        problem["detail"]!.GetValue<string>().ShouldContain(position);
        server.Room.Connections.Registered.ShouldBeEmpty();
    }

    [Fact]
    public async Task Invalid_json_never_echoes_the_secret_in_it()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("POST", "/data/connection", """{"connection":{"secretAccessKey":planted-secret}}""");

        (await answer.TextAsync()).ShouldNotContain("planted");
        string.Join('\n', server.Room.Log.Lines).ShouldNotContain("planted");
    }

    [Theory]
    [InlineData("text/yaml")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("nonsense")]
    public async Task A_body_of_another_type_is_a_415_problem(string type)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("POST", "/data/connection", "{}", server.AdminKey, request =>
        {
            request.Content!.Headers.Remove("Content-Type");
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        });

        await answer.ProblemAsync(415, "SLU0402");
    }

    [Fact]
    public async Task A_compressed_body_is_a_415_problem()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("POST", "/data/connection", "{}", server.AdminKey, r => r.Content!.Headers.ContentEncoding.Add("gzip"));

        await answer.ProblemAsync(415, "SLU0402");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/merge-patch+json")]
    public async Task A_body_of_any_json_type_is_read(string type)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("PUT", "/data/connection/lake", "{}", server.AdminKey, request =>
        {
            request.Content!.Headers.Remove("Content-Type");
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        });

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_one_mebibyte_is_a_413_problem(bool tellsLength)
    {
        await using var server = await RunningServer.StartAsync();
        var body = new byte[1024 * 1024 + 1];
        Array.Fill(body, (byte)' ');

        using var answer = await server.SendAsync("POST", "/data/connection", null, server.AdminKey, request =>
        {
            request.Content = new ByteArrayContent(body);
            request.Headers.TransferEncodingChunked = !tellsLength;
            request.Headers.ExpectContinue = true;
        });

        await answer.ProblemAsync(413, "SLU0401");
        server.Room.Connections.Registered.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_of_exactly_one_mebibyte_is_read()
    {
        await using var server = await RunningServer.StartAsync();
        var json = """{"connectionKey":"lake","connection":{}}""";

        using var answer = await server.SendAsync("POST", "/data/connection", json + new string(' ', 1024 * 1024 - json.Length));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Every_refusal_of_a_use_case_is_answered_with_its_status(string code)
    {
        var error = ErrorCode.All.Single(e => e.Code == code);
        await using var server = await RunningServer.StartAsync();
        server.Room.Connections.Fails = new RequestRefusedException(error, "The reason.");

        var answer = await RawHttp.SendAsync(server.Url, "PUT", "/data/connection/lake", server.AdminKey, "{}");

        answer.Status.ShouldBe(error.Status);
        answer.Head.ShouldContain("Content-Type: application/problem+json");
        answer.Json["code"]!.GetValue<string>().ShouldBe(code);
        answer.Json["title"]!.GetValue<string>().ShouldBe(error.Title);
        answer.Json["message"]!.GetValue<string>().ShouldBe("The reason.");
    }

    [Fact]
    public async Task A_platforms_refusal_is_a_422_with_its_own_words()
    {
        await using var server = await RunningServer.StartAsync();
        server.Room.Connections.Fails = RequestRefusedException.Of(
            new PlatformException(PlatformFailure.CredentialsRejected, "InvalidClientTokenId: The security token is invalid."));

        using var answer = await server.SendAsync("POST", "/data/connection", "{}");

        (await answer.ProblemAsync(422, "SLU0501"))["detail"]!.GetValue<string>().ShouldBe("InvalidClientTokenId: The security token is invalid.");
    }

    [Fact]
    public async Task What_a_use_case_lets_through_is_mapped_at_the_edge()
    {
        await using var server = await RunningServer.StartAsync();

        server.Room.Connections.Fails = new PlatformException(PlatformFailure.EgressDenied, "This server may not connect there.");
        await (await server.SendAsync("POST", "/data/connection", "{}")).ProblemAsync(422, "SLU0503");
        server.Room.Connections.Fails = new SecretUnavailableException("env:SLUICE_SECRET_LAKE is not set.");
        await (await server.SendAsync("POST", "/data/connection", "{}")).ProblemAsync(422, "SLU0504");
    }

    [Fact]
    public async Task A_fault_tells_its_trace_id_and_nothing_else()
    {
        await using var server = await RunningServer.StartAsync();
        server.Room.Connections.Fails = new InvalidOperationException("Password=planted; SELECT * FROM secrets");

        using var answer = await server.SendAsync("GET", "/data/connection/lake");

        var problem = await answer.ProblemAsync(500, "SLU0901");
        problem.ToJsonString().ShouldNotContain("planted");
        problem.ToJsonString().ShouldNotContain("SELECT");
        string.Join('\n', server.Room.Log.Lines).ShouldContain(problem["traceId"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_database_that_is_away_is_a_503_with_a_time_to_come_back()
    {
        await using var server = await RunningServer.StartAsync();
        server.Room.Connections.Fails = new InvalidOperationException("outer", new TransientException());

        using var answer = await server.SendAsync("GET", "/data/connection/lake");

        await answer.ProblemAsync(503, "SLU0902");
        answer.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_full_disk_is_a_503_that_names_it()
    {
        await using var server = await RunningServer.StartAsync();
        var full = new Storage.DatabaseDiskException("The database's disk is full.", new InvalidOperationException("planted"));
        server.Room.Connections.Fails = full;
        server.Room.Database.Fails = full;

        using var answer = await server.SendAsync("PUT", "/data/connection/lake", "{}");
        using var ready = await server.SendAsync("GET", "/readyz", null, authorization: null);

        (await answer.ProblemAsync(503, "SLU0903"))["detail"]!.GetValue<string>().ShouldBe("The database's disk is full.");
        answer.Headers.RetryAfter.ShouldNotBeNull();
        await ready.ProblemAsync(503, "SLU0903");
    }

    [Fact]
    public async Task A_bad_request_of_the_web_server_is_a_problem_too()
    {
        await using var server = await RunningServer.StartAsync();
        server.Room.Connections.Fails = new BadHttpRequestException("Unexpected end of request content.");

        using var answer = await server.SendAsync("GET", "/data/connection/lake");

        await answer.ProblemAsync(400, "SLU0001");
    }

    [Fact]
    public async Task No_bytes_as_a_body_bring_the_server_down()
    {
        await using var server = await RunningServer.StartAsync();
        byte[][] bodies = [[0xFF, 0xFE], [0x00], [0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'], Encoding.UTF8.GetBytes(new string('[', 5000)), "{\"a\":1,\"a\":2}"u8.ToArray()];

        foreach (var body in bodies)
        {
            using var answer = await server.SendAsync("PUT", "/data/settings/lake", null, server.AdminKey, r => r.Content = new ByteArrayContent(body));
            await answer.ProblemAsync(400, "SLU0002");
        }
    }

    private sealed class TransientException() : System.Data.Common.DbException("gone")
    {
        public override bool IsTransient => true;
    }
}
