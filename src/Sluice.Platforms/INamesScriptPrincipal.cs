using Sluice.Core.Payloads;

namespace Sluice.Platforms;

/// <summary>A platform whose scripts name the principal that credentials belong to, where only the platform can tell whose some credentials are.</summary>
public interface INamesScriptPrincipal : IWritesIntegrationScripts
{
    /// <summary>Asks the platform whose the credentials of a script request are. It takes a few seconds at most, and no failure is told: the script then says how to put the name in.</summary>
    /// <param name="request">The whole body; its problems are told by whoever writes the script.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <returns>The principal's name; null where the request needs nobody to be asked, or nobody answered.</returns>
    Task<string?> FindPrincipalAsync(PayloadObject request, CancellationToken cancellationToken);

    /// <inheritdoc cref="IWritesSetupScript.WriteSetupScript"/>
    /// <param name="request">The whole body.</param>
    /// <param name="principal">From <see cref="FindPrincipalAsync"/>.</param>
    string? WriteSetupScript(PayloadObject request, string? principal);

    /// <inheritdoc cref="IWritesIntegrationScripts.WriteCleanupScript"/>
    /// <param name="request">The whole body.</param>
    /// <param name="principal">From <see cref="FindPrincipalAsync"/>.</param>
    string? WriteCleanupScript(PayloadObject request, string? principal);
}
