namespace Sluice.Core.People;

/// <summary>
/// By which names a group or an attribute can be meant. One kept here is meant by its name. One of a source is meant by <c>source:Name</c>, and by the
/// bare name where nothing else is called so: else whoever keeps one source could put people into another's group.
/// </summary>
public sealed class SourcedNames
{
    /// <summary>Between source and name. A name with it is never bare, or it could be another source's full name.</summary>
    public const char Separator = ':';

    private readonly Dictionary<string, HashSet<string>> _sources = new(StringComparer.Ordinal);

    /// <summary>Names of everything there is.</summary>
    /// <param name="all">Source (null: kept here) and name.</param>
    public SourcedNames(IEnumerable<(string? Source, string Name)> all)
    {
        foreach (var (source, name) in all)
        {
            if (!_sources.TryGetValue(name, out var sources)) _sources[name] = sources = new HashSet<string>(StringComparer.Ordinal);
            sources.Add(source ?? "");
        }

        Known = _sources.SelectMany(n => n.Value.SelectMany(s => Of(s.Length == 0 ? null : s, n.Key))).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Every name by which something can be meant.</summary>
    public IReadOnlySet<string> Known { get; }

    /// <summary>The names of one.</summary>
    public IReadOnlyList<string> Of(string? source, string name)
    {
        if (source is null) return [name];
        var full = Full(source, name);
        var isAlone = !_sources.TryGetValue(name, out var sources) || sources.Count == 1;
        return isAlone && !name.Contains(Separator, StringComparison.Ordinal) ? [full, name] : [full];
    }

    /// <summary>The name that is always right.</summary>
    public static string Full(string? source, string name) => source is null ? name : $"{source}{Separator}{name}";
}
