using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Sluice.Storage.Databases;

/// <summary>Runs units of work: each has a context of its own, a write has a transaction, and what the database asks to try again is tried again.</summary>
internal abstract class Database : IDatabase, IAsyncDisposable
{
    private const int Attempts = 6;
    private const int ProbeBytes = 32 * 1024;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private volatile bool _isMigrated;
    private volatile bool _isDiskInDoubt;

    public abstract string Provider { get; }

    /// <summary>Reads without a transaction.</summary>
    public Task<T> ReadAsync<T>(Func<SluiceContext, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        TryAsync(
            async () =>
            {
                await using var context = Open();
                await context.Database.OpenConnectionAsync(cancellationToken);
                return await read(context, cancellationToken);
            },
            IsTransient, cancellationToken);

    /// <summary>Reads several times from one state.</summary>
    public Task<T> SnapshotAsync<T>(Func<SluiceContext, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        TryAsync(
            async () =>
            {
                await using var context = Open();
                await context.Database.OpenConnectionAsync(cancellationToken);
                await using var transaction = await BeginSnapshotAsync(context, cancellationToken);
                var result = await read(context, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return result;
            },
            IsTransient, cancellationToken);

    /// <summary>Writes all or nothing. May run more than once: it must do nothing that a rollback does not undo.</summary>
    public Task<T> WriteAsync<T>(Func<SluiceContext, CancellationToken, Task<T>> write, CancellationToken cancellationToken) =>
        TryAsync(() => WriteOnceAsync(write, cancellationToken), IsTransient, cancellationToken);

    /// <inheritdoc cref="WriteAsync{T}(Func{SluiceContext, CancellationToken, Task{T}}, CancellationToken)"/>
    public Task WriteAsync(Func<SluiceContext, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        WriteAsync(
            async (context, token) =>
            {
                await write(context, token);
                return true;
            },
            cancellationToken);

    /// <summary>
    /// Writes what looks for holders of a unique value before it takes it: when somebody was faster, it looks again and finds them.
    /// </summary>
    public Task<T> WriteUniqueAsync<T>(Func<SluiceContext, CancellationToken, Task<T>> write, CancellationToken cancellationToken) =>
        TryAsync(() => WriteOnceAsync(write, cancellationToken), e => IsTransient(e) || IsUniqueViolation(e), cancellationToken);

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using (await EnterMigrationAsync(cancellationToken))
        {
            await using var context = Open();
            await PrepareAsync(context, cancellationToken);
            if (await IsBehindAsync(context, cancellationToken)) await context.Database.MigrateAsync(cancellationToken);
        }

        _isMigrated = true;
    }

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_isMigrated && _isDiskInDoubt) await WriteProbeAsync(cancellationToken);
            await using var context = Open();
            await context.Database.OpenConnectionAsync(cancellationToken);
            if (_isMigrated) return await context.NumberAsync("SELECT 1", cancellationToken) == 1;
            _isMigrated = !(await context.Database.GetPendingMigrationsAsync(cancellationToken)).Any();
            return _isMigrated;
        }
        catch (Exception e) when (e is not DatabaseDiskException && Cause(e) is not null)
        {
            return false;
        }
    }

    public abstract Task BackUpAsync(string file, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    protected abstract SluiceContext CreateContext();

    /// <summary>The context of a transaction that writes.</summary>
    protected virtual SluiceContext CreateWriteContext() => CreateContext();

    protected abstract Task<IDbContextTransaction> BeginSnapshotAsync(SluiceContext context, CancellationToken cancellationToken);

    /// <summary>Waits for the turn to write, where writers have to take turns.</summary>
    protected abstract ValueTask<IDisposable?> EnterWriteAsync(CancellationToken cancellationToken);

    /// <summary>Waits for the turn to migrate, across processes.</summary>
    protected abstract Task<IAsyncDisposable> EnterMigrationAsync(CancellationToken cancellationToken);

    /// <summary>What has to be so before the first migration.</summary>
    protected virtual Task PrepareAsync(SluiceContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether the database rolled back and promises that another try may succeed.</summary>
    protected abstract bool IsTransient(DbException exception);

    protected abstract bool IsUniqueViolation(DbException exception);

    protected abstract bool IsDiskFull(DbException exception);

    protected abstract bool IsDiskFailure(DbException exception);

    // An older program must not write to a schema it does not know. A start that has nothing to bring up to date shouldn't pay for asking EF how.
    private static async Task<bool> IsBehindAsync(SluiceContext context, CancellationToken cancellationToken)
    {
        var applied = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        var known = context.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        if (applied.FindLast(a => !known.Contains(a)) is { } newer)
            throw new DatabaseTooNewException($"The database was brought up to date by a newer Sluice ({newer}). Run that version, or restore the backup from before the upgrade.");
        return applied.Count < known.Count;
    }

    private SluiceContext Open() => Prepared(CreateContext());

    private static SluiceContext Prepared(SluiceContext context)
    {
        // A save happens inside a transaction that is rolled back whole: a savepoint would be two more round trips for nothing.
        context.Database.AutoSavepointsEnabled = false;
        context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
        return context;
    }

    private async Task<T> WriteOnceAsync<T>(Func<SluiceContext, CancellationToken, Task<T>> write, CancellationToken cancellationToken)
    {
        using var turn = await EnterWriteAsync(cancellationToken);
        await using var context = Prepared(CreateWriteContext());
        await context.Database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var result = await write(context, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    // A read, a transaction that changes nothing, and often one that changes a little succeed on a full disk too.
    private async Task WriteProbeAsync(CancellationToken cancellationToken)
    {
        var value = Convert.ToHexString(RandomNumberGenerator.GetBytes(ProbeBytes));
        await WriteAsync(
            (context, token) => context.ExecuteAsync(
                "INSERT INTO server_facts (name, value) VALUES ('disk.probe', @value) ON CONFLICT (name) DO UPDATE SET value = @value", token, ("@value", value)),
            cancellationToken);
        await WriteAsync((context, token) => context.ExecuteAsync("DELETE FROM server_facts WHERE name = 'disk.probe'", token), cancellationToken);
        _isDiskInDoubt = false;
    }

    private async Task<T> TryAsync<T>(Func<Task<T>> work, Func<DbException, bool> again, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (Exception e) when (attempt < Attempts && (e is DbUpdateConcurrencyException || (Cause(e) is { } cause && again(cause))))
            {
                var most = FirstPause * Math.Pow(2, attempt);
                await Task.Delay(most * Random.Shared.NextDouble(), cancellationToken);
            }
            catch (Exception e) when (Cause(e) is { } cause && (IsDiskFull(cause) || IsDiskFailure(cause)))
            {
                _isDiskInDoubt = true;
                throw new DatabaseDiskException(
                    IsDiskFull(cause) ? "The database's disk is full: nothing can be stored until there is room." : "The database's disk fails: it can't be read or written.", e);
            }
        }
    }

    /// <summary>What the database said. EF wraps it: once around a save, once more when its provider thinks another try may help.</summary>
    private static DbException? Cause(Exception? exception) => exception is null ? null : exception as DbException ?? Cause(exception.InnerException);
}
