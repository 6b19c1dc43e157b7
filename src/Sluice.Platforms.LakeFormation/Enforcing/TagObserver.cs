using System.Collections.Concurrent;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>Sees LF-Tags: which audiences there are and what carries them, key by key; and which tables the tag expressions of others reach.</summary>
internal sealed class TagObserver(LakeFormationClient lake, string connectionKey, AwsLimits limits)
{
    /// <summary>The LF-Tags of ours with their values, and the values of one that says whose they are.</summary>
    public async Task<(IReadOnlyList<LFTag> Ours, IReadOnlyList<string> Epochs)> ListAsync(TagKeys keys, string epochKey, CancellationToken cancellationToken)
    {
        string[] epochs = [];
        var ours = new Dictionary<string, LFTag>(StringComparer.Ordinal);
        await Paging.ReadAllAsync(
            (token, cancel) => lake.ListLFTagsAsync(token, cancel),
            tags =>
            {
                foreach (var tag in tags.Where(t => keys.IsOurs(t.Key))) ours[tag.Key] = tag;
                epochs = tags.FirstOrDefault(t => t.Key == epochKey)?.Values ?? epochs;
            },
            limits,
            cancellationToken);
        return ([.. ours.Values], epochs);
    }

    /// <summary>What carries the LF-Tags of ours.</summary>
    public async Task<IReadOnlyCollection<ObservedFact>> AssignmentsAsync(IReadOnlyList<LFTag> tags, CancellationToken cancellationToken)
    {
        var facts = new ConcurrentDictionary<FactKey, ObservedFact>();
        var chunks = tags.SelectMany(t => t.Values.Order(StringComparer.Ordinal).Chunk(limits.TagValuesPerSearch).Select(values => new LFTag(t.Key, values)));
        await Parallel.ForEachAsync(
            chunks,
            new ParallelOptions { MaxDegreeOfParallelism = limits.WritesAtOnce, CancellationToken = cancellationToken },
            async (chunk, token) => await SearchAsync([chunk], found => Add(found, chunk.Key, facts), token));
        return facts.Values.ToList();
    }

    /// <summary>Takes up the tag expressions of others as ways that stay open on the tables they reach.</summary>
    public async Task AddWaysAsync(Observation observation, CancellationToken cancellationToken)
    {
        foreach (var group in observation.ForeignPolicies.GroupBy(p => ChangeText.Expression((LakeResource.TagPolicy)p.Resource), StringComparer.Ordinal))
        {
            var expression = ((LakeResource.TagPolicy)group.First().Resource).Expression;
            var reached = new HashSet<ObjectPath>();
            try
            {
                await SearchAsync(expression, found => reached.Add(new ObjectPath(connectionKey, found.Database, found.Table!)), cancellationToken);
            }
            catch (PlatformException e) when (!e.IsTransient)
            {
                observation.AddResidual(new Residual(new ObjectPath(connectionKey), "", $"what tables with {group.Key} are, which others were granted, can't be told: {e.Message}"));
                continue;
            }

            foreach (var entry in group) observation.AddWay(entry, reached.Where(observation.IsActive), $"on tables with {group.Key}");
        }
    }

    private Task<bool> SearchAsync(IReadOnlyList<LFTag> expression, Action<ResourceTags> take, CancellationToken cancellationToken) => Paging.ReadAllAsync(
        (token, cancel) => lake.SearchTablesAsync(expression, token, cancel),
        found =>
        {
            foreach (var table in found.Where(t => t.Table is not null)) take(table);
        },
        limits,
        cancellationToken);

    private void Add(ResourceTags found, string key, ConcurrentDictionary<FactKey, ObservedFact> facts)
    {
        var path = new ObjectPath(connectionKey, found.Database, found.Table!);
        foreach (var tag in found.Tags.Where(t => t.Key == key))
        {
            var audience = new AudienceTag(key, tag.Value);
            var fact = tag.Column is { } column
                ? new ObservedFact(new FactKey(FactKind.Mask, path, column.ToLowerInvariant(), key), tag.Value, FactOwner.Ours)
                : new ObservedFact(new FactKey(FactKind.Grant, path, audience.ToString(), audience.Detail), "", FactOwner.Ours);
            facts[fact.Key] = fact;
        }
    }
}
