using Sluice.Storage.Bulk;

namespace Sluice.Storage.Databases;

internal sealed class PostgreSqlDialect : Dialect
{
    public static readonly PostgreSqlDialect Instance = new();

    public override string ForUpdate => " FOR NO KEY UPDATE";

    public override string CommitWithoutWaiting => "SET LOCAL synchronous_commit = off;";

    /// <summary>Under the collation C, which all our text has, it folds ASCII letters alone, as SQLite does.</summary>
    public override string Like => "ILIKE";

    public override IBulkRows Rows { get; } = new PostgreSqlBulkRows();

    public override string GuidText(string column) => $"{column}::text COLLATE \"C\"";

    public override string In(string parameter) => $"= ANY({parameter})";

    public override object List(IEnumerable<long> values) => values.ToArray();

    public override object List(IEnumerable<Guid> values) => values.ToArray();

    public override object List(IEnumerable<string> values) => values.ToArray();
}
