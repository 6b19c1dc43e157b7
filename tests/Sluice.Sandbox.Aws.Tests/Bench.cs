using System.Text.Json;

namespace Sluice.Sandbox.Aws.Tests;

/// <summary>A sandbox with its clients, for one test.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private Bench(AwsSandbox sandbox)
    {
        Sandbox = sandbox;
        Service = new(sandbox.Endpoint, sandbox.Credentials);
        Admin = new(sandbox.Endpoint, sandbox.AdministratorCredentials);
    }

    public AwsSandbox Sandbox { get; }

    public SigningClient Service { get; }

    public SigningClient Admin { get; }

    public static async Task<Bench> StartAsync(AwsSandboxOptions? options = null) =>
        new(await AwsSandbox.StartAsync(options ?? new(), TestContext.Current.CancellationToken));

    public SigningClient As(string user) => new(Sandbox.Endpoint, Sandbox.CredentialsOf(user));

    /// <summary>All pages of a list.</summary>
    public static async Task<(List<JsonElement> Items, int Pages)> Collect(Func<string?, Task<Answer>> page, string member)
    {
        List<JsonElement> items = [];
        string? token = null;
        var pages = 0;
        do
        {
            var json = (await page(token)).ShouldSucceed().Json;
            items.AddRange(json.GetProperty(member).EnumerateArray());
            token = json.TryGetProperty("NextToken", out var next) ? next.GetString() : null;
            pages++;
        }
        while (token is not null);
        return (items, pages);
    }

    public async ValueTask DisposeAsync()
    {
        Service.Dispose();
        Admin.Dispose();
        await Sandbox.DisposeAsync();
    }
}
