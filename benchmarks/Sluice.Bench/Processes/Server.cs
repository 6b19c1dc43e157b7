namespace Sluice.Bench.Processes;

/// <summary><c>sluice serve</c>.</summary>
internal sealed class Server : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private readonly ChildProcess _process;

    private Server(ChildProcess process, string folder, string url)
    {
        _process = process;
        Folder = folder;
        Url = url;
    }

    public int Id => _process.Id;

    public string Folder { get; }

    public string Url { get; }

    /// <summary>The SQLite database, when that is what it stores in.</summary>
    public string DatabaseFile => Path.Combine(Folder, "sluice.db");

    /// <summary>From the start of its process until /readyz answered 200.</summary>
    public TimeSpan StartTime { get; private init; }

    /// <param name="place">Where it runs.</param>
    /// <param name="folder">Its data.</param>
    /// <param name="postgres">A PostgreSQL connection string; SQLite without one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Server> StartAsync(Workplace place, string folder, string? postgres, CancellationToken cancellationToken)
    {
        var url = $"http://127.0.0.1:{ChildProcess.FreePort()}";
        var environment = new Dictionary<string, string>();
        if (postgres is not null) environment["SLUICE_DATABASE"] = postgres;
        var process = ChildProcess.Start(
            Path.Combine(folder, "log"), environment,
            "dotnet", place.Sluice, "serve", "--data", folder, "--urls", url, "--allow-loopback", "--vault-key-in-data", "--rate-limit", "0");
        try
        {
            var time = await process.AnswersAsync($"{url}/readyz", StartTimeout, cancellationToken);
            return new Server(process, folder, url) { StartTime = time };
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public string AdminKey() => File.ReadAllText(Path.Combine(Folder, "admin.key")).Trim();

    public ServerApi Api() => new(Url, AdminKey());

    /// <summary>Lets it end by itself.</summary>
    public Task StopAsync() => _process.StopAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
