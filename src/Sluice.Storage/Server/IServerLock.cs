namespace Sluice.Storage.Server;

/// <summary>
/// Keeps a second server off the database: two would take each other's leases and jobs by turns, and finish none. Tools that don't run jobs
/// take no lock.
/// </summary>
public interface IServerLock
{
    /// <summary>Whether this server has the database to itself, as far as it knows. While it has not, it must begin no job.</summary>
    bool IsHeld { get; }

    /// <summary>Whether another server has the database now: this one must end.</summary>
    bool IsLost { get; }

    /// <summary>Takes the lock before anything else is done with the database. It is given back when this is disposed of, or the process ends.</summary>
    /// <exception cref="DatabaseTakenException">Another server has it.</exception>
    Task TakeAsync(CancellationToken cancellationToken);

    /// <summary>Watches over the lock, and takes it again when it went with a broken connection. Runs until it is cancelled.</summary>
    /// <exception cref="DatabaseTakenException">Another server has taken it meanwhile.</exception>
    Task KeepAsync(CancellationToken cancellationToken);
}
