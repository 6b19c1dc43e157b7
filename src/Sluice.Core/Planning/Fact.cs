using Sluice.Core.Catalog;

namespace Sluice.Core.Planning;

/// <summary>What a fact is about. The numbers are stored in plans: never renumber.</summary>
public enum FactKind
{
    /// <summary>What everything else rests on: a schema of ours, its functions. Subject: its name.</summary>
    Support = 0,

    /// <summary>A native audience exists. Subject: its native name.</summary>
    Audience = 1,

    /// <summary>Somebody belongs to an audience. Subject: the audience's native name. Detail: the platform identity.</summary>
    Member = 2,

    /// <summary>A grant on an object. Subject: the grantee's native name. Detail: the privilege in the platform's spelling, with its column where it is on one.</summary>
    Grant = 3,

    /// <summary>A row rule on an object. Subject: the rule's key. Definition: its native text.</summary>
    RowRule = 4,

    /// <summary>A mask on a column. Subject: the column. Definition: its native text.</summary>
    Mask = 5,

    /// <summary>Somebody is exempt from protections of that key. Subject: the platform identity, or with <see cref="FactKey.FromAll"/> that of a role, whoever has it. Detail: the audience's id.</summary>
    Exemption = 6,

    /// <summary>What native rules know of a person. Subject: the platform identity. Detail: the text of it. Definition: JSON, whose members are each a thing that is known, and those of <c>groups</c> and <c>attributes</c> one for each name.</summary>
    Entitlement = 7,
}

/// <summary>What tells one fact from another on a platform.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Object">On which object; null for what belongs to none.</param>
/// <param name="Subject">See <see cref="FactKind"/>.</param>
/// <param name="Detail">See <see cref="FactKind"/>; empty where there is none.</param>
public readonly record struct FactKey(FactKind Kind, ObjectPath? Object, string Subject, string Detail = "")
{
    /// <summary>Detail of an exemption from every protection, by the connection's settings. It is no audience's id.</summary>
    public const string FromAll = "all";

    /// <summary>Whether it is such an exemption.</summary>
    public bool IsExemptionFromAll => Kind == FactKind.Exemption && Detail == FromAll;

    /// <summary>For people: <c>grant ada SELECT on lake/sales/orders</c>.</summary>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()} {Subject}{(Detail.Length > 0 ? $" {Detail}" : "")}{(Object is null ? "" : $" on {Object}")}";
}

/// <summary>Something that shall be so on a platform.</summary>
/// <param name="Key">What.</param>
/// <param name="Definition">How, in one canonical text: what is observed with another text is replaced. Empty where being there is all.</param>
/// <param name="Reason">Why, for people: the policies and the rule. Shared between facts, not made for each.</param>
/// <param name="IsDirect">Whether it is a grant to one person for a subscription of their own, and by no rule.</param>
public sealed record DesiredFact(FactKey Key, string Definition, string Reason, bool IsDirect = false);

/// <summary>Whose an observed fact is.</summary>
public enum FactOwner
{
    /// <summary>It carries this instance's mark, or belongs to something that does.</summary>
    Ours,

    /// <summary>An exact grant on the object to one registered person's identity, made by somebody else: in <c>sync</c> it is ours to take away.</summary>
    Registered,

    /// <summary>Anybody else's: never changed.</summary>
    Foreign,
}

/// <summary>Something that is so on a platform.</summary>
/// <param name="Key">What.</param>
/// <param name="Definition">How, in the canonical text of <see cref="DesiredFact.Definition"/>.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="MadeBy">Who made it, where the platform tells (the grantor).</param>
/// <param name="Restore">What puts it back once it was taken away, in the platform's terms; null for what is ours.</param>
public sealed record ObservedFact(FactKey Key, string Definition, FactOwner Owner, string? MadeBy = null, string? Restore = null);

/// <summary>A way by which a registered person still reads an active object though no policy allows it, and which can't be taken away without touching someone or something else.</summary>
/// <param name="Object">The object.</param>
/// <param name="Identity">The person's identity on the platform; empty when it is everybody.</param>
/// <param name="Path">The way, for people: <c>member of role analysts, which owns the table</c>.</param>
public sealed record Residual(ObjectPath Object, string Identity, string Path);

/// <summary>What keeps an object from being enforced as asked.</summary>
/// <param name="Object">The object.</param>
/// <param name="Reason">What and why, and what was done in its place: narrowed, refused, left alone.</param>
public sealed record Shortfall(ObjectPath Object, string Reason);
