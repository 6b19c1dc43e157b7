namespace Sluice.Storage;

/// <summary>The database that holds Sluice's own state.</summary>
public interface IDatabase
{
    /// <summary><c>SQLite</c> or <c>PostgreSQL</c>.</summary>
    string Provider { get; }

    /// <summary>Brings the schema up to date. Servers that start at the same moment wait for each other.</summary>
    Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Copies all of it, as of one moment, to a file that is not there yet; servers may write meanwhile.</summary>
    /// <exception cref="NotSupportedException">This database has tools of its own for that, which the message names.</exception>
    /// <exception cref="IOException">The file is there already, or can't be written.</exception>
    Task BackUpAsync(string file, CancellationToken cancellationToken);

    /// <summary>Whether it answers and its schema is up to date. Once the disk has failed a write, only a write that succeeds proves it ready again.</summary>
    /// <exception cref="DatabaseDiskException">The disk is still full or failing.</exception>
    Task<bool> IsReadyAsync(CancellationToken cancellationToken);
}
