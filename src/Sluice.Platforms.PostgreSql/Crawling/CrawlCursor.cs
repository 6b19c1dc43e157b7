using System.Globalization;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>
/// How far a crawl has come, by oids, which renames don't change. Databases, then schemas, then tables are read in their order.
/// </summary>
/// <remarks>
/// What was listed is yielded no second time, so what follows must stand under the names of the list. The cursor carries a digest of each list
/// it rests on: when a container was made, dropped or renamed meanwhile, the list is read again and what is in it too.
/// </remarks>
/// <param name="Database">The database being read, or finished; 0 when only the list of databases was.</param>
/// <param name="Schema">The schema being read, or finished; 0 when only the list of schemas was.</param>
/// <param name="Table">The last table that was read; <see cref="Finished"/> after the last of the schema.</param>
/// <param name="Databases">The digest of the list of databases; 0 where they are not part of the scope.</param>
/// <param name="Schemas">The digest of the database's list of schemas; 0 where it was not read.</param>
internal readonly record struct CrawlCursor(long Database, long Schema, long Table, long Databases = 0, long Schemas = 0)
{
    /// <summary>Above every oid, which are 32-bit.</summary>
    public const long Finished = long.MaxValue;

    private const string Version = "2";

    /// <summary>The list of databases was read, none of them.</summary>
    public static CrawlCursor AfterDatabases(long databases) => new(0, Finished, Finished, databases);

    /// <summary>The list of a database's schemas was read, none of them.</summary>
    public static CrawlCursor AfterSchemas(long database, long schemas) => new(database, 0, Finished, Schemas: schemas);

    /// <summary>A database was read to its end.</summary>
    public static CrawlCursor AfterDatabase(long database, long schemas) => new(database, Finished, Finished, Schemas: schemas);

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
        if (parts is not [Version, _, _, _, _, _]) return null;
        Span<long> numbers = stackalloc long[5];
        for (var i = 0; i < numbers.Length; i++)
            if (!long.TryParse(parts[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return null;
        return new CrawlCursor(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Version}.{Database}.{Schema}.{Table}.{Databases}.{Schemas}";
}
