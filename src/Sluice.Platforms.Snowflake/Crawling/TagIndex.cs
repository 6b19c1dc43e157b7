using System.Runtime.InteropServices;
using Sluice.Core.Catalog;
using Sluice.Platforms.Snowflake.Protocol;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>
/// The tags of an account as they were assigned, and what each object has of them: account &gt; database &gt; schema &gt; table, each tag by itself, the
/// nearest value in force ("Object tagging", tag inheritance). A column is listed only with what was assigned to it: the rest it has from its table.
/// </summary>
internal sealed class TagIndex
{
    private static readonly ObjectTag[] None = [];

    private readonly List<ObjectTag> _account = [];
    private readonly Dictionary<string, List<ObjectTag>> _databases = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), List<ObjectTag>> _schemas = [];
    private readonly Dictionary<(string, string, string), List<ObjectTag>> _tables = [];
    private readonly Dictionary<(string?, string?, string), string> _keys = [];
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>Why the tags are not known; null when they are.</summary>
    public string? Unknown { get; private init; }

    /// <summary>An index that has nothing, and says why.</summary>
    public static TagIndex NotRead(string reason) => new() { Unknown = reason };

    /// <summary>Reads the tags of the account, or of one database.</summary>
    public static async Task<TagIndex> ReadAsync(StatementClient statements, string? database, CancellationToken cancellationToken)
    {
        using var result = await statements.RunAsync(CatalogQueries.Tags(database), cancellationToken);
        var index = new TagIndex();
        await foreach (var row in result.RowsAsync(cancellationToken)) index.Add(row);
        return index;
    }

    /// <summary>Adds a row: the object's database, schema and name, its domain and column, the tag's database, schema and name, its value.</summary>
    public void Add(string?[] row)
    {
        if (row is not [var database, var schema, { } name, { } domain, var column, var tagDatabase, var tagSchema, { } tagName, var value]) return;
        ref var key = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, (tagDatabase, tagSchema, tagName), out _);
        key ??= tagDatabase is null || tagSchema is null ? tagName : $"{tagDatabase}.{tagSchema}.{tagName}";
        var tag = new ObjectTag(domain == "COLUMN" ? Shared(column ?? "") : null, key, Shared(value ?? ""));
        switch (domain)
        {
            case "ACCOUNT":
                _account.Add(tag);
                break;
            case "DATABASE":
                ListOf(_databases, name).Add(tag);
                break;
            case "SCHEMA" when database is not null:
                ListOf(_schemas, (database, name)).Add(tag);
                break;
            default:
                if (database is not null && schema is not null) ListOf(_tables, (database, schema, name)).Add(tag);
                break;
        }
    }

    /// <summary>The tags of a database.</summary>
    public IReadOnlyList<ObjectTag> OfDatabase(string database) => Resolve(_account, Own(_databases, database));

    /// <summary>The tags of a schema.</summary>
    public IReadOnlyList<ObjectTag> OfSchema(string database, string schema) => Resolve(OfDatabase(database), Own(_schemas, (database, schema)));

    /// <summary>The tags of a table and of its columns.</summary>
    /// <param name="ofSchema">Those of its schema.</param>
    /// <param name="database">Its database.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="table">Its name.</param>
    public IReadOnlyList<ObjectTag> OfTable(IReadOnlyList<ObjectTag> ofSchema, string database, string schema, string table) =>
        Resolve(ofSchema, Own(_tables, (database, schema, table)));

    private static IReadOnlyList<ObjectTag> Resolve(IReadOnlyList<ObjectTag> above, IReadOnlyList<ObjectTag> own)
    {
        if (above.Count == 0) return own;
        var inherited = above.Where(a => a.Column is null && !own.Any(o => o.Column is null && o.Key == a.Key));
        return [.. own, .. inherited.Select(a => a.Inherited ? a : a with { Inherited = true })];
    }

    private static IReadOnlyList<ObjectTag> Own<TKey>(Dictionary<TKey, List<ObjectTag>> index, TKey key) where TKey : notnull =>
        index.TryGetValue(key, out var tags) ? tags : None;

    private static List<ObjectTag> ListOf<TKey>(Dictionary<TKey, List<ObjectTag>> index, TKey key) where TKey : notnull =>
        CollectionsMarshal.GetValueRefOrAddDefault(index, key, out _) ??= [];

    // A tag stands on thousands of objects with the same few names and values.
    private string Shared(string text) => CollectionsMarshal.GetValueRefOrAddDefault(_texts, text, out _) ??= text;
}
