namespace Sluice.Platforms.Databricks.Connections;

/// <summary>
/// The name of a service principal: its application id, a UUID. Users and groups are named otherwise, so nothing of this shape grants to one of them.
/// </summary>
internal static class ServicePrincipalId
{
    /// <summary>For people.</summary>
    public const string Shape = "such as 01234567-89ab-cdef-0123-456789abcdef";

    /// <summary>It in small letters, as Databricks writes it; null when it is none.</summary>
    public static string? Parse(string text) => Guid.TryParseExact(text, "D", out var id) ? id.ToString("D") : null;
}
