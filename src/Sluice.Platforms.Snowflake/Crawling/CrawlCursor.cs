using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>
/// How far a crawl has come, by names in the order of <see cref="Utf8Order"/>: databases, then schemas, then tables.
/// </summary>
/// <remarks>
/// What was listed is yielded no second time, so what follows must stand under the names of the list. The cursor carries a digest of each list it rests
/// on: when a container was made, dropped or renamed meanwhile, the list is read again and what is in it too.
/// </remarks>
internal sealed record CrawlCursor
{
    private const int Version = 1;

    /// <summary>The version of the form.</summary>
    [JsonPropertyName("v")]
    public int Form { get; init; } = Version;

    /// <summary>The digest of the list of databases; 0 where they are not part of the scope.</summary>
    [JsonPropertyName("l")]
    public long Databases { get; init; }

    /// <summary>The database being read, or finished; null when only the list of databases was.</summary>
    [JsonPropertyName("d")]
    public string? Database { get; init; }

    /// <summary>Whether the database was read to its end.</summary>
    [JsonPropertyName("e")]
    public bool IsDatabaseFinished { get; init; }

    /// <summary>The digest of the database's list of schemas.</summary>
    [JsonPropertyName("x")]
    public long Schemas { get; init; }

    /// <summary>The schema being read, or finished; null when only the list of schemas was.</summary>
    [JsonPropertyName("s")]
    public string? Schema { get; init; }

    /// <summary>The last table that was read; null when the schema was read to its end.</summary>
    [JsonPropertyName("t")]
    public string? Table { get; init; }

    /// <summary>Whether a schema's completion was told and must not be told again.</summary>
    public bool HasFinished(string schema) => Schema is not null && Utf8Order.Instance.Compare(schema, Schema) switch
    {
        < 0 => true,
        0 => Table is null,
        _ => false,
    };

    /// <summary>Whether a table was read.</summary>
    public bool HasRead(string schema, string table) =>
        HasFinished(schema) || (schema == Schema && Utf8Order.Instance.Compare(table, Table) <= 0);

    /// <summary>Reads what <see cref="ToString"/> wrote; null for anything else, which starts the crawl again.</summary>
    public static CrawlCursor? Parse(string? text)
    {
        if (text is null) return null;
        try
        {
            return JsonSerializer.Deserialize<CrawlCursor>(text) is { Form: Version } cursor ? cursor : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => JsonSerializer.Serialize(this);
}
