using System.Text.Json;
using Sluice.Storage.Bulk;

namespace Sluice.Storage.Databases;

internal sealed class SqliteDialect : Dialect
{
    public static readonly SqliteDialect Instance = new();

    /// <summary>Nothing: a writing transaction has the database to itself.</summary>
    public override string ForUpdate => "";

    /// <summary>Nothing: with synchronous = NORMAL no commit waits.</summary>
    public override string CommitWithoutWaiting => "";

    public override string Like => "LIKE";

    public override IBulkRows Rows { get; } = new SqliteBulkRows();

    public override string GuidText(string column) => column;

    public override string In(string parameter) => $"IN (SELECT value FROM json_each({parameter}))";

    public override object List(IEnumerable<long> values) => JsonSerializer.Serialize(values);

    // SQLite's provider keeps a Guid as text in upper case.
    public override object List(IEnumerable<Guid> values) => JsonSerializer.Serialize(values.Select(v => v.ToString().ToUpperInvariant()));

    public override object List(IEnumerable<string> values) => JsonSerializer.Serialize(values);
}
