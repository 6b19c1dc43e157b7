using System.Security.Cryptography;
using System.Text;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>
/// A rule about people in normal form: negation inside, terms flat, sorted, without duplicates, absorbed. Rules that are the same in normal form are one
/// audience, whatever policies they come from.
/// </summary>
/// <remarks>
/// A rule decides for a person when it is true for them; unknown is as good as false. So a negated leaf in the normal form holds where the leaf is known to be
/// false, <c>x AND NOT x</c> is nobody, and <c>x OR NOT x</c> is everybody only where <c>x</c> is never unknown.
/// </remarks>
public sealed class AccessRule : IEquatable<AccessRule>
{
    private AccessRule(Predicate normal)
    {
        Normal = normal;
        Text = RuleText.Of(normal);
        Id = new AudienceId(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)).AsSpan(0, 20)));
    }

    /// <summary>Nobody.</summary>
    public static AccessRule Nobody { get; } = new(new Predicate.Constant(false));

    /// <summary>Everybody.</summary>
    public static AccessRule Everybody { get; } = new(new Predicate.Constant(true));

    /// <summary>A rule from a predicate that names neither a column nor a property of the object; where it does, that condition is neither true nor false.</summary>
    public static AccessRule Of(Predicate predicate) => NormalForm.Of(predicate) switch
    {
        Predicate.Constant { Value: true } => Everybody,
        Predicate.Constant => Nobody,
        var normal => new AccessRule(normal),
    };

    /// <summary>The predicate in normal form.</summary>
    public Predicate Normal { get; }

    /// <summary>The normal form as text: what <see cref="Id"/> is the digest of. Two rules have one text only if they are the same in normal form.</summary>
    public string Text { get; }

    /// <summary>The audience it stands for.</summary>
    public AudienceId Id { get; }

    /// <summary>Those whom both rules hold for.</summary>
    public AccessRule And(AccessRule other) => Of(new Predicate.All([Normal, other.Normal]));

    /// <summary>Those whom all rules hold for; everybody, where there are none. One rule stays itself, and of several the order and repetition mean nothing, so that what is narrowed alike shares an audience.</summary>
    public static AccessRule All(params IEnumerable<AccessRule> rules)
    {
        var distinct = rules.Where(static r => !r.Equals(Everybody)).DistinctBy(static r => r.Id).OrderBy(static r => r.Id.Value, StringComparer.Ordinal).ToList();
        if (distinct.Exists(static r => r.Equals(Nobody))) return Nobody;
        return distinct.Count == 0 ? Everybody : distinct.Aggregate(static (one, other) => one.And(other));
    }

    /// <inheritdoc/>
    public bool Equals(AccessRule? other) => other is not null && other.Id == Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AccessRule);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => Text;
}
