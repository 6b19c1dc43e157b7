using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Results;

namespace Sluice.Sandbox.Snowflake.Wire;

/// <summary>A finished run as drivers read it: rowtype, rowset, chunks and where the session stands.</summary>
internal static class QueryAnswers
{
    /// <summary>The key that a run's chunks are read with (qrmk). It follows from the run's id: it guards nothing here.</summary>
    public static string KeyOf(QueryRun run) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(run.Id)));

    public static Answer Of(QueryRun run, StoredResult result, Uri endpoint)
    {
        using var body = new MemoryStream(result.First.Length + 4096);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WritePropertyName("data");
            WriteData(json, run, result, endpoint);
            json.WriteNull("message");
            json.WriteNull("code");
            json.WriteBoolean("success", true);
            json.WriteEndObject();
        }

        return new(body.ToArray());
    }

    private static void WriteData(Utf8JsonWriter json, QueryRun run, StoredResult result, Uri endpoint)
    {
        json.WriteStartObject();
        json.WritePropertyName("parameters");
        run.Session.Parameters.ToJson().WriteTo(json);
        json.WriteStartArray("rowtype");
        foreach (var column in result.Columns) WriteColumn(json, column);
        json.WriteEndArray();
        json.WritePropertyName("rowset");
        json.WriteRawValue(result.First.Span, skipInputValidation: true);
        json.WriteNumber("total", result.Total);
        json.WriteNumber("returned", result.Total);
        json.WriteString("queryId", run.Id);
        json.WriteNull("databaseProvider");
        var state = new JsonObject();
        run.Session.Describe(state);
        foreach (var (key, value) in state) json.WriteString(key, value?.ToString());
        json.WriteNumber("numberOfBinds", 0);
        json.WriteBoolean("arrayBindSupported", run.Kind == "INSERT");
        json.WriteNumber("statementTypeId", result.StatementType);
        json.WriteNumber("version", 1);
        json.WriteString("queryResultFormat", "json");
        if (run.Parts.Count > 0)
        {
            json.WriteString("resultIds", string.Join(',', run.Parts.Select(part => part.Id)));
            json.WriteString("resultTypes", string.Join(',', run.Parts.Select(part => part.Result!.StatementType)));
        }

        if (result.Chunks.Count > 0) WriteChunks(json, run, result, endpoint);
        json.WriteEndObject();
    }

    private static void WriteChunks(Utf8JsonWriter json, QueryRun run, StoredResult result, Uri endpoint)
    {
        var key = KeyOf(run);
        json.WriteString("qrmk", key);
        json.WriteStartObject("chunkHeaders");
        json.WriteString("x-amz-server-side-encryption-customer-key", key);
        json.WriteString("x-amz-server-side-encryption-customer-algorithm", "AES256");
        json.WriteEndObject();
        json.WriteStartArray("chunks");
        for (var i = 0; i < result.Chunks.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("url", new Uri(endpoint, $"{QueryOperations.ChunkRoot}{run.Id}/{i}").ToString());
            json.WriteNumber("rowCount", result.Chunks[i].RowCount);
            json.WriteNumber("uncompressedSize", result.Chunks[i].UncompressedSize);
            json.WriteNumber("compressedSize", result.Chunks[i].CompressedSize);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteColumn(Utf8JsonWriter json, ResultColumn column)
    {
        var type = column.Type;
        json.WriteStartObject();
        json.WriteString("name", column.Name);
        json.WriteString("database", "");
        json.WriteString("schema", "");
        json.WriteString("table", "");
        json.WriteString("type", type.Wire);
        json.WriteBoolean("nullable", true);
        Write("length", type.Length > 0 ? type.Length : null);
        Write("byteLength", type.Kind == SqlKind.Text ? (int)Math.Min(type.Length * 4L, SqlType.LongestText) : type.Length > 0 ? type.Length : null);
        Write("precision", type.Kind is SqlKind.Fixed or SqlKind.Time or SqlKind.TimestampNtz or SqlKind.TimestampLtz or SqlKind.TimestampTz ? type.Precision : null);
        Write("scale", type.Kind is SqlKind.Fixed or SqlKind.Time or SqlKind.TimestampNtz or SqlKind.TimestampLtz or SqlKind.TimestampTz ? type.Scale : null);
        json.WriteNull("collation");
        json.WriteEndObject();

        void Write(string name, int? value)
        {
            if (value is { } number) json.WriteNumber(name, number);
            else json.WriteNull(name);
        }
    }
}
