using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Core.QueryAudit;
using Sluice.Engine.Access;
using Sluice.Engine.Platforms;
using Sluice.Platforms;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.DataLineage;
using Sluice.Storage.Plans;
using Sluice.Storage.QueryAudit;

namespace Sluice.Engine.QueryAudit;

/// <summary>Says whose a query was, and which policies were on what it read.</summary>
internal sealed class QueryAttribution(
    IQueryAuditStore queries, IAuditStore audit, IPlanStore plans, ICatalogStore catalog, ILineageStore lineage, GovernedObjectReader objects, AccessSnapshots snapshots,
    PlatformRegistry platforms, TimeProvider time)
{
    // What changes which policies are on an object, by the names of its events: everywhere, and of the objects of the connection.
    private static readonly string[] Turns = ["policy", "tag"];
    private static readonly string[] OwnTurns = ["object", AuditAction.ConnectionUpdated];

    // A change bears the time at which its transaction began, and is seen when that ends.
    private static readonly TimeSpan LongestChange = TimeSpan.FromMinutes(1);

    /// <summary>The events of one connection with what is known of them here.</summary>
    /// <param name="connection">Whose.</param>
    /// <param name="events">The events.</param>
    /// <param name="known">What was looked up before, in the same reading.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<TakenQuery>> OfAsync(
        StoredConnection connection, IReadOnlyList<QueryEvent> events, KnownOnTheWay known, CancellationToken cancellationToken)
    {
        if (events.Count == 0) return [];
        var holders = await HoldersAsync(connection, [.. events.Select(static e => e.Identity).Distinct(StringComparer.Ordinal)], known, cancellationToken);
        var isEnforced = (await plans.EnforcementAsync(connection.Id, cancellationToken))?.ReconciledAt is not null;
        if (isEnforced) await LookUpAsync(connection, events.SelectMany(static e => e.Objects).Select(static o => o.Path).Distinct(), known, cancellationToken);
        // Behind the policies: what is changed in between is told to be, though they are those of before.
        var turned = isEnforced ? await TurnedAsync(connection, events.Min(static e => e.StartedAt), cancellationToken) : null;
        return [.. events.Select(Attributed)];

        TakenQuery Attributed(QueryEvent each)
        {
            var (people, peopleBy) = IdentityHolders.At(holders[each.Identity].History, holders[each.Identity].Now, each.StartedAt);
            var policies = isEnforced ? each.Objects.Select(static o => o.Path).Distinct().ToDictionary(static p => p, p => known.Policies[p]) : [];
            var isAsThen = !(turned >= each.StartedAt) && policies.Values.All(p => p.Since < each.StartedAt);
            return new TakenQuery(
                each,
                [.. people.Select(static p => new QueryPerson(p.PersonId, p.Username))],
                peopleBy,
                policies.ToDictionary(static p => p.Key, static p => p.Value.Keys),
                !isEnforced ? KnownBy.Nothing : isAsThen ? KnownBy.History : KnownBy.Taking);
        }
    }

    private async Task<Dictionary<string, (IReadOnlyList<IdentityHolding> History, IReadOnlyList<IdentityHolding> Now)>> HoldersAsync(
        StoredConnection connection, IReadOnlyList<string> identities, KnownOnTheWay known, CancellationToken cancellationToken)
    {
        if (known.Spellings is null && platforms.Of(connection.Technology) is IFoldsIdentities folds)
            known.Spellings = (await queries.IdentitiesAsync(connection.Id, cancellationToken)).ToLookup(static i => i, folds.Identities);
        var spelled = identities.ToDictionary(static i => i, i => (known.Spellings?[i] ?? []).Append(i).Distinct(StringComparer.Ordinal).ToList(), StringComparer.Ordinal);
        var found = await queries.HoldersAsync(connection.Id, [.. spelled.Values.SelectMany(static s => s).Distinct(StringComparer.Ordinal)], cancellationToken);
        return spelled.ToDictionary(static s => s.Key, s => Joined([.. s.Value.Where(found.ContainsKey).Select(i => found[i])]), StringComparer.Ordinal);

        static (IReadOnlyList<IdentityHolding>, IReadOnlyList<IdentityHolding>) Joined(IReadOnlyList<(IReadOnlyList<IdentityHolding> History, IReadOnlyList<IdentityHolding> Now)> of) =>
            ([.. of.SelectMany(static o => o.History)], [.. of.SelectMany(static o => o.Now).DistinctBy(static n => n.PersonId)]);
    }

    private async Task LookUpAsync(StoredConnection connection, IEnumerable<ObjectPath> paths, KnownOnTheWay known, CancellationToken cancellationToken)
    {
        if (known.LookedUpSince is { } since && await TurnedAsync(connection, since, cancellationToken) is not null) known.ForgetPolicies();
        known.LookedUpSince ??= time.GetUtcNow() - LongestChange;
        foreach (var path in paths)
            if (!known.Policies.ContainsKey(path)) known.Policies[path] = await PoliciesOnAsync(path, cancellationToken);
    }

    // When the audit trail last tells of a change of policies, tags or activation, not before then: what was not changed since a query was so when it ran.
    private async Task<DateTimeOffset?> TurnedAsync(StoredConnection connection, DateTimeOffset since, CancellationToken cancellationToken)
    {
        DateTimeOffset? last = null;
        foreach (var query in Turns.Select(static a => new AuditQuery { Action = a }).Concat(OwnTurns.Select(a => new AuditQuery { Action = a, Object = new ObjectPath(connection.Key) })))
        {
            var page = await audit.SearchAsync(query with { From = since, Size = 1 }, cancellationToken);
            if (page.Hits is [var newest] && (last is null || newest.Event.Time > last)) last = newest.Event.Time;
        }

        return last;
    }

    private async Task<KnownPolicies> PoliciesOnAsync(ObjectPath path, CancellationToken cancellationToken)
    {
        if (await catalog.FindAsync(path, cancellationToken) is not { } found || !found.Kind.IsReadable()) return KnownPolicies.None;
        var since = (await lineage.TagsAsync(found, cancellationToken)).Count > 0 ? DateTimeOffset.MaxValue : await catalog.ChangedAsync(found, cancellationToken);
        if (await objects.GovernedAsync(found, cancellationToken) is not { } governed) return new KnownPolicies([], since);
        var keys = await snapshots.AskAsync(IReadOnlyList<string> (snapshot) => [.. snapshot.Compiler.PoliciesOn(governed).Select(static p => p.Key)], cancellationToken);
        return new KnownPolicies(keys, since);
    }
}
