using Sluice.Storage.Databases;

namespace Sluice.Storage.Bulk;

/// <summary>Writes many rows the fastest way a database has. Runs in the context's transaction.</summary>
internal interface IBulkRows
{
    /// <summary>Adds rows, which are taken one by one: a million of them need never be a list.</summary>
    Task InsertAsync<T>(SluiceContext context, BulkTable<T> table, IEnumerable<T> rows, CancellationToken cancellationToken);

    /// <summary>Sets the table's columns on the rows whose key, the first column, is given; a key that is not there is passed over.</summary>
    Task UpdateAsync<T>(SluiceContext context, BulkTable<T> table, IReadOnlyCollection<T> rows, CancellationToken cancellationToken);
}
