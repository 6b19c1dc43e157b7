using Sluice.Core.Catalog;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Crawling;

/// <summary>What a session has found out about its metastore and keeps: whether the information schema answers, and the tags of each catalog.</summary>
internal sealed class UnityCatalogs : IDisposable
{
    // Databricks' own: no table there is the user's to govern. hive_metastore is not in Unity Catalog at all, whichever way it is listed.
    private static readonly string[] LeftOut = ["hive_metastore", "system", "samples"];

    private readonly ISqlEndpoint _sql;
    private readonly InformationSchemaTables _tables;
    private readonly RestTables _rest;
    private readonly string _ownCatalog;
    private readonly Memo<Source> _source;
    private readonly Memo<Principal> _me;

    public UnityCatalogs(UnityClient unity, ISqlEndpoint sql, TextPool pool, string ownCatalog, DatabricksOptions options)
    {
        _me = new Memo<Principal>(unity.MeAsync);
        Unity = unity;
        _sql = sql;
        _tables = new InformationSchemaTables(sql, unity, pool, options);
        _rest = new RestTables(unity, options);
        _ownCatalog = ownCatalog;
        _source = new Memo<Source>(FindSourceAsync);
    }

    /// <summary>The REST calls.</summary>
    public UnityClient Unity { get; }

    /// <summary>What a crawl does not look at, for people.</summary>
    public const string LeftOutSaid =
        "The catalogs hive_metastore, system and samples are left out: the first is not governed by Unity Catalog, the others are Databricks' own. So are the catalogs that an instance of Sluice made for itself.";

    /// <summary>The catalogs of a crawl, in its order. Sluice's own is none of them.</summary>
    public async Task<IReadOnlyList<CatalogEntry>> ListAsync(CancellationToken cancellationToken) => [.. (await SeenAsync(cancellationToken)).Where(IsCrawled)];

    /// <summary>Every catalog that is seen, whoever's it is.</summary>
    public async Task<IReadOnlyList<CatalogEntry>> SeenAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, CatalogEntry>(StringComparer.Ordinal);
        foreach (var catalog in await Unity.CatalogsAsync(cancellationToken)) found[catalog.Name] = catalog;
        return [.. found.Values.OrderBy(c => c.Name, NameOrder.Instance)];
    }

    /// <summary>Whether a crawl enters it.</summary>
    public bool IsCrawled(CatalogEntry catalog) =>
        !LeftOut.Contains(catalog.Name, StringComparer.OrdinalIgnoreCase)
        && catalog.Type is not ("SYSTEM_CATALOG" or "INTERNAL_CATALOG")
        && !catalog.Name.Equals(_ownCatalog, StringComparison.OrdinalIgnoreCase)
        && InstanceMark.InstanceOf(catalog.Comment) is null;

    /// <summary>A catalog's schemas, in the order of a crawl.</summary>
    public async Task<IReadOnlyList<SchemaEntry>> SchemasAsync(string catalog, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, SchemaEntry>(StringComparer.Ordinal);
        foreach (var schema in await Unity.SchemasAsync(catalog, cancellationToken))
            if (schema.Name != InformationSchema.Name) found[schema.Name] = schema;
        return [.. found.Values.OrderBy(s => s.Name, NameOrder.Instance)];
    }

    /// <summary>
    /// What keeps a catalog that shows no schema from being believed to have none; null when the principal would see one. Without USE SCHEMA a listing is
    /// as empty as it is where there is nothing.
    /// </summary>
    public async Task<string?> WhyNotEmptyAsync(string catalog, CancellationToken cancellationToken)
    {
        try
        {
            var me = await _me.GetAsync(cancellationToken);
            if ((await Unity.CatalogAsync(catalog, cancellationToken)).Owner == me.Name) return null;
            var held = await Unity.PrivilegesAsync(catalog, me.Name, cancellationToken);
            return held.Any(p => p is "ALL_PRIVILEGES" or "ALL PRIVILEGES" or "MANAGE" or "USE_SCHEMA" or "USE SCHEMA") ? null : $"{me.Name} lacks USE SCHEMA on it.";
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.AccessDenied or PlatformFailure.NotFound or PlatformFailure.Refused)
        {
            return e.Message;
        }
    }

    /// <summary>How tables are read, found out once.</summary>
    public Task<Source> SourceAsync(CancellationToken cancellationToken) => _source.GetAsync(cancellationToken);

    /// <summary>The tags of a catalog and of its schemas.</summary>
    public async Task<ContainerTags> TagsAsync(string catalog, bool withSchemas, CancellationToken cancellationToken)
    {
        var source = await SourceAsync(cancellationToken);
        if (source.WhyNot is { } why) return ContainerTags.Unknown(why);
        var ofSchemas = withSchemas
            ? await _sql.ReadAllAsync(
                (after, limit) => InformationSchema.SchemaTags(catalog, after is null ? null : (Text(after, 0), Text(after, 1)), limit), cancellationToken)
            : [];
        return ContainerTags.Known([.. source.CatalogTags[catalog]], ofSchemas.Select(r => (Text(r, 0), Tag(r))));
    }

    public void Dispose()
    {
        _source.Dispose();
        _me.Dispose();
    }

    // Only a lack that Databricks names is a reason to go without: no privilege, or nothing there to run a statement. Anything else ends the crawl, for
    // without tags less would be known of everything than is stored.
    private async Task<Source> FindSourceAsync(CancellationToken cancellationToken)
    {
        try
        {
            var tags = await _sql.ReadAllAsync(
                (after, limit) => InformationSchema.CatalogTags(after is null ? null : (Text(after, 0), Text(after, 1)), limit), cancellationToken);
            return new Source(_tables, tags.ToLookup(r => Text(r, 0), Tag, StringComparer.Ordinal), null);
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.AccessDenied or PlatformFailure.NotFound)
        {
            return new Source(_rest, Array.Empty<string>().ToLookup(n => n, n => new ObjectTag(null, n, "")), e.Message);
        }
    }

    private static ObjectTag Tag(string?[] row) => new(null, Text(row, 1), row[2] ?? "");

    private static string Text(string?[] row, int index) =>
        row.Length == 3 && row[index] is { Length: > 0 } text
            ? text
            : throw new PlatformException(PlatformFailure.Refused, "Databricks answered a read of its tags with rows that were not asked for.");

    /// <summary>How tables are read.</summary>
    /// <param name="Tables">The way.</param>
    /// <param name="CatalogTags">The tags of all catalogs, by the catalog's name.</param>
    /// <param name="WhyNot">Why it is not the information schema, in Databricks' words; null when it is.</param>
    internal sealed record Source(ITableSource Tables, ILookup<string, ObjectTag> CatalogTags, string? WhyNot);
}
