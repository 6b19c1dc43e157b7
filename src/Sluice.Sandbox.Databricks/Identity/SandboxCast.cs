namespace Sluice.Sandbox.Databricks.Identity;

/// <summary>The principals every sandbox has.</summary>
public static class SandboxCast
{
    /// <summary>Account admin, metastore admin and workspace admin in one.</summary>
    public const string Administrator = "admin@acme.example";

    /// <summary>Account admin alone: no metastore admin.</summary>
    public const string AccountAdministrator = "account-admin@acme.example";

    /// <summary>Metastore admin alone, as a member of <see cref="MetastoreAdministrators"/>.</summary>
    public const string MetastoreAdministrator = "metastore-admin@acme.example";

    /// <summary>Workspace admin alone.</summary>
    public const string WorkspaceAdministrator = "workspace-admin@acme.example";

    /// <summary>Owns the demo's catalogs, and is an engineer.</summary>
    public const string Engineer = "engineer@acme.example";

    /// <summary>A person who reads one table by a grant to <see cref="Analysts"/> and nothing else.</summary>
    public const string Analyst = "analyst@acme.example";

    /// <summary>The application id of the service principal that connections use.</summary>
    public const string ServicePrincipal = "5f1c1a6e-3b0e-4d59-9c57-8a2f5f3e0b11";

    /// <summary>The account group that owns the metastore.</summary>
    public const string MetastoreAdministrators = "metastore-admins";

    /// <summary>An account group; owns the demo's catalogs.</summary>
    public const string Engineers = "data-engineers";

    /// <summary>An account group with <see cref="EmeaAnalysts"/> nested in it.</summary>
    public const string Analysts = "analysts";

    /// <summary>An account group nested in <see cref="Analysts"/>.</summary>
    public const string EmeaAnalysts = "analysts-emea";

    /// <summary>The account group of everybody.</summary>
    public const string Everybody = "account users";

    internal const string WorkspaceAdministrators = "admins";

    internal const string WorkspaceUsers = "users";

    internal static IEnumerable<SandboxPrincipal> For(DatabricksSandboxOptions options)
    {
        SandboxPrincipal[] standard =
        [
            new() { Name = Administrator, DisplayName = "Ada Minh", IsAccountAdmin = true },
            new() { Name = AccountAdministrator, DisplayName = "Acca Ount", IsAccountAdmin = true },
            new() { Name = MetastoreAdministrator, DisplayName = "Meta Store" },
            new() { Name = WorkspaceAdministrator, DisplayName = "Wanda Space" },
            new() { Name = Engineer, DisplayName = "Enzo Neer" },
            new() { Name = Analyst, DisplayName = "Ana Lyst" },
            new() { Name = ServicePrincipal, Kind = SandboxPrincipalKind.ServicePrincipal, DisplayName = "sluice-service" },
            new() { Name = MetastoreAdministrators, Kind = SandboxPrincipalKind.Group, Members = [Administrator, MetastoreAdministrator] },
            new() { Name = Engineers, Kind = SandboxPrincipalKind.Group, Members = [Engineer] },
            new() { Name = Analysts, Kind = SandboxPrincipalKind.Group, Members = [EmeaAnalysts] },
            new() { Name = EmeaAnalysts, Kind = SandboxPrincipalKind.Group, Members = [Analyst] },
            new() { Name = WorkspaceAdministrators, Kind = SandboxPrincipalKind.WorkspaceGroup, Members = [Administrator, WorkspaceAdministrator] },
        ];
        var replaced = options.Principals.Select(principal => principal.Name).ToHashSet();
        return standard.Where(principal => !replaced.Contains(principal.Name)).Concat(options.Principals);
    }
}
