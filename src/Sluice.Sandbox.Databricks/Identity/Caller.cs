using System.Collections.Frozen;

namespace Sluice.Sandbox.Databricks.Identity;

/// <summary>Who asks.</summary>
/// <param name="Name">What current_user() answers: e-mail address or application id.</param>
/// <param name="Names">The name and every account group it is in, directly or not.</param>
internal sealed record Caller(string Name, FrozenSet<string> Names)
{
    /// <summary>The sandbox itself, changing things as their owners would.</summary>
    public static readonly Caller System = new("System user", FrozenSet.Create(StringComparer.Ordinal, "System user")) { IsSystem = true, IsAccountAdmin = true, IsWorkspaceAdmin = true };

    public bool IsSystem { get; init; }

    /// <summary>Which of the options' other workspaces is asked; null is the sandbox's own.</summary>
    public string? OtherWorkspace { get; init; }

    public bool IsAccountAdmin { get; init; }

    public bool IsWorkspaceAdmin { get; init; }

    public bool MayUseCompute { get; init; } = true;

    public bool MayRestartCompute { get; init; } = true;

    /// <summary>For is_member(): account groups and the workspace's own.</summary>
    public FrozenSet<string> WorkspaceGroups { get; init; } = [];
}
