using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Platforms.Databricks.Crawling;

/// <summary>Where a crawl goes on. Catalogs, then schemas, then tables are taken in the order of their names, as Databricks orders them.</summary>
/// <remarks>
/// What was listed is yielded no second time, so what follows must stand under the names of the list: the cursor carries a digest of each list that it
/// rests on, and where a list has changed meanwhile it is read again with all that is in it.
/// </remarks>
/// <param name="Catalogs">The digest of the list of catalogs; null where they are not part of the scope.</param>
/// <param name="Catalog">The catalog in hand; empty when only the list was yielded.</param>
/// <param name="Schemas">The digest of its list of schemas; null before that was yielded, and after the catalog.</param>
/// <param name="Schema">The schema in hand; null before the first.</param>
/// <param name="Table">The last table that was yielded; null where the order of tables is not known.</param>
/// <param name="Token">Databricks' token of the next page of the schema's tables.</param>
/// <param name="IsEnd">Whether the schema was completed; without a schema: the catalog.</param>
internal sealed record CrawlCursor(
    long? Catalogs = null, string? Catalog = null, long? Schemas = null, string? Schema = null, string? Table = null, string? Token = null, bool IsEnd = false)
{
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
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
internal sealed partial class CrawlCursorJson : JsonSerializerContext;
