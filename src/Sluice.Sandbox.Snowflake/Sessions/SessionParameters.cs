using System.Text.Json.Nodes;

namespace Sluice.Sandbox.Snowflake.Sessions;

/// <summary>The session parameters: those that drivers read, with Snowflake's defaults, and what ALTER SESSION set.</summary>
internal sealed class SessionParameters
{
    private static readonly (string Key, JsonValue Default, string Description)[] Known =
    [
        ("AUTOCOMMIT", JsonValue.Create(true), "The autocommit property determines whether statement should to be implicitly wrapped within a transaction or not."),
        ("BINARY_OUTPUT_FORMAT", JsonValue.Create("HEX"), "display format for binary"),
        ("CLIENT_PREFETCH_THREADS", JsonValue.Create(4), "Customer parameter to control threads, 0=auto"),
        ("CLIENT_SESSION_KEEP_ALIVE", JsonValue.Create(false), "If true, client session will not expire automatically"),
        ("CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY", JsonValue.Create(3600), "Heartbeat frequency in seconds"),
        ("DATE_OUTPUT_FORMAT", JsonValue.Create("YYYY-MM-DD"), "display format for date"),
        ("JS_TREAT_INTEGER_AS_BIGINT", JsonValue.Create(false), "If true, the nodejs client will convert all integer columns to bigint type"),
        ("MULTI_STATEMENT_COUNT", JsonValue.Create(1), "Number of statement included in submitted query text"),
        ("QUERY_CONTEXT_CACHE_SIZE", JsonValue.Create(5), "Size of the query context cache"),
        ("QUERY_TAG", JsonValue.Create(""), "String (up to 2000 characters) used to tag statements executed by the session"),
        ("QUOTED_IDENTIFIERS_IGNORE_CASE", JsonValue.Create(false), "If true, the case of quoted identifiers is ignored"),
        ("STATEMENT_TIMEOUT_IN_SECONDS", JsonValue.Create(172_800), "Timeout in seconds for statements"),
        ("TIMESTAMP_LTZ_OUTPUT_FORMAT", JsonValue.Create(""), "Display format for TIMESTAMP_LTZ values"),
        ("TIMESTAMP_NTZ_OUTPUT_FORMAT", JsonValue.Create("YYYY-MM-DD HH24:MI:SS.FF3"), "Display format for TIMESTAMP_NTZ values"),
        ("TIMESTAMP_OUTPUT_FORMAT", JsonValue.Create("YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM"), "Default display format for all timestamp types"),
        ("TIMESTAMP_TZ_OUTPUT_FORMAT", JsonValue.Create(""), "Display format for TIMESTAMP_TZ values"),
        ("TIMEZONE", JsonValue.Create("UTC"), "time zone"),
        ("TIME_OUTPUT_FORMAT", JsonValue.Create("HH24:MI:SS"), "display format for time"),
    ];

    private readonly SortedDictionary<string, JsonValue> set = new(StringComparer.Ordinal);

    public string QueryTag => Get("QUERY_TAG")?.ToString() ?? "";

    public JsonValue? Get(string key) => set.GetValueOrDefault(key) ?? Known.FirstOrDefault(known => known.Key == key).Default;

    public void Set(string key, JsonValue value) => set[key.ToUpperInvariant()] = value;

    public void Unset(string key) => set.Remove(key);

    public IEnumerable<(string Key, string Value, string Default, string Level, string Description, string Type)> All() =>
        from key in Known.Select(known => known.Key).Union(set.Keys).Order(StringComparer.Ordinal)
        let known = Known.FirstOrDefault(candidate => candidate.Key == key)
        let value = Get(key)!
        select (key, Spell(value), known.Default is null ? "" : Spell(known.Default), set.ContainsKey(key) ? "SESSION" : "", known.Description ?? "", TypeOf(value));

    public JsonArray ToJson()
    {
        var array = new JsonArray();
        foreach (var (key, _, _, _, _, _) in All()) array.Add(new JsonObject { ["name"] = key, ["value"] = Get(key)!.DeepClone() });
        return array;
    }

    private static string Spell(JsonValue value) => value.ToString();

    private static string TypeOf(JsonValue value) => value.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => "BOOLEAN",
        System.Text.Json.JsonValueKind.Number => "NUMBER",
        _ => "STRING",
    };
}
