using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Tests;

/// <summary>A sandbox with its clients, for one test.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly List<WireClient> clients = [];

    private Bench(SnowflakeSandbox sandbox) => Sandbox = sandbox;

    public SnowflakeSandbox Sandbox { get; }

    /// <summary>The service user's session.</summary>
    public WireClient Service { get; private set; } = null!;

    /// <summary>A session with the role ACCOUNTADMIN.</summary>
    public WireClient Admin { get; private set; } = null!;

    public static async Task<Bench> StartAsync(SnowflakeSandboxOptions? options = null)
    {
        var bench = new Bench(await SnowflakeSandbox.StartAsync(options ?? new() { Catalog = SnowflakeSandboxCatalog.Empty }, TestContext.Current.CancellationToken));
        bench.Service = await bench.As(SnowflakeSandbox.ServiceName);
        bench.Admin = await bench.As(SnowflakeSandbox.AdministratorName);
        return bench;
    }

    public WireClient Client()
    {
        var client = new WireClient(Sandbox.Endpoint);
        clients.Add(client);
        return client;
    }

    public async Task<WireClient> As(string user, string query = "")
    {
        var client = Client();
        (await client.PasswordAsync(user, Sandbox.PasswordOf(user), query)).ShouldSucceed();
        return client;
    }

    /// <summary>Runs statements as the administrator.</summary>
    public async Task Run(params string[] statements)
    {
        foreach (var statement in statements) (await Admin.QueryAsync(statement)).ShouldSucceed();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients) client.Dispose();
        await Sandbox.DisposeAsync();
    }
}
