using System.Net;

namespace Sluice.Server.Tests.Operations;

public sealed class HeadTests
{
    [Theory]
    [InlineData("/healthz", 200)]
    [InlineData("/readyz", 200)]
    [InlineData("/jobs", 200)]
    [InlineData("/data/connection/lake", 200)]
    [InlineData("/data/object/lake/sales", 200)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/nothing", 404)]
    [InlineData("/data/crawl/lake", 405)]
    public async Task HEAD_answers_as_GET_does_without_a_body(string path, int status)
    {
        await using var server = await RunningServer.StartAsync();

        using var head = await server.SendAsync("HEAD", path);
        using var get = await server.SendAsync("GET", path);

        ((int)head.StatusCode).ShouldBe(status);
        get.StatusCode.ShouldBe(head.StatusCode);
        (await head.TextAsync()).ShouldBeEmpty();
        head.Content.Headers.ContentType.ShouldBe(get.Content.Headers.ContentType);
        head.Headers.ETag.ShouldBe(get.Headers.ETag);
    }

    [Fact]
    public async Task HEAD_needs_the_same_token_and_tells_the_same_trouble()
    {
        await using var server = await RunningServer.StartAsync("--metrics-urls", "http://127.0.0.1:0");
        var metrics = server.Server.MetricsUrls.Single();

        (await server.SendAsync("HEAD", "/jobs", null, null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.SendAsync("HEAD", "/metrics")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("HEAD", metrics + "/healthz", null, null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Room.Database.IsReady = false;
        (await server.SendAsync("HEAD", "/readyz", null, null)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData("DELETE", "/jobs", "GET, HEAD")]
    [InlineData("PATCH", "/jobs/summary", "GET, HEAD")]
    [InlineData("GET", "/jobs/statuses", "POST")]
    [InlineData("HEAD", "/data/crawl/lake", "POST")]
    public async Task Allow_names_every_method_the_resource_has_and_no_other(string method, string path, string allowed)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync(method, path);

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        string.Join(", ", answer.Content.Headers.Allow.Order(StringComparer.Ordinal)).ShouldBe(allowed);
    }
}
