using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>How far a server has come with its plans.</summary>
internal static class CloudPlans
{
    /// <summary>Waits until nothing is left to do, and nobody does anything any more: a plan has nothing left to do a little before it is told to be applied.</summary>
    public static Task SettledAsync(Api api, string connection) =>
        UntilAsync(async () => await IsReconciledAsync(api, connection) && !(await StatesAsync(api, connection)).Contains("applying"));

    public static async Task<List<string>> StatesAsync(Api api, string connection) =>
        [.. (await api.GetAsync($"/api/v1/plans?connectionKey={connection}")).Json["hits"]!.AsArray().Select(static p => p!["state"]!.GetValue<string>())];

    /// <summary>How many events of an action, or of all that begin so, the audit trail has.</summary>
    public static async Task<int> EventsAsync(Api api, string action) => (await api.GetAsync($"/api/v1/audit?action={action}&size=1")).Json["count"]!.GetValue<int>();
}
