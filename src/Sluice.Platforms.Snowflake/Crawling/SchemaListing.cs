using Sluice.Core.Catalog;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>What was listed of a schema.</summary>
/// <param name="Count">How many tables it has.</param>
/// <param name="Tables">Its tables, in order; of one that is as it was only those that are read all the same.</param>
/// <param name="Fingerprint">The digest of the listing; null where it was not read whole in this run.</param>
/// <param name="IsUnchanged">Whether the store knows the listing.</param>
internal sealed record SchemaListing(int Count, IReadOnlyList<TableRow> Tables, UInt128? Fingerprint, bool IsUnchanged);

/// <summary>
/// Takes a database's tables as they are listed, schema by schema, and keeps no more of them than is needed: of a schema whose listing the store knows,
/// hardly any.
/// </summary>
/// <param name="known">The digests of the listings that are stored.</param>
/// <param name="from">What was read already; null for nothing.</param>
/// <param name="listed">What is told of a table.</param>
/// <param name="mostRead">How many tables are read at most of a schema that is as it was.</param>
internal sealed class SchemaListings(
    IReadOnlyDictionary<string, UInt128> known, CrawlCursor? from, Func<TableRow, DiscoveredObject> listed, int mostRead)
{
    private readonly Dictionary<string, SchemaListing> _schemas = new(StringComparer.Ordinal);
    private List<TableRow> _current = [];

    /// <summary>Takes tables that were listed by schemas.</summary>
    /// <exception cref="PlatformException">A schema comes a second time.</exception>
    public void Add(IEnumerable<TableRow> tables)
    {
        foreach (var table in tables)
        {
            if (_current.Count > 0 && _current[^1].Schema != table.Schema) CloseCurrent();
            _current.Add(table);
        }
    }

    /// <summary>Takes all tables of a schema. Safe for several schemas at once.</summary>
    public void Add(string schema, List<TableRow> tables)
    {
        lock (_schemas)
        {
            if (!_schemas.TryAdd(schema, Of(schema, tables))) throw new PlatformException(PlatformFailure.Refused, "Snowflake listed tables in another order than was asked for.");
        }
    }

    /// <summary>What was listed of each schema.</summary>
    /// <param name="schemas">The schemas; one without tables was not listed.</param>
    public IReadOnlyDictionary<string, SchemaListing> Finish(IEnumerable<string> schemas)
    {
        if (_current.Count > 0) CloseCurrent();
        return schemas.ToDictionary(s => s, s => _schemas.GetValueOrDefault(s) ?? Of(s, []), StringComparer.Ordinal);
    }

    private void CloseCurrent()
    {
        Add(_current[0].Schema, _current);
        _current = [];
    }

    private SchemaListing Of(string schema, List<TableRow> tables)
    {
        PutInOrder(tables);

        // What an earlier run read of it may have changed since.
        if (from?.Schema == schema || from?.HasFinished(schema) == true) return new SchemaListing(tables.Count, tables, null, IsUnchanged: false);
        var fingerprint = Digest(tables, out var always);
        return known.TryGetValue(schema, out var stored) && stored == fingerprint && always.Count <= mostRead
            ? new SchemaListing(tables.Count, always, fingerprint, IsUnchanged: true)
            : new SchemaListing(tables.Count, tables, fingerprint, IsUnchanged: false);
    }

    private UInt128 Digest(List<TableRow> tables, out List<TableRow> always)
    {
        always = [];
        using var fingerprint = new ListingFingerprint();
        foreach (var table in tables)
        {
            var told = listed(table);
            fingerprint.Add(told);
            if (told.LastChanged is null) always.Add(table);
        }

        return fingerprint.Finish();
    }

    // Most come in order.
    private static void PutInOrder(List<TableRow> tables)
    {
        for (var i = 1; i < tables.Count; i++)
        {
            if (Utf8Order.Instance.Compare(tables[i - 1].Name, tables[i].Name) < 0) continue;
            tables.Sort((a, b) => Utf8Order.Instance.Compare(a.Name, b.Name));
            return;
        }
    }
}
