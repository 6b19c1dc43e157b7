using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Platforms.LakeFormation.Governing;

namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>
/// Which audiences are granted by LF-Tag and which by name, by counted calls: by name an entry for each member and object, twenty entries a call; by tag a
/// call for each object and each audience of its columns, and an entry for each member and audience.
/// </summary>
internal sealed class TagPlan
{
    private const int EntriesOfCall = 20;

    private readonly TagKeys _keys;
    private readonly IReadOnlyDictionary<AudienceId, int> _readers;
    private readonly IReadOnlyDictionary<AudienceId, int> _writers;

    private TagPlan(TagKeys keys, IReadOnlyDictionary<AudienceId, int> readers, IReadOnlyDictionary<AudienceId, int> writers)
    {
        _keys = keys;
        _readers = readers;
        _writers = writers;
    }

    /// <summary>Decides for all objects of an intent. The same for the same intent.</summary>
    public static TagPlan Of(AccessIntent intent, IReadOnlyList<(IntendedObject Item, AccessShape Shape)> objects)
    {
        var taggable = objects.Where(o => o.Item.GrantMethod == Method.Tags).ToList();
        var readers = new Dictionary<AudienceId, HashSet<AudienceId>>();
        var writers = new Dictionary<AudienceId, HashSet<AudienceId>>();
        foreach (var group in taggable.GroupBy(o => o.Shape.Read.Id))
        {
            var shapes = group.GroupBy(o => o.Shape).Select(s => (Shape: s.Key, Objects: s.Count())).ToList();
            var rules = shapes.SelectMany(s => s.Shape.ColumnAudiences.Select(c => c.Audience)).OfType<AccessRule>().Append(shapes[0].Shape.Read).DistinctBy(r => r.Id).ToList();
            var members = shapes[0].Shape.Readers;
            var byName = shapes.Sum(s => (long)s.Objects * members.Count(m => s.Shape.SelectOf(m) is not null));
            var assignments = shapes.Sum(s => (long)s.Objects * (1 + s.Shape.ColumnAudiences.Select(c => c.Audience?.Id).Distinct().Count()));
            if (IsTagCheaper(byName, assignments, rules.Sum(r => (long)intent.MembersOf(r).Count), rules.Count)) readers[group.Key] = [.. rules.Select(r => r.Id)];
        }

        foreach (var group in taggable.GroupBy(o => o.Shape.Write.Id))
        {
            var (objectsOf, members) = (group.Count(), group.First().Shape.Writers.Count);
            if (IsTagCheaper((long)objectsOf * members, objectsOf, members, 1)) writers[group.Key] = [group.Key];
        }

        var limit = new AwsLimits().ValuesOfTag - 1;
        return new TagPlan(new TagKeys(intent.Prefix), KeyPlacement.Place(readers, limit), KeyPlacement.Place(writers, limit));
    }

    /// <summary>Whether tags take fewer calls than names. Each audience costs an entry more: Sluice's own, by which it sees the others.</summary>
    public static bool IsTagCheaper(long namedEntries, long assignments, long tagMembers, long audiences) =>
        assignments + Calls(tagMembers + audiences) + 1 < Calls(namedEntries);

    /// <summary>The key by which an object's readers are granted; null: by name.</summary>
    public string? KeyOfReaders(IntendedObject item, AccessShape shape) =>
        item.GrantMethod == Method.Tags && _readers.TryGetValue(shape.Read.Id, out var number) ? _keys.Readers(number) : null;

    /// <summary>The key by which an object's writers are granted; null: by name.</summary>
    public string? KeyOfWriters(IntendedObject item, AccessShape shape) =>
        item.GrantMethod == Method.Tags && _writers.TryGetValue(shape.Write.Id, out var number) ? _keys.Writers(number) : null;

    private static long Calls(long entries) => (entries + EntriesOfCall - 1) / EntriesOfCall;
}
