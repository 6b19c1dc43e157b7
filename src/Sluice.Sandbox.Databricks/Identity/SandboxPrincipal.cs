namespace Sluice.Sandbox.Databricks.Identity;

/// <summary>A user, service principal or group of the sandbox's account.</summary>
public sealed record SandboxPrincipal
{
    /// <summary>An e-mail address, an application id or a group's name: what privileges are granted to.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public SandboxPrincipalKind Kind { get; init; }

    /// <summary>The number SCIM knows it by; null is one made of its name, the same in every sandbox. A group that is made anew has another.</summary>
    public string? Id { get; init; }

    /// <summary>What an identity provider knows it by.</summary>
    public string? ExternalId { get; init; }

    /// <summary>What people call it; null is <see cref="Name"/>.</summary>
    public string? DisplayName { get; init; }

    /// <summary>For a group: the names of its members, groups among them.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>For a group: who made it, and so manages it, if it wasn't there from the start.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>For an account group: who holds the role of its group manager, beside whoever made it; users, service principals or groups.</summary>
    public IReadOnlyList<string> Managers { get; init; } = [];

    /// <summary>Holds the account admin role.</summary>
    public bool IsAccountAdmin { get; init; }

    /// <summary>Has CAN USE on the warehouse and CAN ATTACH TO on the cluster.</summary>
    public bool MayUseCompute { get; init; } = true;

    /// <summary>Has CAN RESTART on the cluster, without which one who may attach to it neither starts nor terminates it.</summary>
    public bool MayRestartCompute { get; init; } = true;

    /// <summary>False for a deactivated user or service principal: its tokens are refused.</summary>
    public bool IsActive { get; init; } = true;
}
