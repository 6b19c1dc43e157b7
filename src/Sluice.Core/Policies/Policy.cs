using Sluice.Core.Catalog;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Policies;

/// <summary>A policy as a document says it (policies.md).</summary>
public abstract record Policy
{
    private protected Policy()
    {
    }

    /// <summary><c>policyKey</c>: stable, unique.</summary>
    public required string Key { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it takes part in simulations alone.</summary>
    public bool IsStaged { get; init; }

    /// <summary>Whether any or all circumstances have to hold. Default: any.</summary>
    public SetOperator CircumstanceOperator { get; init; }

    /// <summary>Which active data sources it is about; null: all of them.</summary>
    public ValueList<Circumstance>? Circumstances { get; init; }

    /// <summary>What happens where a tag or column that a rule names is missing. Default: protect.</summary>
    public UnboundBehaviour WhenUnbound { get; init; }
}

/// <summary>Who may read or write an object.</summary>
public sealed record SubscriptionPolicy : Policy
{
    /// <summary>How people come to be subscribed.</summary>
    public required SubscriptionKind Kind { get; init; }

    /// <summary>How it is joined with the others. Default: shared.</summary>
    public SubscriptionMode Mode { get; init; }

    /// <summary>For <see cref="SubscriptionKind.Entitlements"/>: exactly one of this and <see cref="Advanced"/>.</summary>
    public Entitlements? Entitlements { get; init; }

    /// <summary>For <see cref="SubscriptionKind.Entitlements"/>: a predicate without columns.</summary>
    public Predicate? Advanced { get; init; }

    /// <summary>For <see cref="SubscriptionKind.Approval"/>: who approves; at least one.</summary>
    public ValueList<Approval> Approvals { get; init; } = [];

    /// <summary>What is granted. Default: READ.</summary>
    public AccessKind Access { get; init; }
}

/// <summary>What people see in an object.</summary>
public sealed record DataPolicy : Policy
{
    /// <summary>In their order, which means nothing.</summary>
    public required ValueList<DataRule> Rules { get; init; }
}

/// <summary>How conditions are joined.</summary>
public enum SetOperator
{
    /// <summary>One is enough.</summary>
    Any,

    /// <summary>Every one.</summary>
    All,
}

/// <summary>What a rule does on an object where a tag or column that it names is missing.</summary>
public enum UnboundBehaviour
{
    /// <summary>Row rules deny the non-exempt; conditional masks mask always.</summary>
    Protect,

    /// <summary>The rule is not applied there (as documented elsewhere).</summary>
    Skip,
}

/// <summary>How people come to be subscribed.</summary>
public enum SubscriptionKind
{
    /// <summary>Everybody.</summary>
    Anyone,

    /// <summary>By a request that somebody approves.</summary>
    Approval,

    /// <summary>By what they are.</summary>
    Entitlements,

    /// <summary>By hand.</summary>
    Manual,
}

/// <summary>How a subscription policy is joined with the others on the same object.</summary>
public enum SubscriptionMode
{
    /// <summary>One of the shared ones is enough.</summary>
    Shared,

    /// <summary>Has to hold as well, and subscribes where there is no shared one.</summary>
    Required,

    /// <summary>Has to hold as well, and never subscribes anybody.</summary>
    Guardrail,
}

/// <summary>What is granted. READ and WRITE are separate audiences.</summary>
public enum AccessKind
{
    /// <summary>To read.</summary>
    Read,

    /// <summary>To insert, update and delete.</summary>
    Write,
}

/// <summary>Conditions on groups and attributes. Of none: holds for nobody.</summary>
/// <param name="Operator">Whether any or all of them have to hold.</param>
/// <param name="Groups">Membership in each group is a condition.</param>
/// <param name="Attributes">Having each value is a condition.</param>
public sealed record Entitlements(SetOperator Operator, ValueList<string> Groups, ValueList<People.PersonAttribute> Attributes);

/// <summary>Who approves a request.</summary>
/// <param name="RequiredPermission">The data owners, or whoever has GOVERNANCE.</param>
/// <param name="IsSpecificApproverRequired">Whether the requester names one of them.</param>
public sealed record Approval(ApproverPermission RequiredPermission, bool IsSpecificApproverRequired);

/// <summary>Who may approve.</summary>
public enum ApproverPermission
{
    /// <summary>A data owner of the object.</summary>
    Owner,

    /// <summary>Whoever has GOVERNANCE.</summary>
    Governance,
}

/// <summary>Which active data sources a policy is about.</summary>
public abstract record Circumstance
{
    private protected Circumstance()
    {
    }

    /// <summary>The object, or what lies above it, carries the tag or one below it.</summary>
    public sealed record Tagged(string Tag) : Circumstance;

    /// <summary>A column carries the tag or one below it.</summary>
    public sealed record ColumnTagged(string Tag) : Circumstance;

    /// <summary>A column's name matches (non-backtracking, searched anywhere in the name).</summary>
    public sealed record ColumnMatches(string Regex, bool IgnoresCase) : Circumstance;

    /// <summary>Neither the object nor what lies above it carries a tag.</summary>
    public sealed record NoTags : Circumstance;

    /// <summary>This object and all below it.</summary>
    public sealed record AtOrBelow(ObjectPath Path) : Circumstance;
}
