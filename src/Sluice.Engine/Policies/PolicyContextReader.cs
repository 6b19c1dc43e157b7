using Sluice.Core.Catalog;
using Sluice.Core.Policies;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.People;
using Sluice.Storage.Tags;

namespace Sluice.Engine.Policies;

/// <summary>Reads what exists, to hold policies against.</summary>
internal sealed class PolicyContextReader(IPeopleSnapshots people, ITagStore tags, ICatalogStore catalog, IConnectionStore connections, TimeProvider time)
{
    /// <summary>What exists of what these policies name.</summary>
    public async Task<PolicyContext> ReadAsync(IReadOnlyList<Policy> policies, CancellationToken cancellationToken)
    {
        var everybody = await people.ReadAsync(time.GetUtcNow(), cancellationToken);
        var known = (await tags.ListAsync(cancellationToken)).Select(static t => t.Name).Append(SystemTags.DiscoveredNew).ToHashSet(StringComparer.Ordinal);
        var there = new HashSet<ObjectPath>();
        foreach (var path in policies.SelectMany(static p => p.Circumstances ?? []).OfType<Circumstance.AtOrBelow>().Select(static c => c.Path).Distinct())
            if (await catalog.FindAsync(path, cancellationToken) is not null) there.Add(path);
        return new PolicyContext
        {
            Groups = everybody.Snapshot.KnownGroups,
            Attributes = everybody.Snapshot.KnownAttributes,
            ObjectTags = known,
            ColumnTags = known,
            Columns = await catalog.ColumnNamesAsync(cancellationToken),
            Connections = (await connections.ListAsync(cancellationToken)).Select(static c => c.Key).ToHashSet(StringComparer.Ordinal),
            HasObject = there.Contains,
        };
    }
}
