using System.Net;
using Sluice.Server.Jobs;

namespace Sluice.Server.Tests.Jobs;

public sealed class StatusWaitTests
{
    private const string Wait = """{"jobIds": [], "wait": 300}""";

    [Fact]
    public async Task One_caller_has_so_many_waits_and_others_wait_too()
    {
        await using var server = await RunningServer.StartAsync();
        var ended = new TaskCompletionSource();
        server.Room.Jobs.Ended = ended.Task;
        var waiting = await StartWaitsAsync(server, server.AdminKey, StatusWaits.MostOfOne);

        using var refused = await server.SendAsync("POST", "/jobs/statuses", Wait);
        using var withoutWait = await server.SendAsync("POST", "/jobs/statuses", """{"jobIds": []}""");
        var another = await StartWaitsAsync(server, server.KeyWith(), 1);
        ended.SetResult();

        await refused.ProblemAsync(429, "SLU0601");
        refused.Headers.RetryAfter!.Delta.ShouldBe(StatusWaits.Pause);
        withoutWait.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var answer in await Task.WhenAll([.. waiting, .. another])) answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("POST", "/jobs/statuses", Wait)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task All_callers_together_have_so_many_waits()
    {
        await using var server = await RunningServer.StartAsync();
        var ended = new TaskCompletionSource();
        server.Room.Jobs.Ended = ended.Task;
        var waiting = new List<Task<HttpResponseMessage>>();
        for (var i = 0; i < StatusWaits.MostOfAll; i++) waiting.AddRange(await StartWaitsAsync(server, server.KeyOf($"service:{i / StatusWaits.MostOfOne}"), 1));

        using var refused = await server.SendAsync("POST", "/jobs/statuses", Wait);
        ended.SetResult();

        await refused.ProblemAsync(429, "SLU0601");
        foreach (var answer in await Task.WhenAll(waiting)) answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("POST", "/jobs/statuses", Wait)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<List<Task<HttpResponseMessage>>> StartWaitsAsync(RunningServer server, string key, int count)
    {
        var waits = new List<Task<HttpResponseMessage>>();
        for (var i = 0; i < count; i++)
        {
            waits.Add(server.SendAsync("POST", "/jobs/statuses", Wait, key));
            await server.Room.Jobs.Waiting.WaitAsync(TestContext.Current.CancellationToken);
        }

        return waits;
    }
}
