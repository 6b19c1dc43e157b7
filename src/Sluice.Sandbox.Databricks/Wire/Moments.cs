namespace Sluice.Sandbox.Databricks.Wire;

/// <summary>Keeps what looks at several things at one moment apart from what changes one of them: many look at once, each change is alone.</summary>
internal sealed class Moments : IDisposable
{
    // A change may look at what it changes; who only looks never changes anything.
    private readonly ReaderWriterLockSlim gate = new(LockRecursionPolicy.SupportsRecursion);

    public T Look<T>(Func<T> look)
    {
        gate.EnterReadLock();
        try
        {
            return look();
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    public void Change(Action change)
    {
        gate.EnterWriteLock();
        try
        {
            change();
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }

    public void Dispose()
    {
        try
        {
            gate.Dispose();
        }
        catch (SynchronizationLockException)
        {
            // A statement that was cancelled is still at it, and ends by itself.
        }
    }
}
