using Sluice.Core.Catalog;
using Sluice.Core.Planning;
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
        var functions = await FunctionsAsync(cancellationToken);
        var state = new OwnState { Tables = tables.ToDictionary(static t => t.Name, static t => t.Comment, StringComparer.Ordinal), Functions = functions };
        if (AnyIsOurs(functions))
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

    /// <summary>Where functions of this catalog mask columns and filter rows, all that may be ours.</summary>
    public async Task<IReadOnlyList<FactKey>> ProtectionsAsync(CancellationToken cancellationToken)
    {
        var functions = await FunctionsAsync(cancellationToken);
        if (!AnyIsOurs(functions)) return [];
        var foreign = functions.Where(f => mark.OwnerOf(f.Comment) != MarkOwner.ThisInstance).Select(static f => f.Name).ToHashSet(StringComparer.Ordinal);
        var masks = (await MasksAsync(cancellationToken)).Select(static m => (Key: new FactKey(FactKind.Mask, m.Item1, m.Item2), Function: m.Item3));
        var filters = (await FiltersAsync(cancellationToken)).Select(static f => (Key: new FactKey(FactKind.RowRule, f.Item1, RuleFacts.FilterSubject), Function: f.Item2));
        return [.. masks.Concat(filters).Where(a => !foreign.Contains(own.NameOf(a.Function.Function) ?? "")).Select(static a => a.Key)];
    }

    private Task<List<string?[]>> RowsAsync(string table, string[] columns, CancellationToken cancellationToken) => sql.ReadAllAsync(
        (after, limit) => $"SELECT {string.Join(", ", columns)} FROM {own.Entitlements(table)}{(after is null ? "" : $" WHERE {Behind(columns, after)}")} ORDER BY {string.Join(", ", columns)} LIMIT {limit}",
        cancellationToken);

    private Task<IReadOnlyList<FunctionEntry>> FunctionsAsync(CancellationToken cancellationToken) =>
        OrNoneAsync(() => grants.FunctionsAsync(own.Name, OwnCatalog.FunctionsSchema, cancellationToken));

    private bool AnyIsOurs(IReadOnlyList<FunctionEntry> functions) => functions.Any(f => mark.OwnerOf(f.Comment) == MarkOwner.ThisInstance);

    private async Task<IReadOnlyList<(ObjectPath, string, AttachedFunction)>> MasksAsync(CancellationToken cancellationToken) =>
        [.. (await AttachedAsync(GuardRelation.Masks, cancellationToken)).Select(r => (TableOf(r), r[3]!, Attached(r)))];

    private async Task<IReadOnlyList<(ObjectPath, AttachedFunction)>> FiltersAsync(CancellationToken cancellationToken) =>
        [.. (await AttachedAsync(GuardRelation.Filters, cancellationToken)).Select(r => (TableOf(r), Attached(r)))];

    private async Task<List<string?[]>> AttachedAsync(GuardRelation relation, CancellationToken cancellationToken)
    {
        string[] key = [.. relation.Key];
        var listed = string.Join(", ", key);
        var rows = await sql.ReadAllAsync(
            (after, limit) => $"SELECT {listed}, {GuardRelation.Function}, {GuardRelation.Given} FROM {relation}"
                + $" WHERE ({GuardRelation.IsOf(own.Name, OwnCatalog.FunctionsSchema)} OR {GuardRelation.IsUnknown}){(after is null ? "" : $" AND {Behind(key, after)}")} ORDER BY {listed} LIMIT {limit}",
            cancellationToken);
        return rows.All(r => r[..key.Length].All(static c => c is not null) && own.NameOf(r[^2]) is not null)
            ? rows
            : throw new PlatformException(PlatformFailure.Refused, $"{relation.Name} names tables or functions in a way that this version does not know, so where Sluice's masks and row filters are can't be told.");
    }

    private ObjectPath TableOf(string?[] row) => new(connectionKey, row[0]!, row[1]!, row[2]!);

    private static AttachedFunction Attached(string?[] row) => new(row[^2]!, GuardRelation.Listed(row[^1]), IsPlain: true);

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
