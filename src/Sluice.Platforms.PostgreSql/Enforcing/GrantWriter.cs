using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>Grants and revokes on one object. Nothing is revoked but from roles of ours and, by an exact grant, from registered people.</summary>
internal sealed class GrantWriter(WriteTransaction transaction, RoleWriter roles, ObjectPath path, IReadOnlySet<string> registered)
{
    private const string Owner = """
        SELECT pg_catalog.textsend(pg_catalog.pg_get_userbyid(c.relowner)::text)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2
        """;

    private sealed record Found(Privilege Privilege, string Grantee, string Grantor, bool IsGrantable, bool IsRevocable, bool IsByOwner);

    /// <summary>Makes changes of grants.</summary>
    public async Task WriteAsync(IReadOnlyList<Change> changes)
    {
        await roles.CheckAsync(changes.Select(c => c.Key.Subject));
        await transaction.ExecuteAsync([.. changes
            .Where(c => c.Verb != ChangeVerb.Remove && !IsPutBack(c))
            .GroupBy(c => c.Key.Subject, StringComparer.Ordinal)
            .Select(g => Statements.Grant(path, g.Select(PrivilegeOf), g.Key))]);
        var lessened = changes.Where(c => c.Verb == ChangeVerb.Replace).ToList();
        if (lessened.Count > 0)
            await transaction.ExecuteAsync([.. lessened.Select(c => Statements.WithoutGrantOption(path, PrivilegeOf(c), c.Key.Subject))]);

        foreach (var change in changes.Where(IsPutBack)) await PutBackAsync(change);
        var removed = changes.Where(c => c.Verb == ChangeVerb.Remove).ToList();
        if (removed.Count > 0) await RevokeAsync(removed);
    }

    private async Task PutBackAsync(Change change)
    {
        var (privilege, grantee) = (PrivilegeOf(change), change.Key.Subject);
        var owners = await transaction.ReadAsync(new Query(Owner, path.Parent!.Name, path.Name), static async r => (await r.SharedTextAsync()).Text);
        if (owners is not [var owner]) throw new PlatformException(PlatformFailure.NotFound, $"There is no {path} any more to grant {privilege} on");
        foreach (var kept in KeptGrants.Read(change.Key, change.Restore!))
        {
            var statement = Statements.Grant(path, [privilege], grantee, kept.IsGrantable);
            await transaction.ExecuteAsync(kept.Grantor == owner ? [statement] : [Statements.ActAs(kept.Grantor), statement, Statements.ResetActing]);

            // A grantor who may not grant it any more is told so by a warning alone.
            if (!(await EveryAsync()).Any(g => g.Privilege == privilege && g.Grantee == grantee && g.Grantor == kept.Grantor && (g.IsGrantable || !kept.IsGrantable)))
                throw new PlatformException(PlatformFailure.AccessDenied, $"{kept.Grantor} may not grant {privilege} on {path} any more, so its grant to {grantee} can't be put back");
        }
    }

    private async Task RevokeAsync(IReadOnlyList<Change> changes)
    {
        var there = await FoundAsync();
        if (there is null)
        {
            // On schemas and databases we revoke from roles of ours alone, which nobody else has reason to grant to.
            var grantees = await roles.ExistingAsync(changes.Select(c => c.Key.Subject));
            await transaction.ExecuteAsync(
                [.. changes.Where(c => grantees.Contains(c.Key.Subject)).Select(c => Statements.Revoke(path, PrivilegeOf(c), c.Key.Subject))]);
            return;
        }

        var revoked = changes.Select(c => (c.Key.Subject, PrivilegeOf(c))).ToHashSet();
        foreach (var grant in there.Where(g => revoked.Contains((g.Grantee, g.Privilege)))) await RevokeAsync(grant, there, revoked);
    }

    private async Task RevokeAsync(Found grant, IReadOnlyList<Found> there, HashSet<(string Grantee, Privilege Privilege)> revoked)
    {
        if (!grant.IsRevocable)
        {
            // Whatever of it can be taken away is; what is left is seen as what it is by the next observation.
            if (there.Any(g => g.IsRevocable && g.Grantee == grant.Grantee && g.Privilege == grant.Privilege)) return;
            throw new PlatformException(
                PlatformFailure.AccessDenied,
                $"{grant.Grantor} granted {grant.Privilege} to {grant.Grantee}, and only {grant.Grantor} can take it away. Make the account a member of that role");
        }

        // The privilege on the table takes those on its columns along, which may have been granted just before.
        var alongside = grant.Privilege.Column is not null
            ? []
            : there.Where(g => g.Privilege.Column is not null && g.Privilege.Name == grant.Privilege.Name && g.Grantee == grant.Grantee
                && g.Grantor == grant.Grantor && !revoked.Contains((g.Grantee, g.Privilege)));
        IEnumerable<string> statements =
        [
            Statements.Revoke(path, grant.Privilege, grant.Grantee),
            .. alongside.Select(g => Statements.Grant(path, [g.Privilege], g.Grantee, g.IsGrantable)),
        ];
        await transaction.ExecuteAsync(grant.IsByOwner
            ? [.. statements]
            : [Statements.ActAs(grant.Grantor), .. statements, Statements.ResetActing]);
    }

    private async Task<List<Found>?> FoundAsync()
    {
        if (path.Depth < ObjectPath.MaxDepth - 1) return null;
        return [.. (await EveryAsync()).Where(g => roles.IsOurs(g.Grantee) || registered.Contains(g.Grantee))];
    }

    private Task<List<Found>> EveryAsync() => transaction.ReadAsync(
        new Query(EnforcingQueries.GrantsOnTable(transaction.ServerVersion), path.Parent!.Name, path.Name),
        static async r =>
        {
            var column = await r.OptionalTextAsync();
            return new Found(
                new Privilege(await r.TextAsync(), column), (await r.SharedTextAsync()).Text, (await r.SharedTextAsync()).Text,
                await r.BooleanAsync(), await r.BooleanAsync(), await r.BooleanAsync());
        });

    private static bool IsPutBack(Change change) => change is { Verb: ChangeVerb.Add, Restore: not null };

    private static Privilege PrivilegeOf(Change change) => Privilege.Parse(change.Key.Detail);
}
