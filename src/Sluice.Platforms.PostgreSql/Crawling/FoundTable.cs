using Sluice.Core.Catalog;
using Sluice.Platforms.PostgreSql.Sql;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>Turns rows of pg_class into data objects.</summary>
/// <param name="account">The service account, for the remedies.</param>
internal sealed class FoundTable(string account)
{
    private readonly Dictionary<string, string> _remedies = new(StringComparer.Ordinal);

    /// <summary>The object at a path.</summary>
    public DiscoveredObject At(ObjectPath path, TableRow table) => new()
    {
        Path = path,
        Kind = table.Kind,
        NativeId = $"{table.Oid}",
        Comment = table.Comment,
        Columns = table.Columns,
        GovernanceReason = table.MayActAsOwner ? null : Remedy(table.Owner),
    };

    private string Remedy(string owner)
    {
        if (_remedies.TryGetValue(owner, out var known)) return known;
        return _remedies[owner] =
            $"Owned by {owner}, and the service account can't act as that role, so Sluice can't grant on it. "
            + $"Remedy: GRANT {Quote.Identifier(owner)} TO {Quote.Identifier(account)}";
    }
}
