using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Statements;

/// <summary>Writes statements and their results as the Statement Execution API does.</summary>
internal static class StatementWriting
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    public static void Response(Call call, StatementRun run)
    {
        var outcome = run.Outcome;
        var state = outcome.State;
        var json = call.Json;
        json.WriteStartObject();
        json.WriteString("statement_id", run.Id);
        json.WriteStartObject("status");
        json.WriteString("state", state.ToString().ToUpperInvariant());
        if (state == StatementState.Failed && outcome.Error is { } error)
        {
            json.WriteStartObject("error");
            json.WriteString("error_code", error.Code);
            json.WriteString("message", error.Message);
            json.WriteEndObject();
            if (error.SqlState is not null) json.WriteString("sql_state", error.SqlState);
        }

        json.WriteEndObject();
        if (state == StatementState.Succeeded)
        {
            Manifest(json, run, outcome);
            json.WritePropertyName("result");
            Result(call, run, outcome.Result!, 0);
        }

        json.WriteEndObject();
    }

    public static void Result(Call call, StatementRun run, ResultSpool result, int index)
    {
        var json = call.Json;
        var chunks = result.Chunks;
        json.WriteStartObject();
        if (chunks.Count == 0)
        {
            // No rows: the service leaves data_array out.
            if (!run.Request.IsExternal)
            {
                json.WriteNumber("chunk_index", 0);
                json.WriteNumber("row_offset", 0);
                json.WriteNumber("row_count", 0);
            }
        }
        else if (run.Request.IsExternal)
        {
            json.WriteStartArray("external_links");
            json.WriteStartObject();
            Place(json, run, result, index);
            json.WriteNumber("byte_count", chunks[index].Length);
            var expires = call.Options.Clock.GetUtcNow() + call.Options.ExternalLinkLifetime;
            json.WriteString("external_link", $"{call.Http.Request.Scheme}://{call.Http.Request.Host}{LinkPath(run.Id, index, expires)}");
            json.WriteString("expiration", expires.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteEndObject();
            json.WriteEndArray();
        }
        else
        {
            Place(json, run, result, index);
            json.WritePropertyName("data_array");
            json.WriteRawValue(result.ReadChunk(index).Span, skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    /// <summary>What signs a link: its path and its end.</summary>
    public static string Sign(string id, int index, long expires) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}/{index}/{expires}"))));

    private static string LinkPath(string id, int index, DateTimeOffset expires)
    {
        var until = expires.ToUnixTimeMilliseconds();
        return string.Create(CultureInfo.InvariantCulture, $"/external-results/{id}/{index}?X-Sandbox-Expires={until}&X-Sandbox-Signature={Sign(id, index, until)}");
    }

    private static void Place(Utf8JsonWriter json, StatementRun run, ResultSpool result, int index)
    {
        var chunk = result.Chunks[index];
        json.WriteNumber("chunk_index", index);
        json.WriteNumber("row_offset", chunk.RowOffset);
        json.WriteNumber("row_count", chunk.RowCount);
        if (index + 1 == result.Chunks.Count) return;
        json.WriteNumber("next_chunk_index", index + 1);
        json.WriteString("next_chunk_internal_link", string.Create(CultureInfo.InvariantCulture, $"/api/2.0/sql/statements/{run.Id}/result/chunks/{index + 1}?row_offset={result.Chunks[index + 1].RowOffset}"));
    }

    private static void Manifest(Utf8JsonWriter json, StatementRun run, StatementOutcome outcome)
    {
        var result = outcome.Result!;
        json.WriteStartObject("manifest");
        json.WriteString("format", "JSON_ARRAY");
        json.WriteStartObject("schema");
        json.WriteNumber("column_count", outcome.Columns.Count);
        if (outcome.Columns.Count > 0)
        {
            json.WriteStartArray("columns");
            foreach (var (position, column) in outcome.Columns.Index()) Column(json, column, position);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteNumber("total_chunk_count", result.Chunks.Count);
        if (result.Chunks.Count > 0)
        {
            json.WriteStartArray("chunks");
            foreach (var (index, chunk) in result.Chunks.Index())
            {
                json.WriteStartObject();
                json.WriteNumber("chunk_index", index);
                json.WriteNumber("row_offset", chunk.RowOffset);
                json.WriteNumber("row_count", chunk.RowCount);
                if (run.Request.IsExternal) json.WriteNumber("byte_count", chunk.Length);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteNumber("total_row_count", result.Rows);
        if (run.Request.IsExternal) json.WriteNumber("total_byte_count", result.Bytes);
        json.WriteBoolean("truncated", result.Truncated);
        json.WriteEndObject();
    }

    private static void Column(Utf8JsonWriter json, ResultColumn column, int position)
    {
        json.WriteStartObject();
        json.WriteString("name", column.Name);
        json.WriteString("type_text", column.Type.ResultText);
        json.WriteString("type_name", column.Type.ApiName);
        if (column.Type.Base == "decimal")
        {
            json.WriteNumber("type_precision", column.Type.Precision ?? 10);
            json.WriteNumber("type_scale", column.Type.Scale ?? 0);
        }

        json.WriteNumber("position", position);
        json.WriteEndObject();
    }
}
