using Sluice.Core.Catalog;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>Turns rows of pg_class into data objects.</summary>
/// <remarks>
/// PostgreSQL would honour a grant on any table, so every one is governed. Where the account can't act as the owner nobody grants in its
/// name: the grant method is <c>none</c>, with the reason.
/// </remarks>
/// <param name="account">The service account, for the remedies.</param>
/// <param name="serverVersion">The server's major version.</param>
internal sealed class FoundTable(string account, int serverVersion)
{
    private const string NoMethod = "none";

    private readonly Dictionary<TableOwner, string> _reasons = [];

    /// <summary>The object at a path.</summary>
    public DiscoveredObject At(ObjectPath path, TableRow table) => new()
    {
        Path = path,
        Kind = table.Kind,
        NativeId = $"{table.Oid}",
        Comment = table.Comment,
        Columns = table.Columns,
        GovernanceReason = table.Owner.MayActAs ? null : Reason(table.Owner),
        GrantMethod = table.Owner.MayActAs ? null : NoMethod,
    };

    private string Reason(TableOwner owner)
    {
        if (_reasons.TryGetValue(owner, out var known)) return known;
        return _reasons[owner] =
            $"Owned by {owner.Role}, and the service account can't act as that role, so Sluice can't grant on it. "
            + OwnerRemedy.Of(account, serverVersion, owner.Role, owner.IsSuperuser);
    }
}
