using System.Text.Json;
using Sluice.Engine.Callers;
using Sluice.Engine.Connections;

namespace Sluice.Engine.Integrations;

/// <summary>
/// The native integrations of connections, and the scripts by which a person sets a platform up, changes and clears it. A connection has one integration or
/// none, whose id is that of the connection's root object. Every method checks permissions itself and refuses by
/// <see cref="Errors.RequestRefusedException"/>.
/// </summary>
public interface IIntegrationUseCases
{
    /// <summary>GET /integrations: those of all connections, by connection key.</summary>
    Task<IReadOnlyList<ConnectionView>> ListAsync(Caller caller, CancellationToken cancellationToken);

    /// <summary>GET /integrations/{id} and /integrations/{id}/status.</summary>
    Task<ConnectionView> ReadAsync(long id, Caller caller, CancellationToken cancellationToken);

    /// <summary>POST /integrations/scripts/create: the setup script of a platform's service account.</summary>
    Task<string> WriteSetupScriptAsync(JsonElement body, Caller caller, CancellationToken cancellationToken);

    /// <summary>POST /integrations/{id}/scripts/edit: the script that leads from the stored integration to the one in the body.</summary>
    Task<string> WriteEditScriptAsync(long id, JsonElement body, Caller caller, CancellationToken cancellationToken);

    /// <summary>POST /integrations/{id}/scripts/delete: the script that removes what the platform holds of Sluice. Its body is empty.</summary>
    Task<string> WriteDeleteScriptAsync(long id, JsonElement body, Caller caller, CancellationToken cancellationToken);

    /// <summary>POST /integrations/scripts/cleanup: the same for an integration that was never registered.</summary>
    Task<string> WriteCleanupScriptAsync(JsonElement body, Caller caller, CancellationToken cancellationToken);
}
