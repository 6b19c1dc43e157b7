using Microsoft.Extensions.Logging;
using Npgsql;
using Sluice.Storage.Server;

namespace Sluice.Storage.Databases;

/// <summary>
/// An advisory lock of a session of its own, which PostgreSQL gives back when the session ends, however that happens. When the session breaks
/// while the server lives (PostgreSQL was restarted, the network was away) nothing is claimed until a new session has the lock; what was claimed
/// before is safe under its fence.
/// </summary>
internal sealed partial class PostgreSqlServerLock(string connectionString, ILogger<PostgreSqlServerLock> logger) : IServerLock, IAsyncDisposable
{
    /// <summary>An arbitrary constant ("sluiceSv" in ASCII) that all our servers agree on.</summary>
    internal const long Key = 0x736C756963655376;

    // A session whose server is gone is noticed here after Beat and PingSeconds, and by PostgreSQL only after its keepalives (10 + 2 * 5 seconds):
    // the one that lost the lock knows it before another can have it.
    private const int PingSeconds = 5;
    private const string Prepare = """
        SELECT set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false),
            set_config('tcp_keepalives_count', '2', false), set_config('lock_timeout', $1, false)
        """;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);
    private readonly string _connectionString = new NpgsqlConnectionStringBuilder(PostgreSqlSettings.Read(connectionString).ConnectionString)
    {
        Pooling = false, CommandTimeout = PingSeconds,
    }.ConnectionString;
    private volatile NpgsqlConnection? _session;
    private volatile bool _isLost;

    /// <summary>How long a start waits: PostgreSQL needs a moment to notice that a killed server is gone.</summary>
    internal TimeSpan PatienceAtStart { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a lost lock is waited for: our own broken session may hold it until PostgreSQL notices.</summary>
    internal TimeSpan PatienceOnceLost { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The pause between two tries to reach a database that is away.</summary>
    internal TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(2);

    public bool IsHeld => _session is not null;

    public bool IsLost => _isLost;

    public async Task TakeAsync(CancellationToken cancellationToken) =>
        _session = await OpenAsync(PatienceAtStart, cancellationToken)
            ?? throw new DatabaseTakenException("Another server runs on this database. Stop it, or give this one a database of its own with --database.");

    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await WatchAsync(cancellationToken);
            while (_session is null)
            {
                try
                {
                    _session = await OpenAsync(PatienceOnceLost, cancellationToken) ?? throw TakenMeanwhile();
                    Log.Taken(logger);
                }
                catch (Exception e) when (e is not DatabaseTakenException && !cancellationToken.IsCancellationRequested)
                {
                    // The database is away; whoever asks it for something says so.
                    await Task.Delay(Pause, cancellationToken);
                }
            }
        }
    }

    public ValueTask DisposeAsync() => _session is { } session ? session.DisposeAsync() : default;

    /// <summary>Returns when the session is broken.</summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        if (_session is not { } session) return;
        try
        {
            while (true)
            {
                // Nobody notifies this session: this ends at once when the connection does, or when it is time to ask.
                await session.WaitAsync(Beat, cancellationToken);
                await using var ping = new NpgsqlCommand("SELECT 1", session);
                await ping.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _session = null;
            Log.Broken(logger, e);
            await session.DisposeAsync();
        }
    }

    /// <summary>A session with the lock; null when another has it.</summary>
    private async Task<NpgsqlConnection?> OpenAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var session = new NpgsqlConnection(_connectionString);
        try
        {
            await session.OpenAsync(cancellationToken);
            await using var prepare = new NpgsqlCommand(Prepare, session) { Parameters = { new() { Value = $"{patience.TotalMilliseconds:0}" } } };
            await prepare.ExecuteNonQueryAsync(cancellationToken);
            await using var take = new NpgsqlCommand("SELECT pg_advisory_lock($1)", session) { Parameters = { new() { Value = Key } } };
            take.CommandTimeout = PingSeconds + (int)patience.TotalSeconds;
            await take.ExecuteNonQueryAsync(cancellationToken);
            return session;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await session.DisposeAsync();
            return null;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private DatabaseTakenException TakenMeanwhile()
    {
        _isLost = true;
        return new DatabaseTakenException("Another server has taken over this database while the connection to it was broken. One of the two must go.");
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2501, Level = LogLevel.Warning, Message = "The session that keeps other servers off the database broke: no job is begun until the lock is taken again")]
        public static partial void Broken(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 2502, Level = LogLevel.Information, Message = "This server has the database to itself again")]
        public static partial void Taken(ILogger logger);
    }
}
