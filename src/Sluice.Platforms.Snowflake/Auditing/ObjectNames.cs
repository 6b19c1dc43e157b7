using System.Text;
using Sluice.Core.Catalog;

namespace Sluice.Platforms.Snowflake.Auditing;

/// <summary>Fully qualified names as the account's views write them: parts with a dot between, quoted where they need it.</summary>
internal static class ObjectNames
{
    /// <summary>The path of a table or view; null for what is no three names.</summary>
    public static ObjectPath? PathOf(string connectionKey, string? qualified)
    {
        if (qualified is null || Parts(qualified) is not [var database, var schema, var name]) return null;
        return ObjectPath.FromNames([connectionKey, database, schema, name], out _);
    }

    private static List<string>? Parts(string qualified)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        for (var i = 0; i < qualified.Length; i++)
        {
            switch (qualified[i])
            {
                case '.':
                    parts.Add(part.ToString());
                    part.Clear();
                    break;
                case '"':
                    var end = i + 1;
                    while (end < qualified.Length && (qualified[end] != '"' || (end + 1 < qualified.Length && qualified[end + 1] == '"')))
                        end += qualified[end] == '"' ? 2 : 1;
                    if (end >= qualified.Length) return null;
                    part.Append(qualified[(i + 1)..end].Replace("\"\"", "\"", StringComparison.Ordinal));
                    i = end;
                    break;
                default:
                    part.Append(qualified[i]);
                    break;
            }
        }

        parts.Add(part.ToString());
        return parts;
    }
}
