using System.Collections.Concurrent;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>
/// Sees what is granted, securable by securable: <c>information_schema</c> does not show all grants to whoever has MANAGE
/// (https://docs.databricks.com/sql/language-manual/information-schema/table_privileges), and REST does.
/// </summary>
internal sealed class AccessObserver(GrantsClient grants, DirectoryClient directory, Func<CancellationToken, Task<string>> caller, DatabricksOptions options)
{
    /// <summary>Reads what is so now.</summary>
    public async Task<ObservedState> ObserveAsync(AccessIntent intent, CancellationToken cancellationToken)
    {
        var me = await caller(cancellationToken);
        var assignments = await ReadAllAsync(
            Observation.PlacesOf(intent), (path, token) => grants.PermissionsAsync(Places.SecurableOf(path), token), cancellationToken);
        var objects = intent.Objects.Select(static o => o.Object.Path).ToList();
        var owners = await OwnersAsync(objects, cancellationToken);
        var met = assignments.Values.SelectMany(static a => a.Value ?? []).Where(static a => a.Privileges.Any(static p => Privileges.ReachOf(p) != Reach.None)).Select(static a => a.Principal)
            .Concat(owners.Select(static o => o.Owner ?? ""));
        var needsMembers = met.Any(static p => p.Length > 0 && p != Principals.Everybody && !Principals.IsSingle(p));
        var membership = needsMembers ? await Membership.ReadAsync(directory, cancellationToken) : Membership.Unknown;

        var observation = new Observation(intent, AccessCompiler.Compile(intent), me, membership);
        foreach (var (path, answer) in assignments.OrderBy(static a => string.Join('\0', a.Key.Names), StringComparer.Ordinal))
        {
            if (answer.Value is { } found) observation.Add(path, found);
            else if (answer.Error!.Failure == PlatformFailure.NotFound) observation.AddMissing(path);
            else observation.AddUnread(path, answer.Error.Message);
        }

        foreach (var (path, owner) in owners) observation.AddOwner(path, owner);
        return observation.State();
    }

    private async Task<List<(ObjectPath Path, string? Owner)>> OwnersAsync(IReadOnlyList<ObjectPath> objects, CancellationToken cancellationToken)
    {
        var schemas = objects.Select(Places.SchemaOf).Distinct().ToList();
        var above = schemas.Concat(objects.Select(Places.CatalogOf)).Distinct().ToList();
        var tables = await ReadAllAsync(schemas, (schema, token) => grants.TablesAsync(schema.Names[1], schema.Name, token), cancellationToken);
        var containers = await ReadAllAsync(above, (path, token) => grants.OwnerAsync(Places.SecurableOf(path), token), cancellationToken);
        var asked = objects.ToHashSet();
        return
        [
            .. tables.SelectMany(static t => (t.Value.Value ?? []).Select(found => (Path: t.Key.Child(found.Name), found.Owner))).Where(t => asked.Contains(t.Path)),
            .. containers.Select(static c => (c.Key, c.Value.Value)),
        ];
    }

    private async Task<IReadOnlyDictionary<ObjectPath, Read<T>>> ReadAllAsync<T>(
        IEnumerable<ObjectPath> paths, Func<ObjectPath, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        var answers = new ConcurrentDictionary<ObjectPath, Read<T>>();
        await Parallel.ForEachAsync(
            paths,
            new ParallelOptions { MaxDegreeOfParallelism = options.MostRequests, CancellationToken = cancellationToken },
            async (path, token) =>
            {
                try
                {
                    answers[path] = new Read<T>(await read(path, token), null);
                }
                catch (PlatformException e) when (e.Failure is PlatformFailure.NotFound or PlatformFailure.AccessDenied)
                {
                    answers[path] = new Read<T>(null, e);
                }
            });
        return answers;
    }

    private sealed record Read<T>(T? Value, PlatformException? Error);
}
