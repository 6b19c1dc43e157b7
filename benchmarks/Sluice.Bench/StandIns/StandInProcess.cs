using System.Text.Json;
using Sluice.Bench.Processes;

namespace Sluice.Bench.StandIns;

/// <summary>The process of a stand-in, and the knobs that all have.</summary>
internal sealed class StandInProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(5);
    private readonly ChildProcess _process;

    private StandInProcess(ChildProcess process, string output) => (_process, Output) = (process, output);

    public int Id => _process.Id;

    /// <summary>What it printed at its start.</summary>
    public string Output { get; }

    public static async Task<StandInProcess> StartAsync(Workplace place, CancellationToken cancellationToken, params IReadOnlyList<string> arguments)
    {
        var process = ChildProcess.Start(
            Path.Combine(place.NewFolder("sandbox"), "log"), new Dictionary<string, string>(), ["dotnet", place.Sluice, "sandbox", .. arguments]);
        try
        {
            return new StandInProcess(process, await process.PrintsAsync("Ctrl+C", StartTimeout, cancellationToken));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public static async Task<IReadOnlyDictionary<string, long>> RequestsAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri(endpoint, "/_sandbox/requests"), cancellationToken));
        return answer.RootElement.GetProperty("operations").EnumerateObject().ToDictionary(o => o.Name, o => o.Value.GetInt64());
    }

    public static async Task ForgetRequestsAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var response = await http.DeleteAsync(new Uri(endpoint, "/_sandbox/requests"), cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
