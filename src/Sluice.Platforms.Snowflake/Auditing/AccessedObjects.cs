using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Core.QueryAudit;

namespace Sluice.Platforms.Snowflake.Auditing;

/// <summary>The JSON columns of ACCESS_HISTORY (https://docs.snowflake.com/en/sql-reference/account-usage/access_history).</summary>
internal static class AccessedObjects
{
    /// <summary>The objects of a statement: those it names, those below them, those it wrote. One that is several of these is told once, with all of its columns.</summary>
    public static IReadOnlyList<QueriedObject> Read(string connectionKey, string? direct, string? below, string? modified)
    {
        var found = new Dictionary<(ObjectPath Path, bool IsWritten), (List<string> Columns, bool IsDirect)>();
        Add(direct, isDirect: true, isWritten: false);
        Add(below, isDirect: false, isWritten: false);
        Add(modified, isDirect: true, isWritten: true);
        return [.. found.Select(static f => new QueriedObject(f.Key.Path, f.Value.Columns, f.Value.IsDirect, f.Key.IsWritten))];

        void Add(string? json, bool isDirect, bool isWritten)
        {
            foreach (var (path, each) in ObjectsOf(connectionKey, json))
            {
                if (!found.TryGetValue((path, isWritten), out var known)) found[(path, isWritten)] = known = ([], isDirect);
                foreach (var column in ColumnsOf(each))
                    if (TextOf(column, "columnName") is { } name && !known.Columns.Contains(name)) known.Columns.Add(name);
            }
        }
    }

    /// <summary>The names of the policies that applied, on objects and on columns.</summary>
    public static IReadOnlyList<string> Policies(string? json)
    {
        var names = new List<string>();
        foreach (var each in Entries(json))
        {
            foreach (var owner in ColumnsOf(each).Prepend(each))
            {
                foreach (var policy in Members(owner, "policies"))
                    if (TextOf(policy, "policyName") is { } name && !names.Contains(name)) names.Add(name);
            }
        }

        return names;
    }

    /// <summary>The tables and views in a list of objects; functions, procedures, stages and what has no three names are none.</summary>
    public static IEnumerable<(ObjectPath Path, JsonElement Entry)> ObjectsOf(string connectionKey, string? json)
    {
        foreach (var each in Entries(json))
            if (PathOf(connectionKey, each) is { } path) yield return (path, each);
    }

    /// <summary>The path of an entry that is a table or a view; null of anything else.</summary>
    public static ObjectPath? PathOf(string connectionKey, JsonElement entry)
    {
        var domain = TextOf(entry, "objectDomain") ?? "";
        return domain.EndsWith("table", StringComparison.OrdinalIgnoreCase) || domain.EndsWith("view", StringComparison.OrdinalIgnoreCase)
            ? ObjectNames.PathOf(connectionKey, TextOf(entry, "objectName"))
            : null;
    }

    /// <summary>The columns of an entry.</summary>
    public static IEnumerable<JsonElement> ColumnsOf(JsonElement entry) => Members(entry, "columns");

    /// <summary>A list in an entry; nothing where there is none.</summary>
    public static IEnumerable<JsonElement> Members(JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    /// <summary>A text in an entry; null where there is none.</summary>
    public static string? TextOf(JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    // What can't be read is left out: a statement is told even where the account says something of it that nobody knows yet.
    private static IEnumerable<JsonElement> Entries(string? json)
    {
        if (string.IsNullOrEmpty(json)) return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Array ? [.. document.RootElement.Clone().EnumerateArray()] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
