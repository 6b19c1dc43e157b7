using Sluice.Engine.Callers;

namespace Sluice.Engine.Connections;

/// <summary>Goes on after an older backup of the server's database was put back.</summary>
public interface IRestoreUseCase
{
    /// <summary>
    /// Has the server write to a connection's platform again, which is ahead of its database. It decides who sees what from then on: needs GOVERNANCE, as the
    /// confirmation of a plan does.
    /// </summary>
    /// <param name="connectionKey">The connection.</param>
    /// <param name="caller">Who confirms.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The bulk of the job that brings the platform to what the restored policies ask for.</returns>
    Task<Accepted> ConfirmAsync(string connectionKey, Caller caller, CancellationToken cancellationToken);
}
