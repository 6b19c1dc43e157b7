namespace Sluice.Engine.Connections;

/// <summary>What is said of a connection whose platform is ahead of this server's database.</summary>
internal static class RestoreReason
{
    /// <summary>Its status reason, and what its jobs say.</summary>
    public static string Of(string connectionKey) =>
        "The platform has seen changes by this server of which its database knows nothing, as after an older backup was put back. Nothing is written there until somebody "
        + $"has looked at the plan and run 'sluice connection confirm-restore {connectionKey}' (POST /api/v1/connections/{connectionKey}/confirm-restore).";
}
