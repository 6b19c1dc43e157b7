using Npgsql;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>Sees what is granted: on the objects of an intent to anybody, and anywhere to roles of ours.</summary>
internal sealed class AccessObserver(
    ServerLogin login, Func<CancellationToken, Task<DatabaseConnection>> maintenance, string connectionKey, InstanceMark mark)
{
    private const int Tries = 5;

    /// <summary>Reads what is so now. What is dropped meanwhile is there in one query and gone in the next: all is read again then.</summary>
    public async Task<ObservedState> ObserveAsync(AccessIntent intent, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await LookAsync(intent, cancellationToken);
            }
            catch (PlatformException e) when (attempt < Tries && IsOfTwoMoments(e))
            {
                // Again.
            }
        }
    }

    // A function of the system's knows no more of what a row of a catalog told, or says nothing of it.
    private static bool IsOfTwoMoments(PlatformException e) =>
        e.InnerException is InvalidCastException
        || e.Code is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedObject or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.InvalidSchemaName
            or PostgresErrorCodes.InternalError;

    private async Task<ObservedState> LookAsync(AccessIntent intent, CancellationToken cancellationToken)
    {
        var server = await maintenance(cancellationToken);
        var names = new NativeNames(intent.Prefix);
        var roles = await ServerRoles.ReadAsync(server, names, mark, cancellationToken);
        var observation = new Observation(intent, AccessCompiler.Compile(intent), roles, names, mark);
        observation.AddRoles();

        var ours = roles.Ours.Select(r => r.Oid).ToArray();
        foreach (var grant in await GrantReader.OnDatabasesAsync(server, connectionKey, ours, cancellationToken)) observation.Add(grant);

        var asked = intent.Objects.Where(o => o.Object.Path.Depth > 0).Select(o => o.Object.Path.Names[1]).ToHashSet(StringComparer.Ordinal);
        var marked = await GrantReader.DatabasesAsync(server, ours, roles.Account, cancellationToken);
        foreach (var name in asked.Union(marked.Where(d => d.IsExact).Select(d => d.Text)).Order(StringComparer.Ordinal))
            await ObserveAsync(observation, names, name, ours, cancellationToken);
        return observation.State();
    }

    private async Task ObserveAsync(Observation observation, NativeNames names, string name, long[] ours, CancellationToken cancellationToken)
    {
        var path = new ObjectPath(connectionKey, name);
        DatabaseConnection database;
        try
        {
            database = await login.ConnectAsync(name, cancellationToken);
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.NotFound or PlatformFailure.AccessDenied && observation.AsksFor(path))
        {
            observation.AddUnread(path, e.Message);
            return;
        }

        await using (database)
        {
            var (tables, grants, onSchemas) = await GrantReader.OfDatabaseAsync(database, path, ours, cancellationToken);
            var reveals = await RevealReader.ReadAsync(database, cancellationToken);
            var policies = await RulesReader.PoliciesAsync(database, cancellationToken);
            var support = await RulesReader.SupportAsync(database, names, mark, cancellationToken);
            var (views, schemas) = await ViewsReader.ReadAsync(database, path, mark, observation.ViewSchemasOf(path), cancellationToken);
            foreach (var grant in onSchemas) observation.Add(grant);
            observation.Add(tables, grants, reveals);
            observation.Add(tables, policies);
            observation.Add(path, support);
            if (support is { Owner: MarkOwner.ThisInstance, HasTables: true })
                observation.Add(path, await RulesReader.PeopleAsync(database, names, cancellationToken));
            observation.Add(path, tables, views, schemas);
        }
    }
}
