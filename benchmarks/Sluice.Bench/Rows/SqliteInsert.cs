using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sluice.Bench.Rows;

/// <summary>Inserts rows by one prepared multi-row statement a table, bound through the native interface, in one transaction.</summary>
internal static class SqliteInsert
{
    /// <summary>Rows a statement: more were slower, as the native interface makes a step cheap and a long parameter list isn't.</summary>
    public const int RowsPerStatement = 16;

    // The server's own: the same durability and the same cache.
    private const string Pragmas = """
        PRAGMA synchronous = NORMAL;
        PRAGMA wal_autocheckpoint = 4096;
        PRAGMA journal_size_limit = 67108864;
        PRAGMA cache_size = -16000;
        PRAGMA temp_store = MEMORY;
        """;

    public static void Run(string file, CatalogRows rows, int rowsPerStatement, CancellationToken cancellationToken)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadWrite;Pooling=False");
        connection.Open();
        var database = connection.Handle!;
        Execute(database, Pragmas);
        Execute(database, "BEGIN IMMEDIATE");
        Insert(database, rows.Objects, rowsPerStatement, cancellationToken);
        Insert(database, rows.Columns, rowsPerStatement, cancellationToken);
        Insert(database, rows.Tags, rowsPerStatement, cancellationToken);
        Execute(database, "COMMIT");
    }

    private static void Insert<T>(sqlite3 database, TableRows<T> table, int rowsPerStatement, CancellationToken cancellationToken)
    {
        var whole = table.Rows.Length / rowsPerStatement * rowsPerStatement;
        Insert(database, table, 0, whole, rowsPerStatement, cancellationToken);
        Insert(database, table, whole, table.Rows.Length, 1, cancellationToken);
    }

    private static void Insert<T>(sqlite3 database, TableRows<T> table, int from, int to, int rowsPerStatement, CancellationToken cancellationToken)
    {
        if (from == to) return;
        var row = $"({string.Join(", ", Enumerable.Repeat("?", table.Columns.Length))})";
        var sql = $"INSERT INTO {table.Name} ({string.Join(", ", table.Columns)}) VALUES {string.Join(", ", Enumerable.Repeat(row, rowsPerStatement))}";
        Check(database, raw.sqlite3_prepare_v2(database, sql, out var statement));
        using (statement)
        {
            var sink = new StatementSink(database, statement);
            for (var first = from; first < to; first += rowsPerStatement)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (var i = first; i < first + rowsPerStatement; i++) table.Write(sink, table.Rows[i]);
                sink.Step();
            }
        }
    }

    private static void Execute(sqlite3 database, string sql) => Check(database, raw.sqlite3_exec(database, sql));

    private static void Check(sqlite3 database, int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_DONE)) SqliteException.ThrowExceptionForRC(result, database);
    }

    private sealed class StatementSink(sqlite3 database, sqlite3_stmt statement) : RowSink
    {
        private byte[] _utf8 = new byte[4096];
        private int _next = 1;

        public override void Write(long? value) =>
            Check(database, value is { } number ? raw.sqlite3_bind_int64(statement, _next++, number) : raw.sqlite3_bind_null(statement, _next++));

        public override void Write(int value) => Check(database, raw.sqlite3_bind_int(statement, _next++, value));

        public override void Write(bool? value) =>
            Check(database, value is { } flag ? raw.sqlite3_bind_int(statement, _next++, flag ? 1 : 0) : raw.sqlite3_bind_null(statement, _next++));

        public override void Write(string? value)
        {
            if (value is null)
            {
                Check(database, raw.sqlite3_bind_null(statement, _next++));
                return;
            }

            var most = Encoding.UTF8.GetMaxByteCount(value.Length);
            if (_utf8.Length < most) _utf8 = new byte[most];
            var length = Encoding.UTF8.GetBytes(value, _utf8);
            Check(database, length == 0 ? raw.sqlite3_bind_text(statement, _next++, "") : raw.sqlite3_bind_text(statement, _next++, _utf8.AsSpan(0, length)));
        }

        public override void Write(byte[]? value) => Check(database, value switch
        {
            null => raw.sqlite3_bind_null(statement, _next++),
            [] => raw.sqlite3_bind_zeroblob(statement, _next++, 0),
            _ => raw.sqlite3_bind_blob(statement, _next++, value),
        });

        public override void Write(Guid value) => Write(value.ToString().ToUpperInvariant());

        public void Step()
        {
            Check(database, raw.sqlite3_step(statement));
            Check(database, raw.sqlite3_reset(statement));
            _next = 1;
        }
    }
}
