using System.Text.Json.Serialization;

namespace Sluice.Sandbox.Databricks.Identity;

/// <summary>What a principal is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SandboxPrincipalKind>))]
public enum SandboxPrincipalKind
{
    /// <summary>A person, named by an e-mail address.</summary>
    User,

    /// <summary>A service principal, named by its application id.</summary>
    ServicePrincipal,

    /// <summary>An account group: privileges may be granted to it.</summary>
    Group,

    /// <summary>A group of this workspace alone, such as admins: Unity Catalog doesn't know it.</summary>
    WorkspaceGroup,
}
