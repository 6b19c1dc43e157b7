using Sluice.Storage.Bulk;

namespace Sluice.Storage.Databases;

/// <summary>What the two databases spell differently in the SQL that is written by hand.</summary>
internal abstract class Dialect
{
    /// <summary>
    /// Ends a SELECT that makes other writers of these rows wait. It leaves room for the key locks that foreign keys to the row take.
    /// </summary>
    public abstract string ForUpdate { get; }

    /// <summary>
    /// Said in a transaction whose work is done again when the database crashes: its commit need not wait for the disk. A later one that waits, such as
    /// the end of the job, waits for this one too.
    /// </summary>
    public abstract string CommitWithoutWaiting { get; }

    /// <summary>Compares with a pattern ignoring the case of ASCII letters.</summary>
    public abstract string Like { get; }

    /// <summary>Many rows at once.</summary>
    public abstract IBulkRows Rows { get; }

    /// <summary>A column of ids as text.</summary>
    public abstract string GuidText(string column);

    /// <summary>Whether a value is in the list that a parameter holds.</summary>
    public abstract string In(string parameter);

    /// <summary>The value of a list's parameter.</summary>
    public abstract object List(IEnumerable<long> values);

    /// <inheritdoc cref="List(IEnumerable{long})"/>
    public abstract object List(IEnumerable<Guid> values);

    /// <inheritdoc cref="List(IEnumerable{long})"/>
    public abstract object List(IEnumerable<string> values);
}
