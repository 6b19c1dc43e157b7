using System.Text.Json;

namespace Sluice.Platforms;

/// <summary>A platform on which each connection keeps its policies, functions and rows in a database or catalog of its own.</summary>
public interface INamesOwnContainer
{
    /// <summary>Its name on the platform, exact.</summary>
    /// <param name="integration">The stored <c>nativeIntegration</c> object.</param>
    string OwnContainerOf(JsonElement integration);
}
