using Sluice.Core.Catalog;
using Sluice.Core.QueryAudit;
using Sluice.Engine.Access;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Plans;
using Sluice.Storage.QueryAudit;

namespace Sluice.Engine.QueryAudit;

/// <summary>Says whose a query was, and which policies were on what it read.</summary>
internal sealed class QueryAttribution(
    IQueryAuditStore queries, IAuditStore audit, IPlanStore plans, ICatalogStore catalog, GovernedObjectReader objects, AccessSnapshots snapshots)
{
    // What changes which policies are on an object, by the names of its events.
    private static readonly string[] Turns = ["policy", "tag", "object.settings"];

    /// <summary>The events of one connection with what is known of them here.</summary>
    /// <param name="connection">Whose.</param>
    /// <param name="events">The events.</param>
    /// <param name="known">The policies on objects that were looked up before, in the same reading.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<TakenQuery>> OfAsync(
        StoredConnection connection, IReadOnlyList<QueryEvent> events, Dictionary<ObjectPath, IReadOnlyList<string>> known, CancellationToken cancellationToken)
    {
        if (events.Count == 0) return [];
        var holders = await queries.HoldersAsync(connection.Id, [.. events.Select(static e => e.Identity).Distinct(StringComparer.Ordinal)], cancellationToken);
        var isEnforced = (await plans.EnforcementAsync(connection.Id, cancellationToken))?.ReconciledAt is not null;
        var turned = isEnforced ? await TurnedAsync(events.Min(static e => e.StartedAt), cancellationToken) : null;
        if (isEnforced)
        {
            foreach (var path in events.SelectMany(static e => e.Objects).Select(static o => o.Path).Distinct())
                if (!known.ContainsKey(path)) known[path] = await PoliciesOnAsync(path, cancellationToken);
        }

        return [.. events.Select(Attributed)];

        TakenQuery Attributed(QueryEvent each)
        {
            var (people, peopleBy) = holders.TryGetValue(each.Identity, out var of) ? IdentityHolders.At(of.History, of.Now, each.StartedAt) : ([], KnownBy.Nothing);
            var policiesBy = !isEnforced ? KnownBy.Nothing : turned is { } moment && moment >= each.StartedAt ? KnownBy.Taking : KnownBy.History;
            return new TakenQuery(
                each,
                [.. people.Select(static p => new QueryPerson(p.PersonId, p.Username))],
                peopleBy,
                isEnforced ? each.Objects.Select(static o => o.Path).Distinct().ToDictionary(static p => p, p => known[p]) : new Dictionary<ObjectPath, IReadOnlyList<string>>(),
                policiesBy);
        }
    }

    // When the audit trail last tells of a change of policies, tags or activation, not before then: what was not changed since a query was so when it ran.
    private async Task<DateTimeOffset?> TurnedAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        DateTimeOffset? last = null;
        foreach (var action in Turns)
        {
            var page = await audit.SearchAsync(new AuditQuery { Action = action, From = since, Size = 1 }, cancellationToken);
            if (page.Hits is [var newest] && (last is null || newest.Event.Time > last)) last = newest.Event.Time;
        }

        return last;
    }

    private async Task<IReadOnlyList<string>> PoliciesOnAsync(ObjectPath path, CancellationToken cancellationToken)
    {
        if (await catalog.FindAsync(path, cancellationToken) is not { } found || !found.Kind.IsReadable()) return [];
        if (await objects.GovernedAsync(found, cancellationToken) is not { } governed) return [];
        return await snapshots.AskAsync(IReadOnlyList<string> (snapshot) => [.. snapshot.Compiler.PoliciesOn(governed).Select(static p => p.Key)], cancellationToken);
    }
}
