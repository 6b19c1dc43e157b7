using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Documents;
using Sluice.Engine.Policies;

namespace Sluice.Engine.Tests.Policies;

/// <summary>The documentation, the schema and the reader say the same.</summary>
public sealed partial class PolicyDocumentationTests
{
    private const string Unknown = "qqqqqqqqqqqqqqqq";
    private const string KnownHere = "is not a known member; known here: ";

    private static readonly JsonSchema Schema = JsonSchema.FromText(Encoding.UTF8.GetString(PolicySchema.Utf8.Span));

    public static TheoryData<string> Examples => [.. ExamplePattern().Matches(File.ReadAllText(Path.Combine(Root(), "docs", "policies.md"))).Select(m => m.Groups["text"].Value)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_is_read_and_is_what_the_schema_says(string text)
    {
        var problems = new PolicyProblems();
        var isJson = text.StartsWith('[') || text.StartsWith('{');

        var documents = isJson ? PolicyJson.Read(Encoding.UTF8.GetBytes(text), problems) : PolicyYaml.Read(Encoding.UTF8.GetBytes(text), problems);
        var policies = PolicyReader.ReadAll(documents, problems);

        problems.Select(p => p.ToString()).ShouldBeEmpty();
        policies.ShouldNotContain(p => p == null);
        if (!isJson) text.ShouldStartWith("# yaml-language-server: $schema=/schemas/policy.json\n");
        foreach (var document in documents) IsValid(document.Root).ShouldBeTrue();
        foreach (var policy in policies) IsValid(PolicyWriter.Write(policy!)).ShouldBeTrue();
    }

    [Fact]
    public void What_is_compared_has_every_kind()
    {
        var all = string.Concat(Examples.Select(e => e.Data).Concat(Others));

        foreach (var type in Definitions().SelectMany(d => Branches(d.Value!.AsObject())).Select(TypeOf).OfType<string>()) all.ShouldContain(type);
    }

    [Fact]
    public void The_reader_knows_the_members_that_the_schema_knows()
    {
        var compared = 0;
        foreach (var document in Examples.Select(e => e.Data).Concat(Others).SelectMany(t => PolicyYaml.Read(Encoding.UTF8.GetBytes(t), [])))
        {
            var problems = new PolicyProblems();
            PolicyReader.Read(Spoiled(document.Root), problems);
            var known = problems.Where(p => p.Message.StartsWith(KnownHere, StringComparison.Ordinal))
                .ToDictionary(p => p.Path[..^(Unknown.Length + 1)], p => p.Message[KnownHere.Length..].Split(", "), StringComparer.Ordinal);
            Compare(document.Root, Definition("policy"), "$", known);
            compared += known.Count;
        }

        compared.ShouldBeGreaterThan(60);
    }

    // What the examples leave out.
    private static readonly string[] Others =
    [
        "policyKey: p\ntype: subscription\ncircumstances: [{type: noTags}]\nactions: {type: anyone}\n",
        "policyKey: p\ntype: subscription\nactions: {type: manual}\n",
        "policyKey: p\ntype: data\nactions: [{rules: [{type: Masking, config: {fields: [{type: column, column: a}], maskingConfig: {type: 'Null'}}}]}]\n",
    ];

    private static void Compare(DocumentNode node, JsonObject schema, string path, Dictionary<string, string[]> known)
    {
        if (node is DocumentNode.Sequence list)
        {
            for (var i = 0; i < list.Items.Count; i++) Compare(list.Items[i], Resolved(schema)["items"]!.AsObject(), $"{path}[{i}]", known);
            return;
        }

        if (node is not DocumentNode.Mapping mapping) return;
        var type = mapping.Members.FirstOrDefault(m => m.Name == "type")?.Value is DocumentNode.Scalar scalar ? scalar.Text : null;
        // What does not go with the kind of a subscription is known all the same, and refused with the reason.
        var isSubscription = schema["$ref"]?.GetValue<string>() == "#/$defs/subscription";
        var members = Branches(schema).Where(b => isSubscription || TypeOf(b) is not { } named || named == type).SelectMany(b => b["properties"]!.AsObject())
            .GroupBy(p => p.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Value!.AsObject(), StringComparer.Ordinal);
        known.ShouldContainKey(path);
        string.Join(", ", known[path]).ShouldBe(string.Join(", ", members.Keys.Order(StringComparer.Ordinal)), path);
        foreach (var member in mapping.Members) Compare(member.Value, members[member.Name], $"{path}.{member.Name}", known);
    }

    private static DocumentNode Spoiled(DocumentNode node) => node switch
    {
        DocumentNode.Mapping mapping => new DocumentNode.Mapping(
            mapping.Members.Select(m => m with { Value = Spoiled(m.Value) }).Append(new DocumentMember(Unknown, new DocumentNode.Scalar(ScalarKind.Text, "x"))).ToValueList()),
        DocumentNode.Sequence list => new DocumentNode.Sequence(list.Items.Select(Spoiled).ToValueList()),
        _ => node,
    };

    private static JsonObject Definitions() => JsonNode.Parse(PolicySchema.Utf8.Span)!["$defs"]!.AsObject();

    private static JsonObject Definition(string name) => Definitions()[name]!.AsObject();

    private static JsonObject Resolved(JsonObject schema) =>
        schema["$ref"] is { } reference ? Definition(reference.GetValue<string>()["#/$defs/".Length..]) : schema;

    private static IEnumerable<JsonObject> Branches(JsonObject schema)
    {
        schema = Resolved(schema);
        return schema["oneOf"] is JsonArray branches ? branches.Select(b => b!.AsObject()) : [schema];
    }

    private static string? TypeOf(JsonObject branch) => branch["properties"]?["type"]?["const"]?.GetValue<string>();

    private static bool IsValid(DocumentNode node)
    {
        using var document = JsonDocument.Parse(PolicyJson.Write(node));
        return Schema.Evaluate(document.RootElement).IsValid;
    }

    private static string Root()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "Sluice.slnx"))) return directory.FullName;
        throw new InvalidOperationException("The tests don't run inside the repository.");
    }

    [GeneratedRegex(@"^```(yaml|json)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ExamplePattern();
}
