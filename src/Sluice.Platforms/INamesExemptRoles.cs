using System.Text.Json;

namespace Sluice.Platforms;

/// <summary>A platform whose documented <c>nativeIntegration</c> names who is exempt from data policies, besides those whom the connection's settings name.</summary>
public interface INamesExemptRoles
{
    /// <summary>Native roles, groups or users, by their names on the platform.</summary>
    /// <param name="integration">The stored <c>nativeIntegration</c> object.</param>
    IReadOnlyList<string> ExemptRolesOf(JsonElement integration);
}
