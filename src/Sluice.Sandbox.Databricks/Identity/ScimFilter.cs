using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Identity;

/// <summary>
/// The simple filters Databricks' SCIM understands: eq, ne, co and sw, joined by and or or, as
/// https://docs.databricks.com/api/workspace/groups/list describes, and no more than 200 nodes of them, as
/// https://docs.databricks.com/aws/en/reference/scim-2-1 has it.
/// </summary>
internal static class ScimFilter
{
    private const int MostNodes = 200;

    public static Func<SandboxPrincipal, bool> Parse(string? filter)
    {
        if (string.IsNullOrWhiteSpace(filter)) return _ => true;
        var words = Words(filter);
        // A comparison is a node, and so is what joins two.
        if ((words.Count + 1) / 2 > MostNodes) throw DatabricksException.Scim(400, $"INVALID_FILTER: the filter has more than {MostNodes} nodes.");
        Func<SandboxPrincipal, bool>? result = null;
        var joins = "and";
        for (var at = 0; at < words.Count; at += 4)
        {
            if (at + 2 >= words.Count) throw Bad(filter);
            var next = Comparison(words[at], words[at + 1], words[at + 2], filter);
            var (before, isOr) = (result, joins == "or");
            result = before is null ? next : isOr ? principal => before(principal) || next(principal) : principal => before(principal) && next(principal);
            if (at + 3 >= words.Count) break;
            joins = words[at + 3].ToLowerInvariant();
            if (joins is not ("and" or "or") || at + 4 >= words.Count) throw Bad(filter);
        }

        return result!;
    }

    private static Func<SandboxPrincipal, bool> Comparison(string attribute, string comparison, string value, string filter)
    {
        Func<SandboxPrincipal, string> read = attribute.ToLowerInvariant() switch
        {
            "displayname" => principal => principal.DisplayName ?? principal.Name,
            "username" or "emails.value" or "emails" => principal => principal.Name,
            "applicationid" => principal => principal.Name,
            "id" => PrincipalDirectory.IdOf,
            "externalid" => principal => principal.ExternalId ?? "",
            _ => throw Bad(filter),
        };
        return comparison.ToLowerInvariant() switch
        {
            "eq" => principal => string.Equals(read(principal), value, StringComparison.OrdinalIgnoreCase),
            "ne" => principal => !string.Equals(read(principal), value, StringComparison.OrdinalIgnoreCase),
            "co" => principal => read(principal).Contains(value, StringComparison.OrdinalIgnoreCase),
            "sw" => principal => read(principal).StartsWith(value, StringComparison.OrdinalIgnoreCase),
            _ => throw Bad(filter),
        };
    }

    private static List<string> Words(string filter)
    {
        List<string> words = [];
        for (var at = 0; at < filter.Length;)
        {
            if (filter[at] == ' ')
            {
                at++;
                continue;
            }

            var quoted = filter[at] is '"' or '\'';
            var end = quoted ? filter.IndexOf(filter[at], at + 1) : filter.IndexOf(' ', at);
            if (quoted && end < 0) throw Bad(filter);
            words.Add(quoted ? filter[(at + 1)..end] : end < 0 ? filter[at..] : filter[at..end]);
            at = end < 0 ? filter.Length : end + 1;
        }

        return words;
    }

    private static DatabricksException Bad(string filter) => DatabricksException.Scim(400, $"Given filter operator is not supported: {filter}");
}
