using System.Text.Json;

namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>A chunk of a result that lies in the cloud's storage.</summary>
internal sealed record ResultChunk(string Url);

/// <summary>An answer to a query request, its rows left where they are in the body.</summary>
internal sealed record QueryAnswer
{
    public bool Success { get; private set; }

    public string? Code { get; private set; }

    public string? Message { get; private set; }

    /// <summary>Where the result is asked for while the statement runs.</summary>
    public string? ResultUrl { get; private set; }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <summary>Where the first rows stand in the body, brackets included; empty where there are none.</summary>
    public Range Rows { get; private set; } = ..0;

    /// <summary>The further rows, in order.</summary>
    public IReadOnlyList<ResultChunk> Chunks { get; private set; } = [];

    /// <summary>What a request for a chunk must carry.</summary>
    public IReadOnlyList<(string Name, string Value)> ChunkHeaders { get; private set; } = [];

    /// <summary>The key of encrypted chunks where there are no headers.</summary>
    public string? ChunkKey { get; private set; }

    /// <summary>The ids of the statements' results, of a request that held several.</summary>
    public IReadOnlyList<string> ResultIds { get; private set; } = [];

    /// <summary><c>json</c> or <c>arrow</c>.</summary>
    public string? Format { get; private set; }

    /// <summary>Whether the statement still runs.</summary>
    public bool IsInProgress => Code is SnowflakeCodes.InProgress or SnowflakeCodes.InProgressAsync;

    /// <summary>Reads an answer.</summary>
    /// <exception cref="PlatformException">It is none of Snowflake's.</exception>
    public static QueryAnswer Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var answer = new QueryAnswer();
            var reader = new Utf8JsonReader(body);
            var hasSuccess = false;
            Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("data"u8)) answer.ReadData(ref reader);
                else if (reader.ValueTextEquals("code"u8)) answer.Code = Text(ref reader);
                else if (reader.ValueTextEquals("message"u8)) answer.Message = Text(ref reader);
                else if (reader.ValueTextEquals("success"u8))
                {
                    Expect(reader.Read());
                    answer.Success = reader.GetBoolean();
                    hasSuccess = true;
                }
                else
                {
                    reader.Skip();
                }
            }

            Expect(hasSuccess && reader.TokenType == JsonTokenType.EndObject && !reader.Read());
            return answer;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Envelope.NotSnowflake("a query");
        }
    }

    private void ReadData(ref Utf8JsonReader reader)
    {
        Expect(reader.Read());
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("rowset"u8)) Rows = ReadRows(ref reader);
            else if (reader.ValueTextEquals("rowtype"u8)) Columns = ReadColumns(ref reader);
            else if (reader.ValueTextEquals("chunks"u8)) Chunks = ReadChunks(ref reader);
            else if (reader.ValueTextEquals("chunkHeaders"u8)) ChunkHeaders = ReadHeaders(ref reader);
            else if (reader.ValueTextEquals("qrmk"u8)) ChunkKey = Text(ref reader);
            else if (reader.ValueTextEquals("getResultUrl"u8)) ResultUrl = Text(ref reader);
            else if (reader.ValueTextEquals("queryResultFormat"u8)) Format = Text(ref reader);
            else if (reader.ValueTextEquals("resultIds"u8)) ResultIds = Text(ref reader)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
            else reader.Skip();
        }
    }

    private static Range ReadRows(ref Utf8JsonReader reader)
    {
        Expect(reader.Read());
        var start = (int)reader.TokenStartIndex;
        var isList = reader.TokenType == JsonTokenType.StartArray;
        reader.Skip();
        return isList ? start..(int)reader.BytesConsumed : ..0;
    }

    private static List<string> ReadColumns(ref Utf8JsonReader reader) =>
        ReadObjects(ref reader, "name");

    private static List<ResultChunk> ReadChunks(ref Utf8JsonReader reader) =>
        [.. ReadObjects(ref reader, "url").Select(url => new ResultChunk(url))];

    /// <summary>One text of each object of a list; null reads as an empty list.</summary>
    private static List<string> ReadObjects(ref Utf8JsonReader reader, string member)
    {
        var texts = new List<string>();
        Expect(reader.Read());
        if (reader.TokenType != JsonTokenType.StartArray) return texts;
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            string? text = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals(member)) text = Text(ref reader);
                else reader.Skip();
            }

            Expect(text is not null);
            texts.Add(text!);
        }

        return texts;
    }

    private static List<(string, string)> ReadHeaders(ref Utf8JsonReader reader)
    {
        var headers = new List<(string, string)>();
        Expect(reader.Read());
        if (reader.TokenType != JsonTokenType.StartObject) return headers;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (Text(ref reader) is { } value) headers.Add((name, value));
        }

        return headers;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        Expect(reader.Read());
        if (reader.TokenType == JsonTokenType.String) return reader.GetString();
        reader.Skip();
        return null;
    }

    private static void Expect(bool holds)
    {
        if (!holds) throw new JsonException();
    }
}
