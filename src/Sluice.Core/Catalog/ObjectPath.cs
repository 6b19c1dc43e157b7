using System.Collections.Immutable;
using System.Text.Json;

namespace Sluice.Core.Catalog;

/// <summary>The names that lead to a data object; the first is the connection's key. Names are the platform's own, in its casing.</summary>
public sealed class ObjectPath : IEquatable<ObjectPath>
{
    /// <summary>The longest name, in UTF-16 code units: four times what the widest platform allows.</summary>
    public const int MaxNameLength = 1024;

    /// <summary>The most names: connection, database, schema, table.</summary>
    public const int MaxDepth = 4;

    private readonly ImmutableArray<string> _names;

    /// <summary>A path of at least one name.</summary>
    /// <exception cref="ArgumentException">No name, an empty name, or too many.</exception>
    public ObjectPath(params ReadOnlySpan<string> names)
    {
        if (names.Length is 0 or > MaxDepth) throw new ArgumentException($"A path has 1 to {MaxDepth} names.", nameof(names));
        foreach (var name in names)
            if (string.IsNullOrEmpty(name)) throw new ArgumentException("A name in a path must not be empty.", nameof(names));
        _names = [.. names];
    }

    private ObjectPath(ImmutableArray<string> names, bool _) => _names = names;

    /// <summary>All names, the connection's key first.</summary>
    public ImmutableArray<string> Names => _names;

    /// <summary>The connection's key.</summary>
    public string ConnectionKey => _names[0];

    /// <summary>The object's own name.</summary>
    public string Name => _names[^1];

    /// <summary>0 for the connection, 1 for its databases, and so on.</summary>
    public int Depth => _names.Length - 1;

    /// <summary>The path of the object above, null for a connection.</summary>
    public ObjectPath? Parent => _names.Length == 1 ? null : new ObjectPath(_names[..^1], true);

    /// <summary>The path of a child.</summary>
    /// <exception cref="ArgumentException">An empty name, or a child of the deepest object.</exception>
    public ObjectPath Child(string name)
    {
        if (string.IsNullOrEmpty(name)) throw new ArgumentException("A name in a path must not be empty.", nameof(name));
        return _names.Length < MaxDepth ? new ObjectPath(_names.Add(name), true) : throw new ArgumentException($"A path has 1 to {MaxDepth} names.", nameof(name));
    }

    /// <summary>Whether this lies right below <paramref name="parent"/>.</summary>
    public bool IsChildOf(ObjectPath parent) => _names.Length == parent._names.Length + 1 && parent.Covers(this);

    /// <summary>Whether this is <paramref name="other"/> or lies above it.</summary>
    public bool Covers(ObjectPath other) =>
        _names.Length <= other._names.Length && _names.AsSpan().SequenceEqual(other._names.AsSpan()[.._names.Length]);

    /// <summary>The same path below another key (a connection's key is compared ignoring case and shown as it was registered).</summary>
    public ObjectPath WithConnectionKey(string key) => new(_names.SetItem(0, key), true);

    /// <summary>
    /// Reads the part of a raw request target that holds a path: split on <c>/</c>, each segment percent-decoded exactly once, so that a
    /// name may hold <c>/</c>, <c>%</c>, <c>.</c> and <c>..</c>. Null with <paramref name="problem"/> when it is no path.
    /// </summary>
    public static ObjectPath? FromUrl(string raw, out string? problem)
    {
        var segments = raw.Split('/');
        var names = new string[segments.Length];
        for (var i = 0; i < segments.Length; i++)
        {
            if (PercentDecoding.Decode(segments[i]) is { } name) names[i] = name;
            else
            {
                problem = $"segment {i + 1} is not percent-encoded UTF-8";
                return null;
            }
        }

        return FromNames(names, out problem);
    }

    /// <summary>Reads a JSON array of names, as in <c>?objectPath=["key","database"]</c>.</summary>
    public static ObjectPath? FromJson(string json, out string? problem)
    {
        string[]? names;
        try
        {
            names = JsonSerializer.Deserialize<string[]>(json);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // ArgumentException: the text itself is no well-formed Unicode.
            names = null;
        }

        if (names is not null) return FromNames(names, out problem);
        problem = "must be a JSON array of names";
        return null;
    }

    /// <summary>Checks and wraps names.</summary>
    public static ObjectPath? FromNames(IReadOnlyList<string> names, out string? problem)
    {
        problem = names.Count switch
        {
            0 => "must hold at least the connection's key",
            > MaxDepth => $"has {names.Count} names; the deepest object has {MaxDepth}",
            _ => null,
        };
        if (problem is not null) return null;
        for (var i = 0; i < names.Count; i++)
        {
            problem = NameProblem(names[i]);
            if (problem is null) continue;
            problem = $"name {i + 1} {problem}";
            return null;
        }

        return new ObjectPath([.. names], true);
    }

    /// <summary>What keeps a text from being a name, or null. NUL and lone surrogates can't be stored on every database.</summary>
    public static string? NameProblem(string? name)
    {
        if (string.IsNullOrEmpty(name)) return "is empty";
        if (name.Length > MaxNameLength) return $"is longer than {MaxNameLength} characters";
        if (name.Contains('\0')) return "holds a NUL character";
        return IsWellFormed(name) ? null : "is not well-formed Unicode";
    }

    /// <summary>The path for a URL: each name percent-encoded, joined by <c>/</c>. Dots are encoded too where a name is only dots, which URL readers fold.</summary>
    public string ToUrl() => string.Join('/', _names.Select(EncodeSegment));

    /// <summary>The path as a person reads it: names joined by <c>/</c>, unencoded.</summary>
    public override string ToString() => string.Join('/', _names);

    /// <inheritdoc/>
    public bool Equals(ObjectPath? other) => other is not null && _names.AsSpan().SequenceEqual(other._names.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ObjectPath);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var name in _names) hash.Add(name, StringComparer.Ordinal);
        return hash.ToHashCode();
    }

    private static string EncodeSegment(string name) =>
        name is "." or ".." ? name.Replace(".", "%2E", StringComparison.Ordinal) : Uri.EscapeDataString(name);

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return false;
            i++;
        }

        return true;
    }
}
