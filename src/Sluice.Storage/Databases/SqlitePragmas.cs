using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace Sluice.Storage.Databases;

/// <summary>Sets what SQLite keeps per connection, once for each connection of the pool.</summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    /// <summary>
    /// NORMAL in WAL mode: a commit survives a crash of the process; the last ones may be lost with the machine's power, never half of one.
    /// The log is copied into the database every 16 MiB, and cut down when a long read let it grow.
    /// </summary>
    private const string Pragmas = """
        PRAGMA synchronous = NORMAL;
        PRAGMA busy_timeout = 10000;
        PRAGMA wal_autocheckpoint = 4096;
        PRAGMA journal_size_limit = 67108864;
        PRAGMA cache_size = -16000;
        PRAGMA temp_store = MEMORY;
        """;

    private readonly ConditionalWeakTable<sqlite3, object> _set = [];

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set((SqliteConnection)connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Set((SqliteConnection)connection);
        return Task.CompletedTask;
    }

    private void Set(SqliteConnection connection)
    {
        if (!_set.TryAdd(connection.Handle!, this)) return;
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }
}
