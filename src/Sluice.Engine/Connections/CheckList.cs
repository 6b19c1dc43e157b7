using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Platforms;

namespace Sluice.Engine.Connections;

/// <summary>The stored form of a connection's checks.</summary>
internal static partial class CheckList
{
    public static string ToJson(IReadOnlyList<Check> checks) => JsonSerializer.Serialize(checks, CheckListContext.Default.IReadOnlyListCheck);

    public static IReadOnlyList<Check> FromJson(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, CheckListContext.Default.IReadOnlyListCheck) ?? [];

    [JsonSourceGenerationOptions(UseStringEnumConverter = true)]
    [JsonSerializable(typeof(IReadOnlyList<Check>))]
    private sealed partial class CheckListContext : JsonSerializerContext;
}
