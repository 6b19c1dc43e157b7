using System.Text.Json;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>What is read of a function (https://docs.databricks.com/api/workspace/functions/list).</summary>
/// <param name="Name">Its name in its schema.</param>
/// <param name="Comment">Its comment.</param>
/// <param name="Body">What it returns, as it was written.</param>
internal sealed record FunctionEntry(string Name, string? Comment, string Body)
{
    /// <summary>A page of GET /functions.</summary>
    public static Page<FunctionEntry> Page(ref Utf8JsonReader reader)
    {
        var items = new List<FunctionEntry>();
        string? token = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("next_page_token"u8)) token = reader.NextToken();
            else if (!reader.ValueTextEquals("functions"u8)) reader.SkipValue();
            else if (reader.EnterList())
                while (reader.NextItem()) items.Add(One(ref reader));
        }

        return new Page<FunctionEntry>(items, token);
    }

    private static FunctionEntry One(ref Utf8JsonReader reader)
    {
        string? name = null, comment = null, body = null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("name"u8)) name = reader.NextText();
            else if (reader.ValueTextEquals("comment"u8)) comment = reader.NextText();
            else if (reader.ValueTextEquals("routine_definition"u8)) body = reader.NextText();
            else reader.SkipValue();
        }

        return new FunctionEntry(name ?? throw new JsonException(), comment, body ?? "");
    }
}
