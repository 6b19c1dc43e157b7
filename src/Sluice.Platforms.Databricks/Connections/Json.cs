using System.Buffers;
using System.Text.Json;

namespace Sluice.Platforms.Databricks.Connections;

/// <summary>Makes JSON values.</summary>
internal static class Json
{
    /// <summary>An object of the members that are written.</summary>
    public static JsonElement Build(Action<Utf8JsonWriter> members) => JsonElement.Parse(Utf8(members));

    /// <summary>The same as bytes.</summary>
    public static byte[] Utf8(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
