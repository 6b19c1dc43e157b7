using System.Collections.Concurrent;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>
/// Reads the tags of an account once in a session: of all its objects where all are crawled, of one database where only that is. The view behind it takes
/// seconds, however little is asked of it.
/// </summary>
/// <param name="read">Reads those of the account, or of one database.</param>
internal sealed class TagSource(Func<string?, CancellationToken, Task<TagIndex>> read) : IDisposable
{
    // Whoever asks for a few databases one after the other, after a restart, will ask for the others too.
    private const int MostDatabases = 3;

    private readonly ConcurrentDictionary<string, Memo<TagIndex>> _databases = new(StringComparer.Ordinal);
    private readonly Memo<TagIndex> _account = new(token => read(null, token));

    /// <summary>The tags of the account, or what concerns one database of them.</summary>
    public Task<TagIndex> GetAsync(string? database, CancellationToken cancellationToken)
    {
        if (database is null || _account.Known is not null || (_databases.Count >= MostDatabases && !_databases.ContainsKey(database)))
            return _account.GetAsync(cancellationToken);
        return _databases.GetOrAdd(database, name => new Memo<TagIndex>(token => read(name, token))).GetAsync(cancellationToken);
    }

    public void Dispose()
    {
        _account.Dispose();
        foreach (var memo in _databases.Values) memo.Dispose();
    }
}
