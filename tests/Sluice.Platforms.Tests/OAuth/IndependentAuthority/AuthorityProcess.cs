using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sluice.Testing;

namespace Sluice.Platforms.Tests.OAuth.IndependentAuthority;

/// <summary>The authority's process, which the tests of a class share; each has clients of its own there.</summary>
public sealed class AuthorityProcess : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private NodeServer? _server;

    /// <summary>An authority that takes a secret in the header, in the form, or an assertion.</summary>
    public string Issuer => (string)_server!.Ready["issuer"]!;

    /// <summary>One that takes a secret in the form only.</summary>
    public string PostOnly => (string)_server!.Ready["postOnly"]!;

    /// <summary>Starts it where it does not run yet; without node the test is skipped.</summary>
    public async Task RequireAsync(Action<string> output, CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            _server ??= await NodeServer.StartAsync(
                "Sluice.Platforms.Tests/OAuth/IndependentAuthority", "oidc-provider", "authority.mjs", output, cancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Makes a client known that has a secret; without <paramref name="scope"/> it may have every one.</summary>
    public Task AddAsync(string id, string secret, string method = "client_secret_basic", int life = 600, string? scope = null)
    {
        var client = new JsonObject { ["client_id"] = id, ["client_secret"] = secret, ["token_endpoint_auth_method"] = method };
        if (scope is not null) client["scope"] = scope;
        return _server!.TellAsync(new JsonObject { ["client"] = client, ["life"] = life }, TestContext.Current.CancellationToken);
    }

    /// <summary>Makes a client known that has a key, or replaces its keys by this one.</summary>
    public Task SetKeyAsync(string id, RSA key, string? x5t = null)
    {
        var half = key.ExportParameters(includePrivateParameters: false);
        var jwk = new JsonObject { ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(half.Modulus), ["e"] = Base64Url.EncodeToString(half.Exponent) };
        return _server!.TellAsync(
            new JsonObject
            {
                ["client"] = new JsonObject
                {
                    ["client_id"] = id, ["token_endpoint_auth_method"] = "private_key_jwt", ["jwks"] = new JsonObject { ["keys"] = new JsonArray(jwk) },
                },
                ["life"] = 600,
                ["x5t"] = x5t,
            },
            TestContext.Current.CancellationToken);
    }

    /// <summary>What was asked for a client, and how it was answered.</summary>
    public async Task<IReadOnlyList<JsonNode>> RequestsAsync(string id) =>
        [.. (await _server!.TellAsync(new JsonObject { ["requestsOf"] = id }, TestContext.Current.CancellationToken))["requests"]!.AsArray().OfType<JsonNode>()];

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _starting.Dispose();
    }
}
