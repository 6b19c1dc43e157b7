using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Sluice.Storage.Databases;

internal sealed class PostgreSqlDatabase : Database
{
    /// <summary>An arbitrary constant ("sluice" in ASCII) that all our servers agree on.</summary>
    private const long MigrationLock = 0x736C75696365;

    private readonly NpgsqlDataSource _source;
    private readonly PooledDbContextFactory<PostgreSqlContext> _contexts;

    public PostgreSqlDatabase(string connectionString, ILoggerFactory? loggers)
    {
        _source = Source(connectionString);
        _contexts = new(ContextOptions.For<PostgreSqlContext>(loggers).UseNpgsql(_source).Options);
    }

    public override string Provider => "PostgreSQL";

    public override Task BackUpAsync(string file, CancellationToken cancellationToken) => throw new NotSupportedException(
        "The server's database is PostgreSQL, which brings its own tool: run 'pg_dump --format=custom --file FILE' with the database's name, and 'pg_restore' into an empty one to restore. "
        + "It is consistent while the server runs.");

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    protected override SluiceContext CreateContext() => _contexts.CreateDbContext();

    protected override Task<IDbContextTransaction> BeginSnapshotAsync(SluiceContext context, CancellationToken cancellationToken) =>
        context.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

    protected override ValueTask<IDisposable?> EnterWriteAsync(CancellationToken cancellationToken) => default;

    protected override async Task<IAsyncDisposable> EnterMigrationAsync(CancellationToken cancellationToken)
    {
        var connection = await _source.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection) { Parameters = { new() { Value = MigrationLock } } };
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(cancellationToken);
            return new MigrationTurn(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    protected override bool IsTransient(DbException exception) =>
        exception.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;

    protected override bool IsUniqueViolation(DbException exception) => exception.SqlState == PostgresErrorCodes.UniqueViolation;

    protected override bool IsDiskFull(DbException exception) => exception.SqlState == PostgresErrorCodes.DiskFull;

    protected override bool IsDiskFailure(DbException exception) => exception.SqlState == PostgresErrorCodes.IoError;

    private static NpgsqlDataSource Source(string connectionString) =>
        new NpgsqlDataSourceBuilder(PostgreSqlSettings.Read(connectionString).ConnectionString)
            .EnableParameterLogging(false)
            .UseLoggerFactory(NullLoggerFactory.Instance)
            .Build();

    /// <summary>Holds the lock's connection. The lock belongs to the session, which the pool would keep.</summary>
    private sealed class MigrationTurn(NpgsqlConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await using (connection)
            {
                await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection) { Parameters = { new() { Value = MigrationLock } } };
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
    }
}
