using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Platforms;
using Sluice.Platforms.Databricks;
using Sluice.Platforms.Egress;
using Sluice.Platforms.LakeFormation;
using Sluice.Platforms.PostgreSql;
using Sluice.Platforms.Snowflake;

namespace Sluice.Server.Tests.OpenApi;

/// <summary>What the document says of the bodies that platforms read, held against what platforms read.</summary>
public sealed class RequestExamplesTests
{
    private const string Create = "/integrations/scripts/create";
    private const string Cleanup = "/integrations/scripts/cleanup";
    private const string Edit = "/integrations/{id}/scripts/edit";

    private static readonly EgressGuard Egress = new(new EgressPolicy());

    private static readonly Dictionary<Technology, IPlatform> Readers = new IPlatform[]
    {
        new LakeFormationPlatform(Egress, new LakeFormationOptions { ExternalId = "external", Mark = new InstanceMark("test") }, TimeProvider.System),
        new PostgreSqlPlatform(Egress, new InstanceMark("instance"), TimeProvider.System),
        new SnowflakePlatform(Egress, new InstanceMark("instance"), TimeProvider.System),
        new DatabricksPlatform(Egress, new InstanceMark("instance"), new DatabricksOptions(), TimeProvider.System),
    }.ToDictionary(p => p.Technology);

    public static TheoryData<string> Registrations { get; } = [.. Names("/data/connection", "post")];

    public static TheoryData<string> Updates { get; } = [.. Names("/data/connection/{connectionKey}", "put").Where(n => n != "settings")];

    public static TheoryData<string, string> Scripts { get; } =
        [.. from path in (string[])[Create, Cleanup, Edit] from name in Names(path, "post") select (path, name)];

    [Fact]
    public void Every_technology_and_every_way_to_log_in_has_an_example()
    {
        Ways("/data/connection", "connection", "technology").ShouldBe(
            [
                "Databricks oAuthM2M", "Databricks token", "Glue accessKey", "Glue assumedRole", "PostgreSQL userPassword", "Snowflake keyPair",
                "Snowflake oAuthClientCredentials false", "Snowflake oAuthClientCredentials true", "Snowflake userPassword",
            ]);
        Ways(Create, "config", "type").ShouldBe(
            [
                "Databricks oAuthM2M", "Databricks token", "PostgreSQL", "Snowflake keyPair", "Snowflake oAuthClientCredentials false",
                "Snowflake oAuthClientCredentials true", "Snowflake userPassword",
            ]);
        foreach (var path in (string[])[Edit, Cleanup])
            Names(path, "post").Select(n => (string)Example(path, "post", n)["type"]!).Order(StringComparer.Ordinal).ShouldBe(["Databricks", "Snowflake"]);

        static IEnumerable<string> Ways(string path, string member, string technology) => Names(path, "post").Select(n => Example(path, "post", n))
            .Select(body => (Technology: body[technology] ?? body[member]![technology], Login: body[member]!))
            .Select(x => $"{x.Technology} {x.Login["authenticationType"]} {(x.Technology!.GetValue<string>() == "Snowflake" ? x.Login["oAuthClientConfig"]?["useCertificate"] : null)}".Trim())
            .Order(StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Registrations))]
    public void A_registration_is_read_as_the_document_says(string example) =>
        Agree("Registration", Example("/data/connection", "post", example), ["connection", "nativeIntegration"], ReadRegistration);

    [Theory]
    [MemberData(nameof(Updates))]
    public void An_update_is_read(string example)
    {
        var body = Example("/data/connection/{connectionKey}", "put", example);
        var technology = (string)body["connection"]!["technology"]!;
        var registered = Names("/data/connection", "post").Select(n => Example("/data/connection", "post", n))
            .First(r => JsonNode.DeepEquals(r["connection"]!["technology"], technology) && JsonNode.DeepEquals(r["connection"]!["authenticationType"], body["connection"]!["authenticationType"]));
        var problems = new ProblemList();
        var platform = Readers[new Technology(technology)];
        var stored = platform.ReadConnection(Payload(registered, "connection", problems)!, Payload(registered, "nativeIntegration", problems), stored: null);

        platform.ReadConnection(Payload(body, "connection", problems)!, nativeIntegration: null, stored).ShouldNotBeNull(string.Join('\n', problems));
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_request_is_read_as_the_document_says(string path, string example)
    {
        var body = Example(path, "post", example);
        var platform = Readers[new Technology((string)body["type"]!)];
        Agree(path == Create ? "ScriptRequest" : "IntegrationScriptRequest", body, [""], Write);

        void Write(JsonNode request, ProblemList problems)
        {
            var payload = new PayloadObject(JsonSerializer.SerializeToElement(request), "$", problems);
            var script = path switch
            {
                Create => ((IWritesSetupScript)platform).WriteSetupScript(payload),
                Cleanup => ((IWritesIntegrationScripts)platform).WriteCleanupScript(payload),
                _ => ((IWritesIntegrationScripts)platform).WriteEditScript(Stored(platform), payload),
            };
            (script is null).ShouldBe(problems.Any);
        }
    }

    private static void ReadRegistration(JsonNode body, ProblemList problems)
    {
        // A body that names no technology is refused before a platform is asked.
        if (body["connection"] is not JsonObject connection || connection["technology"] is not JsonValue name || !name.TryGetValue<string>(out var technology))
        {
            problems.Add("$.connection.technology", "is required");
            return;
        }

        var spec = Readers[new Technology(technology)].ReadConnection(Payload(body, "connection", problems)!, Payload(body, "nativeIntegration", problems), stored: null);
        (spec is null).ShouldBe(problems.Any);
    }

    /// <summary>The document and the reader take the example; of what comes of it by a change of one member, they take and refuse the same.</summary>
    private static void Agree(string schema, JsonNode example, IReadOnlyList<string> below, Action<JsonNode, ProblemList> read)
    {
        Judge(example, "as it is").ShouldBe((true, true));
        var changes = 0;
        foreach (var (changed, what) in below.SelectMany(b => Changes(example, b)))
        {
            var (document, reader) = Judge(changed, what);
            document.ShouldBe(reader, what);
            changes++;
        }

        changes.ShouldBeGreaterThan(9);

        (bool Document, bool Reader) Judge(JsonNode body, string what)
        {
            var problems = new ProblemList();
            read(body, problems);
            if (what == "as it is") problems.ShouldBeEmpty(string.Join('\n', problems));
            return (Contract.Faults(Contract.Document["components"]!["schemas"]![schema]!, body).Count == 0, problems.All(IsAboutTwoMembers));
        }
    }

    /// <summary>Each member left out, each value of another type, and each object with a member too many.</summary>
    private static IEnumerable<(JsonNode Body, string What)> Changes(JsonNode example, string below)
    {
        foreach (var path in Paths(example, []).Where(p => p.Count > 0 && (below.Length == 0 || p[0] == below)))
        {
            var name = string.Join('.', path);
            yield return (Changed(example, path, (owner, member) => owner.Remove(member)), $"{name} left out");
            yield return (Changed(example, path, (owner, member) => owner[member] = owner[member]!.GetValueKind() == JsonValueKind.Number ? "1" : 1), $"{name} of another type");
            if (At(example, path) is JsonObject) yield return (Changed(example, [.. path, "surplus"], (owner, member) => owner[member] = true), $"{name}.surplus");
        }
    }

    // What no schema tells: that one fact in two places is the same.
    private static bool IsAboutTwoMembers(Problem problem) =>
        problem.Message.Contains("the same as", StringComparison.Ordinal) && !problem.Message.StartsWith("is required", StringComparison.Ordinal);

    private static IEnumerable<List<string>> Paths(JsonNode? node, List<string> path)
    {
        yield return path;
        if (node is not JsonObject members) yield break;
        foreach (var (name, member) in members)
            foreach (var found in Paths(member, [.. path, name])) yield return found;
    }

    private static JsonNode Changed(JsonNode example, List<string> path, Action<JsonObject, string> change)
    {
        var body = example.DeepClone();
        change(At(body, path[..^1])!.AsObject(), path[^1]);
        return body;
    }

    private static JsonNode? At(JsonNode body, List<string> path) => path.Aggregate<string, JsonNode?>(body, (node, name) => node![name]);

    private static JsonElement Stored(IPlatform platform)
    {
        var registered = Names("/data/connection", "post").Select(n => Example("/data/connection", "post", n))
            .Last(r => JsonNode.DeepEquals(r["connection"]!["technology"], platform.Technology.Name));
        var problems = new ProblemList();
        return platform.ReadConnection(Payload(registered, "connection", problems)!, Payload(registered, "nativeIntegration", problems), stored: null)!.Integration!.Value;
    }

    private static PayloadObject? Payload(JsonNode body, string member, ProblemList problems) =>
        body[member] is { } node ? new PayloadObject(JsonSerializer.SerializeToElement(node), $"$.{member}", problems) : null;

    private static IEnumerable<string> Names(string path, string method) => Examples(path, method).Select(e => e.Key);

    private static JsonNode Example(string path, string method, string name) => Examples(path, method)[name]!["value"]!;

    private static JsonObject Examples(string path, string method) =>
        Contract.Document["paths"]![path]![method]!["requestBody"]!["content"]!["application/json"]!["examples"]!.AsObject();
}
