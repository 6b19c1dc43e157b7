using System.Collections.Concurrent;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>
/// Sees what is granted, securable by securable: <c>information_schema</c> does not show all grants to whoever has MANAGE
/// (https://docs.databricks.com/sql/language-manual/information-schema/table_privileges), and REST does.
/// </summary>
internal sealed class AccessObserver(
    GrantsClient grants,
    DirectoryClient directory,
    OwnReader reader,
    GroupReader groups,
    Namesakes namesakes,
    QuotaClient quotas,
    OwnCatalog own,
    InstanceMark mark,
    Func<CancellationToken, Task<string>> caller,
    ApplySight sight,
    AttachedRules attached,
    DatabricksOptions options)
{
    private const int MostTries = 5;

    /// <summary>Reads what is so now.</summary>
    public async Task<ObservedState> ObserveAsync(AccessIntent intent, CancellationToken cancellationToken)
    {
        var me = await caller(cancellationToken);
        var desired = AccessCompiler.Compile(intent);
        var readers = new DesiredReaders(desired);
        var ownGroups = new GroupFacts(await groups.ReadAsync(intent, desired, cancellationToken), readers, options.GroupsOfAccount);
        var identities = new Identities(intent, await namesakes.ReadAsync(intent, cancellationToken));
        var seen = new Seen(
            await ReadAllAsync(Observation.PlacesOf(intent), (path, token) => grants.PermissionsAsync(Places.SecurableOf(path), token), cancellationToken),
            await ReadAllAsync(Above(intent, Places.SchemaOf), (schema, token) => grants.TablesAsync(schema.Names[1], schema.Name, token), cancellationToken),
            await ReadAllAsync(
                Above(intent, Places.SchemaOf).Concat(Above(intent, Places.CatalogOf)), (path, token) => grants.OwnerAsync(Places.SecurableOf(path), token), cancellationToken));
        var membership = seen.NeedsMembers(ownGroups, identities) ? await Membership.ReadAsync(directory, cancellationToken) : Membership.Unknown;
        var ours = new OwnFacts(intent, own, mark, desired);
        var state = await ReadOwnAsync(cancellationToken);
        ours.Add(state);
        if (ours.MissingFunctions.Count > 0 && await QuotaAsync(state.Functions.Count, cancellationToken) is { } quota) ours.Limit(quota);
        var observation = new Observation(intent, identities, readers, me, membership, ours, ownGroups);
        seen.AddTo(observation);
        var seenNow = observation.State();
        sight.Begin(intent, readers, seenNow, observation.SpelledThere);
        attached.Begin(seenNow, state.Functions.Select(static f => f.Name));
        return seenNow;
    }

    // Null where it is not shown. What was counted may be old.
    private async Task<Quota?> QuotaAsync(int functions, CancellationToken cancellationToken)
    {
        try
        {
            var quota = await quotas.FunctionsOfSchemaAsync(own.Name, OwnCatalog.FunctionsSchema, cancellationToken);
            return quota with { Count = Math.Max(quota.Count, functions) };
        }
        catch (PlatformException)
        {
            return null;
        }
    }

    // What is taken away meanwhile is listed in one answer and gone in the next: all of it is read again then.
    private async Task<OwnState> ReadOwnAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await reader.ReadAsync(cancellationToken);
            }
            catch (PlatformException e) when (attempt < MostTries && e.Failure == PlatformFailure.NotFound)
            {
                // Again.
            }
        }
    }

    private static IEnumerable<ObjectPath> Above(AccessIntent intent, Func<ObjectPath, ObjectPath> above) => intent.Objects.Select(o => above(o.Object.Path)).Distinct();

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

    // Grants by securable, tables by schema, and the owners of schemas and catalogs.
    private sealed record Seen(
        IReadOnlyDictionary<ObjectPath, Read<IReadOnlyList<PrivilegeAssignment>>> Grants,
        IReadOnlyDictionary<ObjectPath, Read<IReadOnlyList<GovernedTable>>> Tables,
        IReadOnlyDictionary<ObjectPath, Read<string>> Owners)
    {
        /// <summary>Whether a group has anything by which data are reached.</summary>
        public bool NeedsMembers(GroupFacts groups, Identities identities) => Grants.Values.SelectMany(static a => a.Value ?? []).Where(static a => a.Privileges.Any(static p => Privileges.ReachOf(p) != Reach.None)).Select(static a => a.Principal)
            .Concat(Tables.Values.SelectMany(static t => t.Value ?? []).Select(static t => t.Owner ?? ""))
            .Concat(Owners.Values.Select(static o => o.Value ?? ""))
            .Any(p => p.Length > 0 && p != Principals.Everybody && !identities.IsSingle(p) && !groups.IsOurs(p));

        public void AddTo(Observation observation)
        {
            foreach (var (path, answer) in Grants.OrderBy(static a => string.Join('\0', a.Key.Names), StringComparer.Ordinal))
            {
                if (answer.Value is { } found) observation.Add(path, found);
                else Miss(observation, path, answer.Error!);
            }

            foreach (var (schema, answer) in Tables)
            {
                if (answer.Value is not { } tables) Miss(observation, schema, answer.Error!);
                else foreach (var table in tables) observation.Add(schema.Child(table.Name), table);
            }

            foreach (var (path, owner) in Owners) observation.AddOwner(path, owner.Value);
        }

        private static void Miss(Observation observation, ObjectPath path, PlatformException error)
        {
            if (error.Failure == PlatformFailure.NotFound) observation.AddMissing(path);
            else observation.AddUnread(path, error.Message);
        }
    }
}
