namespace Sluice.Storage.Bulk;

/// <summary>Where rows go.</summary>
/// <param name="Name">The table.</param>
/// <param name="Columns">The columns written; for an update the key comes first.</param>
/// <param name="Write">Writes a row's values in the order of the columns.</param>
internal sealed record BulkTable<T>(string Name, IReadOnlyList<string> Columns, Action<IRowWriter, T> Write);
