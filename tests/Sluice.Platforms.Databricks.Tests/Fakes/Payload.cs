using System.Text;
using System.Text.Json;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Platforms.Egress;

namespace Sluice.Platforms.Databricks.Tests.Fakes;

/// <summary>Reads payloads as the server would.</summary>
internal static class Payload
{
    public static (ConnectionSpec? Spec, Dictionary<string, string[]> Problems) Read(string body, ConnectionSpec? stored = null, EgressPolicy? policy = null)
    {
        var problems = new ProblemList();
        using var parsed = JsonBody.Parse(Encoding.UTF8.GetBytes(body), out var error);
        error.ShouldBeNull();
        var payload = new PayloadObject(parsed!.RootElement, "$", problems);
        var connection = payload.OptionalObject("connection") ?? new PayloadObject(stored!.Document, "$.connection", problems);
        var spec = Platform(policy).ReadConnection(connection, payload.OptionalObject("nativeIntegration"), stored);
        (spec is null).ShouldBe(problems.Any, "a connection comes out exactly when nothing is wrong");
        return (spec, problems.ByPath().ToDictionary(StringComparer.Ordinal));
    }

    public static DatabricksPlatform Platform(EgressPolicy? policy = null, DatabricksOptions? options = null, TimeProvider? time = null) =>
        new(new EgressGuard(policy ?? new EgressPolicy()), new InstanceMark(FakeWorkspace.Instance), options ?? new DatabricksOptions(), time ?? TimeProvider.System);

    public static ConnectionAccess Access(ConnectionSpec spec, string key = "unity") => new(
        key,
        spec.Document,
        spec.Integration,
        spec.Secrets.ToDictionary(s => s.Key, s => ((SecretInput.Literal)s.Value).Value, StringComparer.Ordinal));

    public static ConnectionSpec Stored(ConnectionSpec spec) => spec with
    {
        Secrets = spec.Secrets.ToDictionary(s => s.Key, SecretInput (_) => new SecretInput.Kept(), StringComparer.Ordinal),
    };

    public static (string? Script, Dictionary<string, string[]> Problems) Script(string body, Func<DatabricksPlatform, PayloadObject, string?> write)
    {
        var problems = new ProblemList();
        using var parsed = JsonBody.Parse(Encoding.UTF8.GetBytes(body), out var error);
        error.ShouldBeNull();
        var script = write(Platform(), new PayloadObject(parsed!.RootElement, "$", problems));
        (script is null).ShouldBe(problems.Any, "a script comes out exactly when nothing is wrong");
        return (script, problems.ByPath().ToDictionary(StringComparer.Ordinal));
    }

    public static JsonElement Element(string json) => JsonElement.Parse(json);
}
