using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Sluice.Storage.Databases;

internal sealed class SqliteDatabase : Database
{
    private readonly SqliteFile _file;
    private readonly string _connectionString;
    private readonly string _writersConnectionString;
    private readonly PooledDbContextFactory<SqliteContext> _contexts;
    private readonly PooledDbContextFactory<SqliteContext> _writers;

    // SQLite has one writer at a time. Waiting here is fair and free; waiting in SQLite is polling.
    private readonly SemaphoreSlim _turn = new(1, 1);

    public SqliteDatabase(DatabaseOptions options, ILoggerFactory? loggers)
    {
        _file = new SqliteFile(options.DataDirectory);
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = _file.Path,
            Mode = SqliteOpenMode.ReadWrite,
            ForeignKeys = true,
            DefaultTimeout = 10,
        };
        _connectionString = text.ConnectionString;

        // A connection text of their own is a pool of their own, and those who take turns use its one connection: what the last of them read of the file
        // is still in its memory, for nobody else has written since.
        text.Pooling = true;
        _writersConnectionString = text.ConnectionString;
        if (_writersConnectionString == _connectionString) throw new InvalidOperationException("Writers would share the readers' connections.");
        _contexts = Contexts(_connectionString, loggers);
        _writers = Contexts(_writersConnectionString, loggers);
    }

    public override string Provider => "SQLite";

    public override async Task BackUpAsync(string file, CancellationToken cancellationToken)
    {
        var target = new SqliteFile.Copy(file);
        target.Create();
        try
        {
            await ReadAsync((context, token) => context.ExecuteAsync("VACUUM INTO @file", token, ("@file", target.Path)), cancellationToken);
        }
        catch
        {
            target.Delete();
            throw;
        }
    }

    public override ValueTask DisposeAsync()
    {
        foreach (var text in (string[])[_connectionString, _writersConnectionString])
        {
            using var connection = new SqliteConnection(text);
            SqliteConnection.ClearPool(connection);
        }

        _turn.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override SluiceContext CreateContext() => _contexts.CreateDbContext();

    protected override SluiceContext CreateWriteContext() => _writers.CreateDbContext();

    protected override async Task<IDbContextTransaction> BeginSnapshotAsync(SluiceContext context, CancellationToken cancellationToken)
    {
        // The provider's own BEGIN is IMMEDIATE: a reader must not take the writers' lock.
        var connection = (SqliteConnection)context.Database.GetDbConnection();
        return (await context.Database.UseTransactionAsync(connection.BeginTransaction(deferred: true), cancellationToken))!;
    }

    protected override async ValueTask<IDisposable?> EnterWriteAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Turn(_turn);
    }

    protected override async Task<IAsyncDisposable> EnterMigrationAsync(CancellationToken cancellationToken)
    {
        _file.Create();
        return await _file.LockAsync(cancellationToken);
    }

    protected override async Task PrepareAsync(SluiceContext context, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        await context.ExecuteAsync("PRAGMA journal_mode = WAL", cancellationToken);

        // EF marks a running migration by a row. One left behind by a process that was killed would block every start to come; we hold the
        // file's lock, so there is no other.
        await context.ExecuteAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
    }

    protected override bool IsTransient(DbException exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED };

    protected override bool IsUniqueViolation(DbException exception) =>
        exception is SqliteException { SqliteExtendedErrorCode: raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY };

    protected override bool IsDiskFull(DbException exception) => exception is SqliteException { SqliteErrorCode: raw.SQLITE_FULL };

    protected override bool IsDiskFailure(DbException exception) => exception is SqliteException { SqliteErrorCode: raw.SQLITE_IOERR };

    private static PooledDbContextFactory<SqliteContext> Contexts(string connectionString, ILoggerFactory? loggers) => new(
        ContextOptions.For<SqliteContext>(loggers)
            .UseSqlite(connectionString)
            .ReplaceService<IMigrationsSqlGenerator, SqliteTables>()
            .AddInterceptors(new SqlitePragmas())
            .Options);

    private sealed class Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
