using System.Net;
using Sluice.Server.Tests.Fakes;
using Sluice.Storage.Jobs;

namespace Sluice.Server.Tests.Jobs;

public sealed class JobTests
{
    [Fact]
    public async Task The_jobs_of_a_bulk_are_a_bare_array_with_the_documented_members()
    {
        await using var server = await RunningServer.StartAsync();

        var json = await (await server.SendAsync("GET", $"/jobs?bulkId={FakeConnections.BulkId}")).JsonAsync();

        var job = json.AsArray().Single()!;
        job["id"]!.GetValue<Guid>().ShouldBe(Samples.JobId);
        job["state"]!.GetValue<string>().ShouldBe("completed");
        job["output"]!["added"]!.GetValue<int>().ShouldBe(60);
        job["progress"]!["total"]!.GetValue<int>().ShouldBe(4);
    }

    [Fact]
    public async Task An_unknown_bulk_has_no_jobs()
    {
        await using var server = await RunningServer.StartAsync();

        (await (await server.SendAsync("GET", $"/jobs?bulkId={Guid.Empty}")).TextAsync()).ShouldBe("[]");
    }

    [Theory]
    [InlineData("/jobs?bulkId=x", "?bulkId")]
    [InlineData("/jobs?bulkid2=x", "?bulkid2")]
    [InlineData("/jobs/search?state=done", "?state")]
    [InlineData("/jobs/search?size=0", "?size")]
    [InlineData("/jobs/search?size=1001", "?size")]
    [InlineData("/jobs/search?startDate=2026-01-01", "?startDate")]
    [InlineData("/jobs/search?next=garbage", "?next")]
    [InlineData("/jobs/search?jobType=bogus", "?jobType")]
    public async Task A_wrong_parameter_is_named(string target, string path)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("GET", target);

        (await answer.ProblemAsync(400, "SLU0001"))["errors"]![path].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_search_filters_and_pages()
    {
        await using var server = await RunningServer.StartAsync();

        var json = await (await server.SendAsync(
            "GET", "/jobs/search?jobType=crawl&state=failed&state=retry&connectionKey=lake&next=abc&size=10")).JsonAsync();

        json["jobs"]!.AsArray().Count.ShouldBe(1);
        json["next"]!.GetValue<string>().ShouldBe("next-page");
        var query = server.Room.Jobs.Query!;
        query.Type.ShouldBe("crawl");
        query.States.ShouldBe([JobState.Failed, JobState.Retry]);
        query.ConnectionKey.ShouldBe("lake");
        query.Next.ShouldBe("abc");
        query.Size.ShouldBe(10);
    }

    [Fact]
    public async Task A_summary_counts_every_state()
    {
        await using var server = await RunningServer.StartAsync();

        (await (await server.SendAsync("GET", "/jobs/summary")).TextAsync())
            .ShouldBe("""{"created":0,"active":0,"completed":5,"failed":0,"retry":0,"cancelled":0,"expired":0}""");
    }

    [Theory]
    [InlineData("", 0, 1)]
    [InlineData(""", "wait": 10, "pollInterval": 2""", 10, 2)]
    [InlineData(""", "wait": -1""", 300, 1)]
    [InlineData(""", "wait": 86400""", 300, 1)]
    public async Task Statuses_are_a_map_by_id_and_a_wait_ends_after_300_seconds(string members, int wait, int poll)
    {
        await using var server = await RunningServer.StartAsync();

        var json = await (await server.SendAsync("POST", "/jobs/statuses", $$"""{"jobIds": ["{{Samples.JobId}}", "{{Guid.Empty}}"]{{members}}}""")).JsonAsync();

        json.AsObject().Single().Key.ShouldBe(Samples.JobId.ToString());
        json[Samples.JobId.ToString()]!["state"]!.GetValue<string>().ShouldBe("completed");
        server.Room.Jobs.Waited.ShouldBe((TimeSpan.FromSeconds(wait), TimeSpan.FromSeconds(poll)));
    }

    [Fact]
    public async Task Every_problem_of_a_status_request_is_told()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("POST", "/jobs/statuses", """{"jobIds": ["x", 1], "wait": "long", "pollInterval": 0, "extra": true}""");

        var errors = (await answer.ProblemAsync(400, "SLU0001"))["errors"]!.AsObject().Select(e => e.Key);
        errors.ShouldBe(["$.jobIds[1]", "$.jobIds[0]", "$.wait", "$.pollInterval", "$.extra"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_job_can_be_cancelled_by_its_id()
    {
        await using var server = await RunningServer.StartAsync();

        using var cancelled = await server.SendAsync("DELETE", $"/jobs/{Samples.JobId}");
        using var unknown = await server.SendAsync("DELETE", $"/jobs/{Guid.Empty}");
        using var malformed = await server.SendAsync("DELETE", "/jobs/x");

        cancelled.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await cancelled.JsonAsync())["id"]!.GetValue<Guid>().ShouldBe(Samples.JobId);
        await unknown.ProblemAsync(404, "SLU0201");
        await malformed.ProblemAsync(404, "SLU0201");
    }
}
