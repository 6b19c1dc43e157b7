using System.Globalization;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>
/// How far a crawl has come, by oids, which renames don't change. Databases, then schemas, then tables are read in their order.
/// </summary>
/// <param name="Database">The database being read, or finished; 0 when only the list of databases was.</param>
/// <param name="Schema">The schema being read, or finished; 0 when only the list of schemas was.</param>
/// <param name="Table">The last table that was read; <see cref="Finished"/> after the last of the schema.</param>
internal readonly record struct CrawlCursor(long Database, long Schema, long Table)
{
    /// <summary>Above every oid, which are 32-bit.</summary>
    public const long Finished = long.MaxValue;

    private const string Version = "1";

    /// <summary>The list of databases was read, none of them.</summary>
    public static CrawlCursor AfterDatabases => new(0, Finished, Finished);

    /// <summary>The list of a database's schemas was read, none of them.</summary>
    public static CrawlCursor AfterSchemas(long database) => new(database, 0, Finished);

    /// <summary>A database was read to its end.</summary>
    public static CrawlCursor AfterDatabase(long database) => new(database, Finished, Finished);

    /// <summary>Whether the database was read to its end.</summary>
    public bool IsAtEndOfDatabase => Schema == Finished;

    /// <summary>Whether a schema was read to its end: its completion was told and must not be told again.</summary>
    public bool HasFinished(long schema) => schema < Schema || (schema == Schema && Table == Finished);

    /// <summary>Whether a table was read.</summary>
    public bool HasRead(TableKey key) => key.Schema < Schema || (key.Schema == Schema && key.Table <= Table);

    /// <summary>Reads what <see cref="ToString"/> wrote; null for anything else, which starts the crawl again.</summary>
    public static CrawlCursor? Parse(string? text)
    {
        var parts = text?.Split('.');
        if (parts is not [Version, _, _, _]) return null;
        Span<long> numbers = stackalloc long[3];
        for (var i = 0; i < numbers.Length; i++)
            if (!long.TryParse(parts[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return null;
        return new CrawlCursor(numbers[0], numbers[1], numbers[2]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Version}.{Database}.{Schema}.{Table}";
}
