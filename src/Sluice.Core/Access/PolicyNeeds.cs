using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>What of an object a policy's rules depend on, beside its circumstances: objects that are alike in it are treated alike.</summary>
/// <param name="Facets">Properties and tags that a predicate names.</param>
/// <param name="Columns">Which columns it means.</param>
internal sealed record PolicyNeeds(ObjectFacets Facets, IReadOnlyList<ColumnSelector> Columns)
{
    public static PolicyNeeds Of(Policy policy)
    {
        var (predicates, selectors) = policy switch
        {
            SubscriptionPolicy subscription => (subscription.Advanced is { } advanced ? [advanced] : (List<Predicate>)[], (List<ColumnSelector>)[]),
            DataPolicy data => (data.Rules.SelectMany(Predicates).ToList(), data.Rules.SelectMany(Selectors).ToList()),
            _ => throw new NotSupportedException($"A {policy.GetType().Name} has no evaluation."),
        };
        var facets = ObjectFacets.None;
        foreach (var predicate in predicates)
        {
            foreach (var leaf in PredicateWalk.Leaves(predicate)) facets |= FacetOf(leaf);
            foreach (var operand in PredicateWalk.Operands(predicate))
            {
                if (operand is Operand.Column column) selectors.Add(new ColumnSelector.Named(column.Name));
                else if (operand is Operand.TaggedColumn tagged) selectors.Add(new ColumnSelector.Tagged(tagged.Tag));
                else facets |= FacetOf(operand);
            }
        }

        return new PolicyNeeds(facets, [.. selectors.Distinct()]);
    }

    private static IEnumerable<Predicate> Predicates(DataRule rule) => rule switch
    {
        DataRule.Masking { Condition: { } condition } => [condition],
        DataRule.RowsByPredicate custom => [custom.Predicate],
        _ => [],
    };

    private static IEnumerable<ColumnSelector> Selectors(DataRule rule) => rule switch
    {
        DataRule.Masking masking => masking.Fields,
        DataRule.RowsByEntitlements entitlements => entitlements.Matches.Select(static m => m.Column),
        DataRule.RowsByTime time => [time.Column],
        DataRule.RowsByShare share => [share.On],
        _ => [],
    };

    private static ObjectFacets FacetOf(Predicate leaf) => leaf switch
    {
        Predicate.TagIsAttribute { Place: TagPlace.DataSource } or Predicate.TagIsGroup { Place: TagPlace.DataSource } => ObjectFacets.Tags,
        Predicate.TagIsAttribute or Predicate.TagIsGroup => ObjectFacets.ColumnTags,
        _ => ObjectFacets.None,
    };

    private static ObjectFacets FacetOf(Operand operand) => operand is Operand.Property property
        ? property.Kind switch
        {
            PropertyKind.Hostname => ObjectFacets.Hostname,
            PropertyKind.Database => ObjectFacets.Database,
            PropertyKind.Schema => ObjectFacets.Schema,
            PropertyKind.Table => ObjectFacets.Table,
            _ => ObjectFacets.None,
        }
        : ObjectFacets.None;
}

/// <summary>What of an object a predicate can name, beside columns.</summary>
[Flags]
internal enum ObjectFacets
{
    None = 0,
    Hostname = 1,
    Database = 2,
    Schema = 4,
    Table = 8,
    Tags = 16,
    ColumnTags = 32,
}
