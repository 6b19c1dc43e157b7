using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Faults;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Privileges;

namespace Sluice.Sandbox.Databricks.Wire;

/// <summary>One request on its way through an operation.</summary>
internal sealed class Call(SandboxRuntime runtime, HttpContext http, Operation operation, IReadOnlyDictionary<string, string> route, ReadOnlyMemory<byte> body, ResponseBuffer answer)
{
    private AccessRules? access;
    private JsonElement? input;

    public SandboxRuntime Runtime => runtime;

    public DatabricksSandboxOptions Options => runtime.Options;

    public HttpContext Http => http;

    public Operation Operation => operation;

    public ReadOnlyMemory<byte> Body => body;

    public Utf8JsonWriter Json => answer.Json;

    /// <summary>The state the call began with.</summary>
    public WorkspaceState State { get; } = runtime.State;

    public Caller Caller { get; set; } = null!;

    /// <summary>What the faults decided and the operation itself must see to.</summary>
    public DatabricksSandboxFaultKind? Fault { get; set; }

    /// <summary>Ends with the request and with the sandbox.</summary>
    public CancellationToken Ending { get; set; }

    public int Status { get; set; } = 200;

    public string ContentType { get; set; } = "application/json";

    /// <summary>Sent in place of what was written to <see cref="Json"/>.</summary>
    public ReadOnlyMemory<byte>? Payload { get; set; }

    public AccessRules Access => access ??= new(State, Caller);

    public long Now => runtime.Now;

    public JsonElement Input => input ??= Parse();

    public string Route(string name) => route[name];

    public string? FindRoute(string name) => route.GetValueOrDefault(name);

    public string? Query(string name) => http.Request.Query.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    public string NeedQuery(string name) => Query(name) ?? throw DatabricksException.Invalid($"{name} must be set.");

    public bool Flag(string name) => Query(name) is { } text && (bool.TryParse(text, out var value) ? value : throw DatabricksException.Invalid($"Invalid value '{text}' for {name}: not a boolean."));

    public int? Number(string name) => Query(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
        : throw DatabricksException.Invalid($"Invalid value '{text}' for {name}: not an integer.");

    /// <summary>A member of the request body.</summary>
    public string? Text(string name) => Text(Input, name);

    public string NeedText(string name) => Text(name) ?? throw DatabricksException.Invalid($"{name} must be set.");

    public static string? Text(JsonElement from, string name) => !from.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => throw DatabricksException.Invalid($"Invalid value for {name}: not a string."),
    };

    public static IEnumerable<JsonElement> Items(JsonElement from, string name, JsonValueKind kind)
    {
        if (!from.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null) return [];
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(item => item.ValueKind != kind)) throw DatabricksException.Invalid($"Invalid value for {name}: not a list of {kind}s.");
        return list.EnumerateArray();
    }

    /// <summary>{}: done, and nothing to say.</summary>
    public void WriteEmpty()
    {
        Json.WriteStartObject();
        Json.WriteEndObject();
    }

    private JsonElement Parse()
    {
        if (body.IsEmpty) return JsonElement.Parse("{}");
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // Answered below: broken JSON and an array are refused alike.
        }

        throw new DatabricksException("MALFORMED_REQUEST", "Could not parse request object: not a JSON object.");
    }
}
