using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Compiling;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// Finds what masks and row rules come to, once for all objects that policies treat alike and that have the same columns and tags: there the policies have the same text,
/// whatever the objects are called. Of rules that ask what an object is called, once for each.
/// </summary>
/// <param name="find">Finds it for one object.</param>
internal sealed class AlikeProtections(Func<IntendedObject, Protection> find)
{
    private static readonly ObjectPath Anywhere = new("anywhere");

    private readonly Dictionary<Alike, Protection> _found = [];
    private readonly Dictionary<ObjectAccess, bool> _asksName = new(ReferenceEqualityComparer.Instance);

    /// <summary>What they come to on an object.</summary>
    public Protection Of(IntendedObject item)
    {
        if (item.Unprotectable is not null || AsksName(item)) return find(item);
        var alike = new Alike(item.Access, item.Object with { Path = Anywhere });
        if (!_found.TryGetValue(alike, out var protection)) _found[alike] = protection = find(item);
        return protection;
    }

    private bool AsksName(IntendedObject item)
    {
        if (_asksName.TryGetValue(item.Access, out var asks)) return asks;
        var mentions = new Mentions();
        foreach (var rule in item.Access.RowRules) mentions.Add(rule.Predicate, item.Object);
        foreach (var mask in item.Access.Masks) if (mask.Condition is { } condition) mentions.Add(condition, item.Object);
        return _asksName[item.Access] = mentions.ObjectName;
    }

    // One access of the evaluator's stands for all objects in a bucket.
    private readonly record struct Alike(ObjectAccess Access, GovernedObject Object)
    {
        public bool Equals(Alike other) => ReferenceEquals(Access, other.Access) && Object.Equals(other.Object);

        public override int GetHashCode() => HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Access), Object);
    }
}
