using System.Collections.Concurrent;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Crawling;

/// <summary>
/// The ids of a catalog's tables, schema by schema as pages need them; only the last page's are kept, for a large schema is needed by many. REST may
/// show less than the information schema: a table that it does not show is known by its name alone, and a schema that it refuses is not read at all, for
/// ids that are stored must not be lost.
/// </summary>
internal sealed class TableIds(UnityClient unity, string catalog)
{
    private readonly ConcurrentDictionary<string, string> _refused = new(StringComparer.Ordinal);
    private Dictionary<string, Dictionary<string, string>> _bySchema = new(StringComparer.Ordinal);

    /// <summary>Whether the tables of a schema could not be listed.</summary>
    public bool IsRefused(string schema) => _refused.ContainsKey(schema);

    /// <summary>Why not, for people; of each schema once.</summary>
    public IReadOnlyList<string> TakeWarnings()
    {
        List<string> warnings = [.. _refused.Values.Where(w => w.Length > 0)];
        foreach (var schema in _refused.Keys) _refused[schema] = "";
        return warnings;
    }

    /// <summary>Reads those of some schemas.</summary>
    public async Task ReadAsync(IReadOnlyList<string> schemas, CancellationToken cancellationToken)
    {
        var read = await Task.WhenAll(schemas.Select(async schema =>
            KeyValuePair.Create(schema, IsRefused(schema) ? [] : _bySchema.TryGetValue(schema, out var known) ? known : await ReadAsync(schema, cancellationToken))));
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
            _refused[schema] = $"Schema {catalog}.{schema} is not read: its tables can't be listed through REST, so their ids are not known. {e.Message}";
        }

        return ids;
    }
}
