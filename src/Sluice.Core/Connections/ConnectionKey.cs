using System.Collections.Frozen;

namespace Sluice.Core.Connections;

/// <summary>The rules of a connection's name (api.md, "Data API").</summary>
public static class ConnectionKey
{
    /// <summary>The longest key, in characters.</summary>
    public const int MaxLength = 255;

    private static readonly FrozenSet<string> ReservedWords = new[]
    {
        "data", "connection", "object", "crawl", "search", "settings", "metadata", "permission", "sync", "bulk", "upgrade",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The words that are parts of the API's own paths and so can't be keys.</summary>
    public static IReadOnlyCollection<string> Reserved => ReservedWords;

    /// <summary>What is wrong with a key, or null.</summary>
    public static string? Problem(string key)
    {
        if (key.Length is 0 or > MaxLength) return $"must have 1 to {MaxLength} characters";
        if (key.AsSpan().ContainsAnyExcept(Allowed)) return "may only hold ASCII letters, digits, space, '-' and '_'";
        if (key.AsSpan().Trim(' ').Length != key.Length) return "must not begin or end with a space";
        return ReservedWords.Contains(key) ? $"'{key}' is a reserved word" : null;
    }

    /// <summary>The form in which keys are compared: unique ignoring case.</summary>
    public static string Normalized(string key) => key.ToUpperInvariant();

    private static readonly System.Buffers.SearchValues<char> Allowed =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 -_");
}
