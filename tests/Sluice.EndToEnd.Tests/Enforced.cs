using System.Net;

namespace Sluice.EndToEnd.Tests;

/// <summary>What tests of enforcement do again and again.</summary>
internal static class Enforced
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task SucceedAsync(Task<Answer> sent)
    {
        var answer = await sent;
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
    }

    /// <summary>Waits until something is so, for three minutes at most.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
        ending.CancelAfter(TimeSpan.FromMinutes(3));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await isSo()) await look.WaitForNextTickAsync(ending.Token);
    }

    /// <summary>The server reconciles by itself; the platform is there once a plan has nothing left to do.</summary>
    public static async Task ReconciledAsync(Api api, string connection = "pg")
    {
        try
        {
            await UntilAsync(() => IsReconciledAsync(api, connection));
        }
        catch (OperationCanceledException e) when (!Token.IsCancellationRequested)
        {
            var plan = await api.PostAsync("/api/v1/plans", $$"""{"connectionKey": "{{connection}}"}""");
            throw new TimeoutException($"{connection} never came to rest. The plan is: {plan.Text}", e);
        }
    }

    public static async Task<bool> IsReconciledAsync(Api api, string connection = "pg")
    {
        // A plan looks at the whole platform: while the server is at it, there is nothing to look for.
        if (await IsBusyAsync(api, connection, "reconcile")) return false;
        var plan = await api.PostAsync("/api/v1/plans", $$"""{"connectionKey": "{{connection}}"}""");
        plan.Status.ShouldBe(HttpStatusCode.OK, plan.Text);
        return plan.Json["changes"]!.AsArray().Count == 0;
    }

    /// <summary>Waits until the server does nothing by itself with a platform.</summary>
    public static Task IdleAsync(Api api, string connection) => UntilAsync(async () => !await IsBusyAsync(api, connection));

    private static async Task<bool> IsBusyAsync(Api api, string connection, string? jobType = null)
    {
        var jobs = await api.GetAsync($"/jobs/search?connectionKey={connection}&state=created&state=active&size=1{(jobType is null ? "" : $"&jobType={jobType}")}");
        jobs.Status.ShouldBe(HttpStatusCode.OK, jobs.Text);
        return jobs.Json["jobs"]!.AsArray().Count > 0;
    }

    /// <summary>Ada and Eve are analysts, Eve a privacy officer, Ada of the EU, Mallory nothing; the e-mail addresses and regions of the shop's customers are tagged.</summary>
    public static async Task PutPeopleAndTagsAsync(Api api)
    {
        foreach (var group in (string[])["Analysts", "Privacy Office"]) await SucceedAsync(api.PostAsync("/api/v1/groups", $$"""{"name": "{{group}}"}"""));
        foreach (var name in (string[])["ada", "eve", "mallory"])
        {
            await SucceedAsync(api.PostAsync("/api/v1/users", $$"""{"username": "{{name}}"}"""));
            await SucceedAsync(api.PostAsync($"/api/v1/users/{name}/identities", $$"""{"connectionKey": "pg", "name": "{{name}}"}"""));
        }

        await SucceedAsync(api.PutAsync("/api/v1/groups/Analysts/members", """{"users": ["ada", "eve"], "groups": []}"""));
        await SucceedAsync(api.PutAsync("/api/v1/groups/Privacy%20Office/members", """{"users": ["eve"], "groups": []}"""));
        await SucceedAsync(api.PutAsync("/api/v1/users/ada/attributes", """{"attributes": [{"name": "Region", "value": "EU"}]}"""));
        foreach (var tag in (string[])["PII", "Region"]) await SucceedAsync(api.PostAsync("/api/v1/tags", $$"""{"name": "{{tag}}"}"""));
        await SucceedAsync(api.PutAsync("/api/v1/objects/pg/shop/public/customers/columns/email/tags", """{"tags": ["PII"]}"""));
        await SucceedAsync(api.PutAsync("/api/v1/objects/pg/shop/public/customers/columns/region/tags", """{"tags": ["Region"]}"""));
    }
}
