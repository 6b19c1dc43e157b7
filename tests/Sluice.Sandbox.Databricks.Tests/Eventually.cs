namespace Sluice.Sandbox.Databricks.Tests;

/// <summary>Waits for what comes about by itself, and fails the test when it doesn't.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public static Task TrueAsync(Func<bool> holds, string what) => AnswerAsync(() => Task.FromResult(holds() ? what : null), what);

    /// <summary>The first answer that isn't null.</summary>
    public static async Task<T> AnswerAsync<T>(Func<Task<T?>> ask, string what)
        where T : class
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        time.CancelAfter(Longest);
        while (!time.IsCancellationRequested)
        {
            if (await ask() is { } answer) return answer;
            await Task.Yield();
        }

        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        throw new TimeoutException($"After {Longest.TotalSeconds} seconds still not: {what}.");
    }
}
