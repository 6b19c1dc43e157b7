using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Platforms.Egress;

namespace Sluice.Platforms.Snowflake.Tests.Fakes;

/// <summary>Reads the two objects of a registration as the server would.</summary>
internal static class Payload
{
    public static readonly InstanceMark Mark = new("0a1b2c3d");

    public static readonly EgressPolicy Loopback = new() { AllowLoopback = true };

    public static (ConnectionSpec? Spec, Dictionary<string, string[]> Problems) Read(string body, ConnectionSpec? stored = null, EgressPolicy? policy = null)
    {
        var problems = new ProblemList();
        using var document = JsonBody.Parse(Encoding.UTF8.GetBytes(body), out var error);
        error.ShouldBeNull();
        var root = new PayloadObject(document!.RootElement, "$", problems);
        var spec = Platform(policy).ReadConnection(root.RequiredObject("connection"), root.OptionalObject("nativeIntegration"), stored);
        (spec is null).ShouldBe(problems.Any, "a connection comes out exactly when nothing is wrong: " + string.Join("; ", problems.Select(p => $"{p.Path} {p.Message}")));
        return (spec, problems.ByPath().ToDictionary(StringComparer.Ordinal));
    }

    public static (ConnectionSpec? Spec, Dictionary<string, string[]> Problems) Read(JsonNode body, ConnectionSpec? stored = null, EgressPolicy? policy = null) =>
        Read(body.ToJsonString(), stored, policy);

    public static ConnectionSpec Accepted(JsonNode body, ConnectionSpec? stored = null)
    {
        var (spec, problems) = Read(body, stored);
        problems.ShouldBeEmpty();
        return spec!;
    }

    /// <summary>What is stored of a connection, read again as it is before every session.</summary>
    public static (ConnectionSpec? Spec, Dictionary<string, string[]> Problems) ReadStored(ConnectionSpec spec, EgressPolicy? policy = null) => Read(
        $$"""{"connection": {{spec.Document.GetRawText()}}, "nativeIntegration": {{spec.Integration!.Value.GetRawText()}} }""", Stored(spec), policy);

    public static SnowflakePlatform Platform(EgressPolicy? policy = null, TimeProvider? time = null, SnowflakeOptions? options = null) =>
        new(new EgressGuard(policy ?? new EgressPolicy()), Mark, time ?? TimeProvider.System, options);

    public static ConnectionAccess Access(ConnectionSpec spec, string key = "snow") => new(
        key, spec.Document, spec.Integration, spec.Secrets.ToDictionary(s => s.Key, s => ((SecretInput.Literal)s.Value).Value, StringComparer.Ordinal));

    public static ConnectionSpec Stored(ConnectionSpec spec) => spec with
    {
        Secrets = spec.Secrets.ToDictionary(s => s.Key, SecretInput (_) => new SecretInput.Kept(), StringComparer.Ordinal),
    };

    public static string Literal(this ConnectionSpec spec, string path) => ((SecretInput.Literal)spec.Secrets[path]).Value;

    public static string Text(this JsonElement element, params string[] path) => path.Aggregate(element, (e, name) => e.GetProperty(name)).ToString();
}
