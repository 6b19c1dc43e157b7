using Sluice.Core.Catalog;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>What is in Sluice's own catalog, and where its functions are attached.</summary>
internal sealed record OwnState
{
    /// <summary>The tables in the schema of entitlements, by name, with their comments.</summary>
    public required IReadOnlyDictionary<string, string?> Tables { get; init; }

    /// <summary>The functions.</summary>
    public required IReadOnlyList<FunctionEntry> Functions { get; init; }

    /// <summary>Who is registered.</summary>
    public IReadOnlyList<string> Registered { get; init; } = [];

    /// <summary>Who is exempt, by audience.</summary>
    public IReadOnlyList<(string Identity, string Audience)> Exemptions { get; init; } = [];

    /// <summary>What is known of whom.</summary>
    public IReadOnlyList<(string Identity, string Known)> Entitlements { get; init; } = [];

    /// <summary>Whether there is a salt.</summary>
    public bool HasSalt { get; init; }

    /// <summary>Where functions of this catalog mask columns.</summary>
    public IReadOnlyList<(ObjectPath Table, string Column, AttachedFunction Function)> Masks { get; init; } = [];

    /// <summary>Where functions of this catalog filter rows.</summary>
    public IReadOnlyList<(ObjectPath Table, AttachedFunction Function)> Filters { get; init; } = [];
}

/// <summary>
/// Reads it. While nothing was ever masked or filtered, that takes no statement, and so no warehouse. Where functions are attached is asked of the information schema of
/// the whole metastore, for tables that are not asked for any more (https://docs.databricks.com/sql/language-manual/information-schema/column_masks).
/// </summary>
internal sealed class OwnReader(UnityClient unity, GrantsClient grants, ISqlEndpoint sql, OwnCatalog own, InstanceMark mark, string connectionKey)
{
    /// <summary>Reads it.</summary>
    public async Task<OwnState> ReadAsync(CancellationToken cancellationToken)
    {
        var tables = await OrNoneAsync(() => unity.TableNamesAsync(own.Name, OwnCatalog.EntitlementsSchema, cancellationToken));
        var functions = await OrNoneAsync(() => grants.FunctionsAsync(own.Name, OwnCatalog.FunctionsSchema, cancellationToken));
        var state = new OwnState { Tables = tables.ToDictionary(static t => t.Name, static t => t.Comment, StringComparer.Ordinal), Functions = functions };
        if (functions.Any(f => mark.OwnerOf(f.Comment) == MarkOwner.ThisInstance))
            state = state with { Masks = await MasksAsync(cancellationToken), Filters = await FiltersAsync(cancellationToken) };
        return state with
        {
            Registered = IsOurs(SupportTables.Registered) ? [.. (await RowsAsync(SupportTables.Registered, ["identity"], cancellationToken)).Select(static r => r[0]!)] : [],
            Exemptions = IsOurs(SupportTables.Exemption) ? [.. (await RowsAsync(SupportTables.Exemption, ["identity", "audience"], cancellationToken)).Select(static r => (r[0]!, r[1]!))] : [],
            Entitlements = IsOurs(SupportTables.Entitlement) ? [.. (await RowsAsync(SupportTables.Entitlement, ["identity", "known"], cancellationToken)).Select(static r => (r[0]!, r[1]!))] : [],
            HasSalt = IsOurs(SupportTables.Salt) && (await sql.ReadAsync($"SELECT count(*) FROM {own.Entitlements(SupportTables.Salt)}", cancellationToken)).Rows is [["1"]],
        };

        bool IsOurs(string table) => state.Tables.TryGetValue(table, out var comment) && mark.OwnerOf(comment) == MarkOwner.ThisInstance;
    }

    private Task<List<string?[]>> RowsAsync(string table, string[] columns, CancellationToken cancellationToken) => sql.ReadAllAsync(
        (after, limit) => $"SELECT {string.Join(", ", columns)} FROM {own.Entitlements(table)}{(after is null ? "" : $" WHERE {Behind(columns, after)}")} ORDER BY {string.Join(", ", columns)} LIMIT {limit}",
        cancellationToken);

    private async Task<IReadOnlyList<(ObjectPath, string, AttachedFunction)>> MasksAsync(CancellationToken cancellationToken)
    {
        string[] key = ["catalog_name", "schema_name", "table_name", "column_name"];
        var rows = await AttachedAsync("column_masks", "mask", "mask_col_usage", key, cancellationToken);
        return [.. rows.Select(r => (new ObjectPath(connectionKey, r[0]!, r[1]!, r[2]!), r[3]!, Attached(r[4], r[5])))];
    }

    private async Task<IReadOnlyList<(ObjectPath, AttachedFunction)>> FiltersAsync(CancellationToken cancellationToken)
    {
        string[] key = ["catalog_name", "schema_name", "table_name"];
        var rows = await AttachedAsync("row_filters", "filter", "filter_col_usage", key, cancellationToken);
        return [.. rows.Select(r => (new ObjectPath(connectionKey, r[0]!, r[1]!, r[2]!), Attached(r[3], r[4])))];
    }

    private Task<List<string?[]>> AttachedAsync(string relation, string what, string columns, string[] key, CancellationToken cancellationToken) => sql.ReadAllAsync(
        (after, limit) => $"SELECT {string.Join(", ", key)}, {what}_name, {columns} FROM system.information_schema.{relation}"
            + $" WHERE {what}_catalog = {Quote.Literal(own.Name)} AND {what}_schema = {Quote.Literal(OwnCatalog.FunctionsSchema)}{(after is null ? "" : $" AND {Behind(key, after)}")}"
            + $" ORDER BY {string.Join(", ", key)} LIMIT {limit}",
        cancellationToken);

    private AttachedFunction Attached(string? name, string? columns) => new(
        $"{own.Name}.{OwnCatalog.FunctionsSchema}.{name}", columns is { Length: > 0 } ? columns.Split(',', StringSplitOptions.TrimEntries) : [], IsPlain: true);

    // Behind a key of several columns: (a > x OR (a = x AND …)).
    private static string Behind(ReadOnlySpan<string> columns, ReadOnlySpan<string?> after) => columns.Length == 1
        ? $"{columns[0]} > {Quote.Literal(after[0]!)}"
        : $"({columns[0]} > {Quote.Literal(after[0]!)} OR ({columns[0]} = {Quote.Literal(after[0]!)} AND {Behind(columns[1..], after[1..columns.Length])}))";

    private static async Task<IReadOnlyList<T>> OrNoneAsync<T>(Func<Task<IReadOnlyList<T>>> read)
    {
        try
        {
            return await read();
        }
        catch (PlatformException e) when (e.Failure == PlatformFailure.NotFound)
        {
            return [];
        }
    }
}
