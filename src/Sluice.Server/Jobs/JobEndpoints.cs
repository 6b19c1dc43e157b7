using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Engine.Errors;
using Sluice.Engine.Jobs;
using Sluice.Server.Authentication;
using Sluice.Server.Data;
using Sluice.Server.Http;
using Sluice.Server.Problems;
using Sluice.Storage.Jobs;

namespace Sluice.Server.Jobs;

/// <summary>/jobs.</summary>
internal static class JobEndpoints
{
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/jobs", ListAsync);
        routes.MapGet("/jobs/search", SearchAsync);
        routes.MapGet("/jobs/summary", SummaryAsync);
        routes.MapPost("/jobs/statuses", StatusesAsync);
        routes.MapDelete("/jobs/{id:guid}", CancelAsync);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var bulkId = query.Id("bulkId");
        query.Check();
        var jobs = await UseCases(context).ListAsync(bulkId, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, [.. jobs.Select(JobAnswer.Of)], ApiJson.Answers.IReadOnlyListJobAnswer);
    }

    private static async Task SearchAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var search = JobSearch.Read(query);
        var page = await PageAsync(context, search) ?? throw JobSearch.NotOurs(query);
        await Answer.WriteAsync(context, new JobPageAnswer([.. page.Jobs.Select(JobAnswer.Of)], page.Next), ApiJson.Answers.JobPageAnswer);
    }

    // Whether the text of next is one of its own, only the store can say.
    private static async Task<JobPage?> PageAsync(HttpContext context, JobQuery search)
    {
        try
        {
            return await UseCases(context).SearchAsync(search, context.Caller(), context.RequestAborted);
        }
        catch (ArgumentException) when (search.Next is not null)
        {
            return null;
        }
    }

    private static async Task SummaryAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var counts = await UseCases(context).SummaryAsync(context.Caller(), context.RequestAborted);
        var all = Enum.GetValues<JobState>().ToDictionary(Spelled.Camel, s => counts.TryGetValue(s, out var count) ? count : 0, StringComparer.Ordinal);
        await Answer.WriteAsync(context, all, ApiJson.Answers.IReadOnlyDictionaryStringInt64);
    }

    private static async Task StatusesAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadAsync(context);
        var asked = StatusRequest.Read(body.Element);
        using var place = asked.Wait > TimeSpan.Zero ? context.RequestServices.GetRequiredService<StatusWaits>().Enter(context.Caller()) : null;
        if (place is null && asked.Wait > TimeSpan.Zero)
        {
            RetryAfter.Set(context, StatusWaits.Pause);
            await ProblemAnswer.WriteAsync(context, ErrorCode.TooManyRequests, "Too many requests wait for jobs already: ask for more jobs at once, or without wait.");
            return;
        }

        var jobs = await UseCases(context).StatusesAsync(asked.JobIds, asked.Wait, asked.PollInterval, context.Caller(), context.RequestAborted);
        var byId = jobs.ToDictionary(j => j.Id.ToString(), JobAnswer.Of, StringComparer.Ordinal);
        await Answer.WriteAsync(context, byId, ApiJson.Answers.IReadOnlyDictionaryStringJobAnswer);
    }

    private static async Task CancelAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var id = Guid.Parse((string)context.Request.RouteValues["id"]!);
        var job = await UseCases(context).CancelAsync(id, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, JobAnswer.Of(job), ApiJson.Answers.JobAnswer);
    }

    private static IJobUseCases UseCases(HttpContext context) => context.RequestServices.GetRequiredService<IJobUseCases>();
}
