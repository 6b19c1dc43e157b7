using System.Text.Json;
using Sluice.Core.Payloads;

namespace Sluice.Platforms;

/// <summary>A platform with a native integration: what its setup script made can be changed and taken away by scripts as well.</summary>
public interface IWritesIntegrationScripts : IWritesSetupScript
{
    /// <summary>
    /// Reads the body of <c>POST /integrations/{id}/scripts/edit</c>, the integration as it is to be, and writes the script that leads there from the stored
    /// one; null after a problem in the payload's list.
    /// </summary>
    /// <param name="stored">The stored <c>nativeIntegration</c>, without secrets.</param>
    /// <param name="request">The whole body: <c>type</c>, <c>autoBootstrap</c>, <c>config</c>.</param>
    string? WriteEditScript(JsonElement stored, PayloadObject request);

    /// <summary>
    /// The script of <c>POST /integrations/{id}/scripts/delete</c>, which a person runs after a connection was deregistered: removes what the setup script made
    /// and what enforcement has made since, and nothing that Sluice does not own.
    /// </summary>
    /// <param name="stored">The stored <c>nativeIntegration</c>, without secrets.</param>
    /// <param name="standing">What the connection has done: what the platform itself does not tell to be Sluice's is taken away by it, and grants that were taken from others are listed.</param>
    string WriteDeleteScript(JsonElement stored, StandingAccess standing);

    /// <summary>
    /// Reads the body of <c>POST /integrations/scripts/cleanup</c> and writes the same script for a setup that never became a connection, from its
    /// configuration alone; null after a problem in the payload's list.
    /// </summary>
    /// <param name="request">The whole body: <c>type</c>, <c>autoBootstrap</c>, <c>config</c>.</param>
    string? WriteCleanupScript(PayloadObject request);
}
