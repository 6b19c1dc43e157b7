using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Platforms.LakeFormation.Crawling;

/// <summary>Where a crawl goes on. Databases are taken in the order of their names, so that a name says what lies behind it.</summary>
/// <param name="Listed">While databases are yielded: the last one that was.</param>
/// <param name="Database">While tables are yielded: the database in hand.</param>
/// <param name="Token">AWS's token of the next page of its tables; null when it is done.</param>
internal sealed record CrawlCursor(string? Listed = null, string? Database = null, string? Token = null)
{
    /// <summary>Every database was yielded and the tables of none: the empty name lies before all.</summary>
    public static CrawlCursor AllListed { get; } = new(Database: "");

    public override string ToString() => JsonSerializer.Serialize(this, CrawlCursorJson.Default.CrawlCursor);

    /// <summary>Null for a text that isn't one: then the scope is started again.</summary>
    public static CrawlCursor? Parse(string? text)
    {
        if (text is null) return null;
        try
        {
            return JsonSerializer.Deserialize(text, CrawlCursorJson.Default.CrawlCursor);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(CrawlCursor))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class CrawlCursorJson : JsonSerializerContext;
