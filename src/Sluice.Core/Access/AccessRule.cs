using System.Security.Cryptography;
using System.Text;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>
/// A rule about people in normal form: negation inside, terms flat, sorted, without duplicates, absorbed. Rules that are the same in normal form are one
/// audience, whatever policies they come from.
/// </summary>
public sealed class AccessRule : IEquatable<AccessRule>
{
    private AccessRule(Predicate normal)
    {
        Normal = normal;
        Text = normal.ToString();
        Id = new AudienceId(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)).AsSpan(0, 20)));
    }

    /// <summary>Nobody.</summary>
    public static AccessRule Nobody { get; } = new(new Predicate.Constant(false));

    /// <summary>Everybody.</summary>
    public static AccessRule Everybody { get; } = new(new Predicate.Constant(true));

    /// <summary>A rule from a predicate that names neither a column nor a property of the object.</summary>
    public static AccessRule Of(Predicate predicate) => new(predicate);

    /// <summary>The predicate in normal form.</summary>
    public Predicate Normal { get; }

    /// <summary>The normal form as text: what <see cref="Id"/> is the digest of.</summary>
    public string Text { get; }

    /// <summary>The audience it stands for.</summary>
    public AudienceId Id { get; }

    /// <summary>Those whom both rules hold for.</summary>
    public AccessRule And(AccessRule other) => Of(new Predicate.All([Normal, other.Normal]));

    /// <inheritdoc/>
    public bool Equals(AccessRule? other) => other is not null && other.Id == Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AccessRule);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => Text;
}
