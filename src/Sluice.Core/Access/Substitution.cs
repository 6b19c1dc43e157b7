using Sluice.Core.Catalog;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>One pass of <see cref="ObjectBinding"/> over a predicate, with one column chosen for each tag.</summary>
internal sealed class Substitution(GovernedObject target, Dictionary<string, string>? columnsOfTags)
{
    private static readonly Predicate Unknown = new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Null(), new Operand.Null());

    /// <summary>Whether something was named that the object lacks.</summary>
    public bool IsUnbound { get; private set; }

    public Predicate Put(Predicate predicate) => predicate switch
    {
        // Every term is looked at, those behind a constant that decides included: what is missing anywhere leaves the rule unbound.
        Predicate.All all => Folding.All(all.Terms.Select(Put).ToValueList()),
        Predicate.Any any => Folding.Any(any.Terms.Select(Put).ToValueList()),
        Predicate.Not not => Folding.Not(Put(not.Term)),
        Predicate.Comparison comparison => Folding.Leaf(new Predicate.Comparison(comparison.Operator, Put(comparison.Left), Put(comparison.Right))),
        Predicate.In among => Folding.Leaf(new Predicate.In(Put(among.Value), among.Items.Select(Put).ToValueList())),
        Predicate.Like like => Folding.Leaf(like with { Value = Put(like.Value) }),
        Predicate.Between between => Folding.Leaf(new Predicate.Between(Put(between.Value), Put(between.Low), Put(between.High))),
        Predicate.IsNull isNull => Folding.Leaf(new Predicate.IsNull(Put(isNull.Value))),
        Predicate.AttributeContains contains => contains with { Value = Put(contains.Value) },
        Predicate.GroupsContain contain => new Predicate.GroupsContain(Put(contain.Value)),
        Predicate.TagIsAttribute tag => Folding.Any(TagsAt(target, tag.Place).Select(t => Carried(new Predicate.HasAttribute(tag.Name, t.Tag), t.IsVanished))),
        Predicate.TagIsGroup tag => Folding.Any(TagsAt(target, tag.Place).Select(static t => Carried(new Predicate.GroupsContain(new Operand.Text(t.Tag)), t.IsVanished))),
        Predicate.IsNewerThan newer => newer with { Value = Put(newer.Value) },
        Predicate.IsInShare share => share with { Value = Put(share.Value) },
        _ => predicate,
    };

    private Operand Put(Operand operand) => operand switch
    {
        Operand.Column column => Named(column.Name),
        Operand.TaggedColumn tagged => columnsOfTags is not null && columnsOfTags.TryGetValue(tagged.Tag, out var name) ? new Operand.Column(name) : Missing(tagged),
        Operand.Property property => PropertyOf(property),
        Operand.Call call => OperandValue.Fold(new Operand.Call(call.Function, call.Arguments.Select(Put).ToValueList())),
        _ => operand,
    };

    private Operand Named(string name) =>
        ColumnMatch.Named(target.Columns, name) is { } column ? new Operand.Column(column.Name) : Missing(new Operand.Column(name));

    private Operand Missing(Operand operand)
    {
        IsUnbound = true;
        return operand;
    }

    private Operand PropertyOf(Operand.Property property) => property.Kind switch
    {
        PropertyKind.Hostname => TextOrNull(target.Hostname),
        PropertyKind.Database => TextOrNull(ObjectNames.Database(target.Path)),
        PropertyKind.Schema => TextOrNull(ObjectNames.Schema(target.Path, target.Kind)),
        PropertyKind.Table => TextOrNull(target.Path.Name),
        _ => property,
    };

    private static Operand TextOrNull(string? text) => text is null ? new Operand.Null() : new Operand.Text(text);

    /// <summary>The tags of a place, in order, and whether all that carried them there have lost them.</summary>
    public static IReadOnlyCollection<(string Tag, bool IsVanished)> TagsAt(GovernedObject target, TagPlace place)
    {
        if (place == TagPlace.DataSource) return [.. target.Tags.Select(t => (t, target.VanishedTags.Contains(t, StringComparer.Ordinal)))];
        var tags = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var column in target.Columns)
            foreach (var tag in column.Tags) tags[tag] = column.VanishedTags.Contains(tag, StringComparer.Ordinal) && tags.GetValueOrDefault(tag, true);
        return [.. tags.Select(static t => (t.Key, t.Value))];
    }

    // Whether a tag that has vanished is carried is unknown: where it would let somebody in it does not, where it would keep somebody out it does.
    private static Predicate Carried(Predicate condition, bool isVanished) => isVanished ? Folding.All([condition, Unknown]) : condition;
}

/// <summary>An object's names as predicates call them.</summary>
internal static class ObjectNames
{
    public static string? Database(ObjectPath path) => path.Depth >= 1 ? path.Names[1] : null;

    /// <summary>Null where the platform has no schemas.</summary>
    public static string? Schema(ObjectPath path, ObjectKind kind) => path.Depth == 3 || (path.Depth == 2 && kind == ObjectKind.Schema) ? path.Names[2] : null;
}
