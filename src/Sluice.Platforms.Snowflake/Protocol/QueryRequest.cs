using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>Writes the body of a query request (the vendor's drivers).</summary>
internal static class QueryRequest
{
    public const string Path = "/queries/v1/query-request";
    public const string AbortPath = "/queries/v1/abort-request";

    public static byte[] Body(Statement statement, long sequence)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("sqlText", statement.Text);
            json.WriteBoolean("asyncExec", false);
            json.WriteNumber("sequenceId", sequence);
            json.WriteBoolean("isInternal", false);
            if (statement.Count != 1)
            {
                json.WriteStartObject("parameters");
                json.WriteNumber("MULTI_STATEMENT_COUNT", statement.Count);
                json.WriteEndObject();
            }

            if (statement.Bindings.Count > 0)
            {
                json.WriteStartObject("bindings");
                for (var i = 0; i < statement.Bindings.Count; i++)
                {
                    json.WriteStartObject((i + 1).ToString(CultureInfo.InvariantCulture));
                    json.WriteString("type", "TEXT");
                    json.WriteString("value", statement.Bindings[i]);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] AbortBody(Guid requestId) =>
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["requestId"] = requestId.ToString() });
}
