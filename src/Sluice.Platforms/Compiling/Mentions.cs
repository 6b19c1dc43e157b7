using Sluice.Core.Policies.Predicates;
using Sluice.Core.Access;

namespace Sluice.Platforms.Compiling;

/// <summary>What rules ask about people, gathered over those that share one store of answers.</summary>
public sealed class Mentions
{
    /// <summary>Groups that are asked for by name.</summary>
    public SortedSet<string> Groups { get; } = new(StringComparer.Ordinal);

    /// <summary>Attributes.</summary>
    public SortedSet<string> Attributes { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the names of all groups are asked for.</summary>
    public bool AllGroups { get; private set; }

    /// <summary>Whether the user name is.</summary>
    public bool Username { get; private set; }

    /// <summary>Whether the identity provider is.</summary>
    public bool Iam { get; private set; }

    /// <summary>Whether a rule asks what the object is called, or where it lies. That is told no platform: it is known when the rule is printed.</summary>
    public bool ObjectName { get; private set; }

    /// <summary>Whether anything is asked about people.</summary>
    public bool Any => Groups.Count > 0 || Attributes.Count > 0 || AllGroups || Username || Iam;

    /// <summary>Adds what a predicate on an object asks.</summary>
    public void Add(Predicate predicate, GovernedObject of)
    {
        switch (predicate)
        {
            case Predicate.All all: foreach (var term in all.Terms) Add(term, of); break;
            case Predicate.Any any: foreach (var term in any.Terms) Add(term, of); break;
            case Predicate.Not not: Add(not.Term, of); break;
            case Predicate.Comparison comparison: Add(comparison.Left, comparison.Right); break;
            case Predicate.In item: Add([item.Value, .. item.Items]); break;
            case Predicate.Like like: Add(like.Value); break;
            case Predicate.Between between: Add(between.Value, between.Low, between.High); break;
            case Predicate.IsNull isNull: Add(isNull.Value); break;
            case Predicate.InGroups groups: Groups.UnionWith(groups.Groups); break;
            case Predicate.HasAttribute attribute: Attributes.Add(attribute.Name); break;
            case Predicate.AttributeContains contains:
                Attributes.Add(contains.Name);
                Add(contains.Value);
                break;
            case Predicate.GroupsContain contains:
                AllGroups = true;
                Add(contains.Value);
                break;
            case Predicate.TagIsAttribute tag: Attributes.Add(tag.Name); break;
            case Predicate.TagIsGroup: Groups.UnionWith(of.Tags.Concat(of.Columns.SelectMany(c => c.Tags))); break;
            case Predicate.IsInShare share: Add(share.Value); break;
        }
    }

    private void Add(params IReadOnlyList<Operand> operands)
    {
        foreach (var operand in operands)
        {
            switch (operand)
            {
                case Operand.Property { Kind: PropertyKind.Username }: Username = true; break;
                case Operand.Property { Kind: PropertyKind.Iam }: Iam = true; break;
                case Operand.Property { Kind: PropertyKind.Database or PropertyKind.Schema or PropertyKind.Table }: ObjectName = true; break;
                case Operand.Call call: Add([.. call.Arguments]); break;
            }
        }
    }
}
