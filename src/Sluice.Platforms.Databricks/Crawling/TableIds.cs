using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Crawling;

/// <summary>
/// The ids of a catalog's tables, schema by schema as pages need them; only the last page's are kept, for a large schema is needed by many. REST may
/// show less than the information schema: what it does not show is known by its name alone.
/// </summary>
internal sealed class TableIds(UnityClient unity, string catalog)
{
    private Dictionary<string, Dictionary<string, string>> _bySchema = new(StringComparer.Ordinal);

    /// <summary>Reads those of some schemas.</summary>
    public async Task ReadAsync(IReadOnlyList<string> schemas, CancellationToken cancellationToken)
    {
        var read = await Task.WhenAll(schemas.Select(async schema =>
            KeyValuePair.Create(schema, _bySchema.TryGetValue(schema, out var known) ? known : await ReadAsync(schema, cancellationToken))));
        _bySchema = new(read, StringComparer.Ordinal);
    }

    /// <summary>A table's id, or null where it is not known.</summary>
    public string? Of(TableKey key) => _bySchema.TryGetValue(key.Schema, out var ids) ? ids.GetValueOrDefault(key.Table) : null;

    private async Task<Dictionary<string, string>> ReadAsync(string schema, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var table in await unity.TableNamesAsync(catalog, schema, cancellationToken))
                if (table.Id is { } id) ids[table.Name] = id;
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.AccessDenied or PlatformFailure.NotFound)
        {
        }

        return ids;
    }
}
