using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Governing;

/// <summary>The LF-Tags of a whole catalog, by database and table.</summary>
internal sealed class TagIndex
{
    private const int Named = 5;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ObjectTag[]> _databases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, ObjectTag[]>> _tables = new(StringComparer.Ordinal);
    private readonly HashSet<string> _hidden = new(StringComparer.Ordinal);
    private readonly HashSet<(string Database, string Table)> _hidingOnColumns = [];

    /// <summary>Whether nothing was searched: each object must be asked for its tags.</summary>
    public bool AsksEach { get; init; }

    /// <summary>Why the searches can't be used, in AWS's words; null when they can.</summary>
    public string? SearchMissing { get; init; }

    /// <summary>Why no tag at all can be known, in AWS's words; null when they can.</summary>
    public string? Unreadable { get; init; }

    /// <summary>
    /// Why any object of the catalog may carry a tag that isn't known: LF-Tags in use whose key this principal can't describe. Null when
    /// there are none.
    /// </summary>
    public string? TagsUnknown => Unreadable ?? _hidden.Count switch
    {
        0 => null,
        1 => $"this principal can't see the LF-Tag {_hidden.Single()}; grant it DESCRIBE on it",
        _ => $"this principal can't see the LF-Tags {Some(_hidden)}; grant it DESCRIBE on them",
    };

    /// <summary>A few of some keys by name and how many more there are: it is read with every object.</summary>
    public static string Some(IReadOnlyCollection<string> keys) =>
        string.Join(", ", keys.Order(StringComparer.Ordinal).Take(Named)) + (keys.Count > Named ? $" and {keys.Count - Named} more" : "");

    /// <summary>Why a single object's tags aren't known: it has a value of the key that can't be described.</summary>
    public static string ValueHidden(string key) =>
        $"the LF-Tag {key} has a value here that this principal can't see; grant it DESCRIBE on all values of {key}";

    /// <summary>Keys that are in use and can't be described.</summary>
    public IReadOnlyCollection<string> Hidden => _hidden;

    /// <summary>Notes keys that are in use and can't be described.</summary>
    public void Hide(IEnumerable<string> keys)
    {
        lock (_lock) _hidden.UnionWith(keys);
    }

    /// <summary>Takes up what a search found.</summary>
    public void Add(IReadOnlyList<ResourceTags> found)
    {
        lock (_lock)
        {
            foreach (var resource in found)
            {
                if (resource.Table is null) Add(_databases, resource.Database, resource.Tags);
                else
                {
                    if (!_tables.TryGetValue(resource.Database, out var tables))
                        _tables.Add(resource.Database, tables = new Dictionary<string, ObjectTag[]>(StringComparer.Ordinal));
                    Add(tables, resource.Table, resource.Tags);
                    if (resource.Hidden is not null) _hidingOnColumns.Add((resource.Database, resource.Table));
                }
            }
        }
    }

    /// <summary>Every key that was met.</summary>
    public IReadOnlySet<string> KeysMet()
    {
        lock (_lock)
        {
            var keys = new HashSet<string>(StringComparer.Ordinal);
            foreach (var tags in _databases.Values.Concat(_tables.Values.SelectMany(t => t.Values)))
                foreach (var tag in tags) keys.Add(tag.Key);
            return keys;
        }
    }

    /// <summary>A database's tags. Only after every search has ended.</summary>
    public ObjectTag[] OfDatabase(string database) => _databases.GetValueOrDefault(database) ?? [];

    /// <summary>Whether a column of a table has a tag that a search did not show. Only after every search has ended.</summary>
    public bool HidesOnColumns(string database, string table) => _hidingOnColumns.Contains((database, table));

    /// <summary>The tags by which a table was found, with what it inherits. Only after every search has ended.</summary>
    public ObjectTag[] OfTable(string database, string table) =>
        _tables.TryGetValue(database, out var tables) ? tables.GetValueOrDefault(table) ?? [] : [];

    private static void Add(Dictionary<string, ObjectTag[]> to, string name, ObjectTag[] tags) =>
        to[name] = to.TryGetValue(name, out var earlier) ? TagResolution.Merge(earlier, tags) : tags;
}
