using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests;

/// <summary>A sandbox with its clients, for one test.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly List<RestClient> clients = [];

    private Bench(DatabricksSandbox sandbox) => Sandbox = sandbox;

    public DatabricksSandbox Sandbox { get; }

    public RestClient Service => field ??= As(SandboxCast.ServicePrincipal);

    public RestClient Admin => field ??= As(SandboxCast.Administrator);

    public RestClient Analyst => field ??= As(SandboxCast.Analyst);

    public RestClient Engineer => field ??= As(SandboxCast.Engineer);

    public static async Task<Bench> StartAsync(DatabricksSandboxOptions? options = null) =>
        new(await DatabricksSandbox.StartAsync(options ?? new(), TestContext.Current.CancellationToken));

    public RestClient As(string principal) => With(Sandbox.TokenOf(principal));

    public RestClient With(string? token)
    {
        var client = new RestClient(Sandbox, token);
        clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients) client.Dispose();
        await Sandbox.DisposeAsync();
    }
}
