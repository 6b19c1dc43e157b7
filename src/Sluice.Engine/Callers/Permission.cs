namespace Sluice.Engine.Callers;

/// <summary>The permissions of the API, by their documented names.</summary>
public static class Permission
{
    /// <summary>Registers, updates and deletes connections; reads everything about them.</summary>
    public const string ApplicationAdmin = "APPLICATION_ADMIN";

    /// <summary>Writes policies and tags; reads the catalog.</summary>
    public const string Governance = "GOVERNANCE";

    /// <summary>Reads the catalog in order to make data sources.</summary>
    public const string CreateDataSource = "CREATE_DATA_SOURCE";

    /// <summary>Keeps people, services and their keys.</summary>
    public const string UserAdmin = "USER_ADMIN";

    /// <summary>Reads the audit log.</summary>
    public const string Audit = "AUDIT";

    /// <summary>Reads /metrics on the public listener.</summary>
    public const string Metrics = "METRICS";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [ApplicationAdmin, Governance, CreateDataSource, UserAdmin, Audit, Metrics];
}
