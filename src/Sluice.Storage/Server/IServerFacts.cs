namespace Sluice.Storage.Server;

/// <summary>Small facts about this instance that outlive a restart: its id, its AWS external id.</summary>
public interface IServerFacts
{
    /// <summary>The stored value of a name; null where there is none.</summary>
    Task<string?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Returns the stored value of a name, or stores and returns the given one. Racing servers agree on one value.</summary>
    Task<string> GetOrAddAsync(string name, Func<string> create, CancellationToken cancellationToken);

    /// <summary>Stores a value of a name in place of the one that is there.</summary>
    Task SetAsync(string name, string value, CancellationToken cancellationToken);
}
