using Npgsql;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.PostgreSql.Login;
using Sluice.Platforms.PostgreSql.Sql;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>
/// Makes and removes the views of one database that show tables masked. A view appears with its masks, and is replaced in one step. One that PostgreSQL refuses is
/// told and keeps no other from being made; if it was there before, it goes: it would go on masking as was asked before.
/// </summary>
/// <param name="transaction">What is written in.</param>
/// <param name="names">The names of what is made.</param>
/// <param name="mark">The mark of this instance.</param>
/// <param name="saltOfOthers">The salt of the server's other databases; null when none has one.</param>
internal sealed class ViewWriter(WriteTransaction transaction, NativeNames names, InstanceMark mark, Func<Task<string?>> saltOfOthers)
{
    private const string OneView = "sluice_view";
    private const string Replacing = "sluice_replacing";

    // So much chance that nobody guesses it, without ever leaving the server.
    private const string NewSalt = "pg_catalog.replace(pg_catalog.gen_random_uuid()::text || pg_catalog.gen_random_uuid()::text, '-', '')";

    private readonly string _owner = Quote.Identifier(names.ViewOwner);

    /// <summary>Makes changes of views, and tells which were refused and why.</summary>
    public async Task<IReadOnlyDictionary<Change, string>> WriteAsync(IReadOnlyList<Change> changes)
    {
        var refused = new Dictionary<Change, string>();
        foreach (var change in changes.Where(c => c.Verb != ChangeVerb.Remove))
            if (await TryMakeAsync(change) is { } problem) refused[change] = problem;
        var removed = changes.Where(c => c.Verb == ChangeVerb.Remove).Select(c => c.Key.Object!).ToList();
        foreach (var path in removed) await DropAsync(path);
        foreach (var schema in removed.Select(p => p.Parent!).Distinct()) await DropIfEmptyAsync(schema);
        return refused;
    }

    /// <summary>Reads the salt of a database; null when it has none.</summary>
    public static async Task<string?> SaltAsync(DatabaseConnection database, CancellationToken cancellationToken)
    {
        var isThere = await database.ReadAsync(
            [new Query("SELECT COALESCE(pg_catalog.has_table_privilege(pg_catalog.to_regclass('sluice.salt')::pg_catalog.oid, 'SELECT'), false)")],
            static a => a.RowsAsync(static r => r.BooleanAsync()), cancellationToken);
        if (!isThere[0]) return null;
        return (await database.ReadAsync([new Query("SELECT s.salt FROM sluice.salt s")], static a => a.RowsAsync(static r => r.TextAsync()), cancellationToken)).FirstOrDefault();
    }

    private async Task<string?> TryMakeAsync(Change change)
    {
        await transaction.ExecuteAsync($"SAVEPOINT {OneView}");
        string problem;
        try
        {
            if (await MakeAsync(change) is not { } found) return null;
            problem = found;
        }
        catch (PostgresException e) when (IsRefusal(e))
        {
            problem = $"PostgreSQL refuses the view {change.Key.Object}: {ForeignWords.Bounded(e.MessageText)}";
        }

        await transaction.ExecuteAsync($"ROLLBACK TO SAVEPOINT {OneView}");
        if (change.Verb != ChangeVerb.Replace) return problem;
        await DropAsync(change.Key.Object!);
        return $"{problem}. It is gone until that is mended, because it masked as was asked before";
    }

    private async Task<string?> MakeAsync(Change change)
    {
        var (path, select) = (change.Key.Object!, MaskedView.SelectOf(change.Definition));
        if (await MakeSchemaAsync(path.Parent!) is { } problem) return problem;
        var before = await ViewsReader.ReadAsync(transaction, path);
        if (before is not null && mark.OwnerOf(before.Comment) != MarkOwner.ThisInstance) return $"view {path} was not made by this instance of Sluice: it is not changed";
        if (MaskPrinter.ReadsSalt(select)) await MakeSaltAsync();
        await ReplaceAsync(path, select);
        await transaction.ExecuteAsync($"ALTER VIEW {Statements.Table(path)} OWNER TO {_owner}");
        var kept = (await ViewsReader.ReadAsync(transaction, path))!;
        await transaction.ExecuteAsync($"COMMENT ON VIEW {Statements.Table(path)} IS {Quote.Literal(KeptView.CommentOf(mark, change.Definition, kept.Form))}");
        return null;
    }

    // A view keeps its grants, and what others have built on it, as long as its columns keep their names and types.
    private async Task ReplaceAsync(ObjectPath path, string select)
    {
        await transaction.ExecuteAsync($"SAVEPOINT {Replacing}");
        try
        {
            await transaction.ExecuteAsync(MaskedView.Create(path, select));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidTableDefinition)
        {
            await transaction.ExecuteAsync($"ROLLBACK TO SAVEPOINT {Replacing}");
            var grants = await GrantsAsync(path);
            await transaction.ExecuteAsync([MaskedView.Drop(path), MaskedView.Create(path, select), $"ALTER VIEW {Statements.Table(path)} OWNER TO {_owner}", .. grants]);
        }
    }

    private async Task<IReadOnlyList<string>> GrantsAsync(ObjectPath path)
    {
        var grants = await transaction.ReadAsync(
            new Query(EnforcingQueries.GrantsOnTable(transaction.ServerVersion), path.Parent!.Name, path.Name),
            static async r =>
            {
                var column = await r.OptionalTextAsync();
                var grant = (Privilege: new Privilege(await r.TextAsync(), column), Grantee: (await r.SharedTextAsync()).Text);
                await r.SharedTextAsync();
                return (grant.Privilege, grant.Grantee, IsGrantable: await r.BooleanAsync());
            });
        return [.. grants.Where(g => g.Grantee != names.ViewOwner && g.Privilege.Column is null).Select(g => Statements.Grant(path, [g.Privilege], g.Grantee, g.IsGrantable))];
    }

    private async Task<string?> MakeSchemaAsync(ObjectPath schema)
    {
        var name = Quote.Identifier(schema.Name);
        if (await ViewsReader.SchemaAsync(transaction, schema, mark) is { } there)
        {
            if (there.Problem is { } problem) return problem;
        }
        else await transaction.ExecuteAsync($"CREATE SCHEMA {name}", $"COMMENT ON SCHEMA {name} IS {Quote.Literal(mark.Comment)}");

        // Who owns a view has to be able to make one there.
        await transaction.ExecuteAsync($"GRANT USAGE, CREATE ON SCHEMA {name} TO {_owner}");
        return null;
    }

    private async Task MakeSaltAsync()
    {
        if (!(await transaction.ReadAsync(new Query("SELECT EXISTS (SELECT FROM sluice.salt)"), static r => r.BooleanAsync()))[0])
        {
            await transaction.ExecuteAsync(await saltOfOthers() is { } salt
                ? new Query("INSERT INTO sluice.salt (salt) VALUES ($1) ON CONFLICT DO NOTHING", salt)
                : new Query($"INSERT INTO sluice.salt (salt) VALUES ({NewSalt}) ON CONFLICT DO NOTHING"));
        }

        await transaction.ExecuteAsync($"GRANT SELECT ON sluice.salt TO {_owner}");
    }

    private async Task DropAsync(ObjectPath path)
    {
        if (await ViewsReader.ReadAsync(transaction, path) is { } view && mark.OwnerOf(view.Comment) == MarkOwner.ThisInstance) await transaction.ExecuteAsync(MaskedView.Drop(path));
    }

    // With the last view goes what would keep the views' owner from going. The salt stays: a value is hashed to the same when views come back.
    private async Task DropIfEmptyAsync(ObjectPath schema)
    {
        var isEmpty = await transaction.ReadAsync(
            new Query("SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid) FROM pg_catalog.pg_namespace n WHERE n.nspname = $1", schema.Name),
            static r => r.BooleanAsync());
        if (isEmpty is [true] && await ViewsReader.SchemaAsync(transaction, schema, mark) is { Problem: null }) await transaction.ExecuteAsync($"DROP SCHEMA {Quote.Identifier(schema.Name)}");
        var left = await transaction.ReadAsync(
            new Query("""
                SELECT pg_catalog.to_regclass('sluice.salt') IS NOT NULL AND NOT EXISTS (
                  SELECT FROM pg_catalog.pg_class c WHERE c.relkind = 'v' AND pg_catalog.pg_get_userbyid(c.relowner) = $1)
                """, names.ViewOwner),
            static r => r.BooleanAsync());
        if (left[0]) await transaction.ExecuteAsync($"REVOKE ALL ON sluice.salt FROM {_owner}");
    }

    // Of the definition, and not of the moment: everything else is tried again as a whole.
    private static bool IsRefusal(PostgresException e) => e.SqlState.StartsWith("42", StringComparison.Ordinal) || e.SqlState.StartsWith("22", StringComparison.Ordinal);
}
