using System.Text.Json;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Sql;

/// <summary>Reads the answers of the Statement Execution API and of the Command Execution API.</summary>
internal sealed class StatementReading(TextPool pool)
{
    public StatementAnswer Statement(ref Utf8JsonReader reader)
    {
        string? id = null, state = null, code = null, message = null, sqlState = null;
        var (total, isCut) = ((long?)null, false);
        ResultChunk? first = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("statement_id"u8)) id = reader.NextText();
            else if (reader.ValueTextEquals("result"u8)) first = reader.EnterObject() ? ChunkMembers(ref reader) : null;
            else if (reader.ValueTextEquals("manifest"u8)) (total, isCut) = Manifest(ref reader);
            else if (!reader.ValueTextEquals("status"u8)) reader.SkipValue();
            else if (reader.EnterObject())
            {
                while (reader.NextMember())
                {
                    if (reader.ValueTextEquals("state"u8)) state = reader.NextText(pool);
                    else if (reader.ValueTextEquals("sql_state"u8)) sqlState = reader.NextText();
                    else if (reader.ValueTextEquals("error"u8)) (code, message) = Error(ref reader);
                    else reader.SkipValue();
                }
            }
        }

        if (id is null || state is null) throw new JsonException();
        return new StatementAnswer(id, state, code, message, sqlState, total, isCut, first);
    }

    public ResultChunk Chunk(ref Utf8JsonReader reader)
    {
        reader.EnterAnswer();
        return ChunkMembers(ref reader);
    }

    /// <summary>Rows as they lie in cloud storage: a list of lists.</summary>
    public List<string?[]> Stored(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) throw new JsonException();
        return Rows(ref reader);
    }

    /// <summary>The id that a context or command was given.</summary>
    public static string Id(ref Utf8JsonReader reader)
    {
        string? id = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("id"u8)) id = reader.NextId();
            else reader.SkipValue();
        }

        return id is { Length: > 0 } ? id : throw new JsonException();
    }

    /// <summary>A context or a command.</summary>
    public CommandAnswer Command(ref Utf8JsonReader reader)
    {
        string? status = null, type = null, summary = null;
        var isCut = false;
        IReadOnlyList<string?[]>? rows = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("status"u8)) status = reader.NextText(pool);
            else if (!reader.ValueTextEquals("results"u8)) reader.SkipValue();
            else if (reader.EnterObject())
            {
                while (reader.NextMember())
                {
                    if (reader.ValueTextEquals("resultType"u8)) type = reader.NextText(pool);
                    else if (reader.ValueTextEquals("summary"u8)) summary = reader.NextText();
                    else if (reader.ValueTextEquals("truncated"u8)) isCut = reader.NextBoolean();
                    else if (reader.ValueTextEquals("data"u8)) rows = Data(ref reader);
                    else reader.SkipValue();
                }
            }
        }

        return new CommandAnswer(status ?? throw new JsonException(), type, summary, isCut, rows);
    }

    private static (string? Code, string? Message) Error(ref Utf8JsonReader reader)
    {
        string? code = null, message = null;
        if (!reader.EnterObject()) return (null, null);
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("error_code"u8)) code = reader.NextText();
            else if (reader.ValueTextEquals("message"u8)) message = reader.NextText();
            else reader.SkipValue();
        }

        return (code, message);
    }

    private static (long? Total, bool IsCut) Manifest(ref Utf8JsonReader reader)
    {
        var isCut = false;
        long? total = null;
        if (!reader.EnterObject()) return (null, false);
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("total_row_count"u8)) total = reader.NextNumber();
            else if (reader.ValueTextEquals("truncated"u8)) isCut = reader.NextBoolean();
            else reader.SkipValue();
        }

        return (total, isCut);
    }

    private ResultChunk ChunkMembers(ref Utf8JsonReader reader)
    {
        IReadOnlyList<string?[]> rows = [];
        var links = new List<ExternalLink>();
        long? next = null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("data_array"u8)) rows = reader.EnterList() ? Rows(ref reader) : [];
            else if (reader.ValueTextEquals("next_chunk_index"u8)) next = reader.NextNumber();
            else if (!reader.ValueTextEquals("external_links"u8)) reader.SkipValue();
            else if (reader.EnterList())
            {
                while (reader.NextItem())
                {
                    var (link, behind) = Link(ref reader);
                    links.Add(link);
                    next = behind;
                }
            }
        }

        return new ResultChunk(rows, links, checked((int?)next));
    }

    private static (ExternalLink Link, long? Next) Link(ref Utf8JsonReader reader)
    {
        string? url = null;
        long? next = null;
        var headers = new List<KeyValuePair<string, string>>();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("external_link"u8)) url = reader.NextText();
            else if (reader.ValueTextEquals("next_chunk_index"u8)) next = reader.NextNumber();
            else if (!reader.ValueTextEquals("http_headers"u8)) reader.SkipValue();
            else if (reader.EnterObject())
            {
                while (reader.NextMember())
                {
                    var name = reader.GetString()!;
                    if (reader.NextText() is { } value) headers.Add(new(name, value));
                }
            }
        }

        return (new ExternalLink(url ?? throw new JsonException(), headers), next);
    }

    // Of an error the member is absent; of a result that is no table it is a text.
    private IReadOnlyList<string?[]>? Data(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray) return Rows(ref reader);
        reader.Skip();
        return null;
    }

    private List<string?[]> Rows(ref Utf8JsonReader reader)
    {
        var rows = new List<string?[]>();
        var values = new List<string?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException();
            values.Clear();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) values.Add(Value(ref reader));
            rows.Add([.. values]);
        }

        return rows;
    }

    // A warehouse prints every value as a text; a cluster has numbers and booleans.
    private string? Value(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null: return null;
            case JsonTokenType.String: return pool.Get(ref reader) ?? "";
            case JsonTokenType.True: return "true";
            case JsonTokenType.False: return "false";
            case JsonTokenType.Number: return System.Text.Encoding.ASCII.GetString(reader.ValueSpan);
            default: throw new JsonException();
        }
    }
}
