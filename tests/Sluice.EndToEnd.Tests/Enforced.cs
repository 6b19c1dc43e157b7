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
    public static Task ReconciledAsync(Api api, string connection = "pg") => UntilAsync(() => IsReconciledAsync(api, connection));

    public static async Task<bool> IsReconciledAsync(Api api, string connection = "pg")
    {
        var plan = await api.PostAsync("/api/v1/plans", $$"""{"connectionKey": "{{connection}}"}""");
        plan.Status.ShouldBe(HttpStatusCode.OK, plan.Text);
        return plan.Json["changes"]!.AsArray().Count == 0;
    }
}
