using System.Text;
using System.Text.Json;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Platforms.Egress;

namespace Sluice.Platforms.LakeFormation.Tests.Fakes;

/// <summary>Reads the connection object of a payload as the server would.</summary>
internal static class Payload
{
    public static (ConnectionSpec? Spec, Dictionary<string, string[]> Problems) Read(
        string connectionJson, ConnectionSpec? stored = null, LakeFormationOptions? options = null, EgressPolicy? policy = null)
    {
        var problems = new ProblemList();
        using var body = JsonBody.Parse(Encoding.UTF8.GetBytes(connectionJson), out var error);
        error.ShouldBeNull();
        var spec = Platform(options, policy).ReadConnection(new PayloadObject(body!.RootElement, "$.connection", problems), null, stored);
        (spec is null).ShouldBe(problems.Any, "a connection comes out exactly when nothing is wrong");
        return (spec, problems.ByPath().ToDictionary(StringComparer.Ordinal));
    }

    public static LakeFormationPlatform Platform(LakeFormationOptions? options = null, EgressPolicy? policy = null, TimeProvider? time = null) =>
        new(new EgressGuard(policy ?? new EgressPolicy()), options ?? new LakeFormationOptions { ExternalId = "test-external-id", Mark = new InstanceMark("test") }, time ?? TimeProvider.System);

    public static ConnectionAccess Access(ConnectionSpec spec, string key = "lake") => new(
        key,
        spec.Document,
        null,
        spec.Secrets.ToDictionary(s => s.Key, s => ((SecretInput.Literal)s.Value).Value, StringComparer.Ordinal));

    public static ConnectionSpec Stored(ConnectionSpec spec) => spec with
    {
        Secrets = spec.Secrets.ToDictionary(s => s.Key, SecretInput (_) => new SecretInput.Kept(), StringComparer.Ordinal),
    };

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
