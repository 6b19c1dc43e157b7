using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using static Sluice.Core.Policies.Documents.PolicySpelling;

namespace Sluice.Core.Policies.Documents;

/// <summary>
/// The JSON Schema (2020-12) of policy documents, for editors. <see cref="PolicyReader"/> decides, and is stricter: a schema can't read predicates or
/// expressions.
/// </summary>
public static class PolicySchema
{
    /// <summary>Where a server shows it.</summary>
    public const string Path = "/schemas/policy.json";

    private static readonly Lazy<byte[]> Written = new(() => JsonSerializer.SerializeToUtf8Bytes(Build()));

    /// <summary>The schema as served.</summary>
    public static ReadOnlyMemory<byte> Utf8 => Written.Value;

    private static JsonObject Build() => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["$id"] = Path,
        ["title"] = "Sluice policy",
        ["oneOf"] = new JsonArray(Ref("policy"), List(Ref("policy"))),
        ["$defs"] = new JsonObject
        {
            ["policy"] = OneOf(
                Policy(PolicyType.Subscription, Ref("subscription")),
                Policy(PolicyType.Data, List(Object(["rules"], ("rules", List(Ref("rule"))))))),
            ["subscription"] = OneOf(
                Subscription(SubscriptionKind.Anyone, []),
                Subscription(SubscriptionKind.Approval, ["approvals"], ("approvals", List(Object(
                    ["requiredPermission"], ("requiredPermission", Choice(Approvers)), ("specificApproverRequired", Boolean()))))),
                Subscription(SubscriptionKind.Entitlements, ["entitlements"], ("entitlements", Ref("entitlements"))),
                Subscription(SubscriptionKind.Entitlements, ["advanced"], ("advanced", Predicate("A predicate about people: no columns."))),
                Subscription(SubscriptionKind.Manual, [])),
            ["entitlements"] = Entitlements(),
            ["circumstance"] = OneOf(
                Kind(Circumstances.Of(CircumstanceType.Tags), ["tag"], ("tag", Tag("The object, or what lies above it, carries it or one below it."))),
                Kind(Circumstances.Of(CircumstanceType.ColumnTags), ["columnTag"], ("columnTag", Tag("A column carries it or one below it."))),
                Kind(Circumstances.Of(CircumstanceType.ColumnRegex), ["regex"], ("regex", Text(PolicyLimits.Regex)), ("caseInsensitive", Boolean())),
                Kind(Circumstances.Of(CircumstanceType.NoTags), []),
                Kind(Circumstances.Of(CircumstanceType.ObjectPath), ["path"], ("path", List(Word(), ObjectPath.MaxDepth)))),
            ["selector"] = OneOf(
                Kind(Selectors.Of(SelectorType.ColumnTags), ["columnTag"], ("columnTag", Tag("Columns that carry it or one below it."))),
                Kind(Selectors.Of(SelectorType.ColumnRegex), ["regex"], ("regex", Text(PolicyLimits.Regex)), ("caseInsensitive", Boolean())),
                Kind(Selectors.Of(SelectorType.Column), ["column"], ("column", Word()))),
            ["rule"] = OneOf(
                Rule(RuleType.Masking, Object(
                    ["fields", "maskingConfig"], ("fields", List(Ref("selector"))), ("maskingConfig", Ref("mask")),
                    ("conditionalPredicate", Predicate("Masks only in rows where it is true or unknown.")))),
                Rule(RuleType.RowsByEntitlements, Object(["matches"], ("operator", Choice(Operators)), ("matches", List(Ref("match"))))),
                Rule(RuleType.RowsByPredicate, Object(["predicate"], ("predicate", Predicate("Shows the rows for which it is true.")))),
                Rule(RuleType.RowsByTime, Object(["column", "newerThan"], ("column", Ref("selector")), ("newerThan", Duration()))),
                Rule(RuleType.RowsByShare, Object(["percent", "on"], ("percent", Integer(1, 99)), ("on", Ref("selector"))))),
            ["match"] = OneOf(
                Object(["column", "attribute"], ("column", Ref("selector")), ("attribute", Word())),
                Object(["column", "groups"], ("column", Ref("selector")), ("groups", new JsonObject { ["const"] = true }))),
            ["mask"] = OneOf(
                Kind(Masks.Of(MaskType.Null), []),
                Kind(Masks.Of(MaskType.Constant), ["constant"], ("constant", Text(PolicyLimits.MaskValue, min: 0))),
                Kind(Masks.Of(MaskType.Hash), []),
                Kind(
                    Masks.Of(MaskType.Regex), ["regex", "replacement"], ("regex", Text(PolicyLimits.Regex)),
                    ("replacement", Text(PolicyLimits.MaskValue, min: 0)), ("caseInsensitive", Boolean()), ("global", Boolean())),
                Kind(Masks.Of(MaskType.Rounding), ["bucketSize"], ("bucketSize", new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0 })),
                Kind(Masks.Of(MaskType.Rounding), ["precision"], ("precision", Choice(Precisions))),
                Kind(Masks.Of(MaskType.Custom), ["functions"], ("functions", Functions()), ("rank", Integer(0, PolicyLimits.MaxRank)))),
        },
    };

    private static JsonObject Policy(PolicyType type, JsonObject actions) => Object(
        ["policyKey", "type", "actions"],
        ("policyKey", new JsonObject { ["type"] = "string", ["pattern"] = $"^[A-Za-z0-9_.-]{{1,{PolicyLimits.Key}}}$" }),
        ("name", Text(PolicyLimits.Name)),
        ("type", Const(PolicyTypes.Of(type))),
        ("staged", Boolean()),
        ("circumstanceOperator", Choice(Operators)),
        ("circumstances", List(Ref("circumstance"))),
        ("whenUnbound", Choice(Unbound)),
        ("actions", actions));

    private static JsonObject Subscription(SubscriptionKind kind, string[] required, params (string Name, JsonObject Schema)[] members) =>
        Kind(Kinds.Of(kind), required, [("mode", Choice(Modes)), ("accessGrant", Choice(Grants)), .. members]);

    private static JsonObject Rule(RuleType type, JsonObject config) =>
        Kind(Rules.Of(type), ["config"], ("config", config), ("exceptions", Ref("entitlements")));

    private static JsonObject Entitlements()
    {
        var entitlements = Object(
            [], ("operator", Choice(Operators)), ("groups", List(Word())),
            ("attributes", List(Object(["name", "value"], ("name", Word()), ("value", Word())))));
        entitlements["anyOf"] = new JsonArray(
            new JsonObject { ["required"] = new JsonArray("groups") }, new JsonObject { ["required"] = new JsonArray("attributes") });
        return entitlements;
    }

    private static JsonObject Functions()
    {
        var functions = Object([], [.. Technology.All.Select(t => (t.Name, Word()))]);
        functions["minProperties"] = 1;
        return functions;
    }

    private static JsonObject Kind(string type, string[] required, params (string Name, JsonObject Schema)[] members) =>
        Object(["type", .. required], [("type", Const(type)), .. members]);

    private static JsonObject Object(string[] required, params (string Name, JsonObject Schema)[] members) => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["required"] = new JsonArray([.. required.Select(r => JsonValue.Create(r))]),
        ["properties"] = new JsonObject(members.Select(m => KeyValuePair.Create<string, JsonNode?>(m.Name, m.Schema))),
    };

    private static JsonObject List(JsonObject items, int? max = null)
    {
        var list = new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = items };
        if (max is not null) list["maxItems"] = max;
        return list;
    }

    private static JsonObject OneOf(params JsonNode[] schemas) => new() { ["oneOf"] = new JsonArray(schemas) };

    private static JsonObject Ref(string definition) => new() { ["$ref"] = $"#/$defs/{definition}" };

    private static JsonObject Const(string value) => new() { ["const"] = value };

    private static JsonObject Choice<T>(Spelling<T> spelling) where T : struct, Enum =>
        new() { ["enum"] = new JsonArray([.. spelling.Texts.Select(t => JsonValue.Create(t))]) };

    private static JsonObject Boolean() => new() { ["type"] = "boolean" };

    private static JsonObject Integer(int min, int max) => new() { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max };

    private static JsonObject Text(int max, int min = 1) => new() { ["type"] = "string", ["minLength"] = min, ["maxLength"] = max };

    private static JsonObject Word() => Text(PolicyLimits.Word);

    private static JsonObject Tag(string description)
    {
        var tag = Word();
        tag["description"] = description;
        return tag;
    }

    private static JsonObject Predicate(string description)
    {
        var predicate = Text(PolicyLimits.Predicate);
        predicate["description"] = description;
        return predicate;
    }

    private static JsonObject Duration() => new() { ["type"] = "string", ["pattern"] = "^P", ["description"] = "An ISO 8601 duration without years and months, as in P90D." };
}
