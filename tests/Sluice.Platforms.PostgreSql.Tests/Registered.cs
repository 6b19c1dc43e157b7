using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Platforms.Egress;
using Sluice.Testing;

namespace Sluice.Platforms.PostgreSql;

/// <summary>Registers servers the way the API does: a payload, read and checked, then opened.</summary>
internal static class Registered
{
    public const string Key = "warehouse";

    public static readonly InstanceMark Mark = new("tests");

    public static readonly PostgreSqlOptions Impatient = new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(2),
        LoginRetries = Http.RetryPolicy.None with { Deadline = TimeSpan.FromSeconds(4) },
    };

    public static PostgreSqlPlatform Platform(
        PostgreSqlOptions? options = null, IHostResolver? resolver = null, EgressPolicy? policy = null, InstanceMark? mark = null) =>
        new(new EgressGuard(policy ?? new EgressPolicy { AllowLoopback = true }, resolver), mark ?? Mark, TimeProvider.System, options);

    public static JsonObject Payload(
        PostgresCluster cluster, string? user = null, string? password = null, string hostname = "127.0.0.1", string sslMode = "disable") => new()
    {
        ["technology"] = "PostgreSQL",
        ["authenticationType"] = "userPassword",
        ["hostname"] = hostname,
        ["port"] = cluster.Port,
        ["username"] = user ?? "postgres",
        ["password"] = password ?? cluster.SuperuserPassword,
        ["sslMode"] = sslMode,
    };

    public static IPlatformSession Open(JsonObject payload, PostgreSqlPlatform? platform = null)
    {
        platform ??= Platform();
        var problems = new ProblemList();
        var spec = platform.ReadConnection(new PayloadObject(JsonSerializer.SerializeToElement(payload), "$.connection", problems), null, null);
        problems.ShouldBeEmpty();
        var secrets = spec!.Secrets.ToDictionary(s => s.Key, s => ((SecretInput.Literal)s.Value).Value);
        return platform.Open(new ConnectionAccess(Key, spec.Document, null, secrets));
    }

    /// <summary>The refusal of a call, after making sure that nothing in it tells the password.</summary>
    public static async Task<PlatformException> RefusalAsync(Func<Task> call, JsonObject payload)
    {
        var refusal = await Should.ThrowAsync<PlatformException>(call);
        var password = payload["password"]!.GetValue<string>();
        for (Exception? e = refusal; e is not null; e = e.InnerException)
        {
            e.ToString().ShouldNotContain(password);
            foreach (var value in e.Data.Values) $"{value}".ShouldNotContain(password);
        }

        return refusal;
    }

    public static async Task<PlatformException> LoginRefusalAsync(JsonObject payload, PostgreSqlPlatform? platform = null)
    {
        await using var session = Open(payload, platform);
        return await RefusalAsync(() => session.IdentifyAsync(TestContext.Current.CancellationToken), payload);
    }
}

/// <summary>A resolver that knows names of its own.</summary>
internal sealed class KnownHosts(params (string Host, string Address)[] hosts) : IHostResolver
{
    public int Asked { get; private set; }

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Asked++;
        return Task.FromResult(hosts.Where(h => h.Host == host).Select(h => IPAddress.Parse(h.Address)).ToArray());
    }
}
