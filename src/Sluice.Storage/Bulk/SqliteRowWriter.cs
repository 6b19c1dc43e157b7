using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sluice.Storage.Bulk;

/// <summary>Binds a row's values to a prepared statement and steps it.</summary>
internal sealed class SqliteRowWriter : IRowWriter, IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private byte[] _utf8 = ArrayPool<byte>.Shared.Rent(4096);
    private int _next = 1;

    public SqliteRowWriter(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    public void Write(long? value) =>
        Check(value is { } number ? raw.sqlite3_bind_int64(_statement, _next++, number) : raw.sqlite3_bind_null(_statement, _next++));

    public void Write(int value) => Check(raw.sqlite3_bind_int(_statement, _next++, value));

    public void Write(bool? value) =>
        Check(value is { } flag ? raw.sqlite3_bind_int(_statement, _next++, flag ? 1 : 0) : raw.sqlite3_bind_null(_statement, _next++));

    public void Write(string? value)
    {
        if (value is null)
        {
            Check(raw.sqlite3_bind_null(_statement, _next++));
            return;
        }

        // An empty span has no address, which SQLite would read as NULL.
        if (value.Length == 0)
        {
            Check(raw.sqlite3_bind_text(_statement, _next++, ""));
            return;
        }

        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_utf8.Length < most)
        {
            ArrayPool<byte>.Shared.Return(_utf8);
            _utf8 = ArrayPool<byte>.Shared.Rent(most);
        }

        var length = Encoding.UTF8.GetBytes(value, _utf8);
        Check(raw.sqlite3_bind_text(_statement, _next++, _utf8.AsSpan(0, length)));
    }

    public void Write(byte[] value) =>
        Check(value.Length > 0 ? raw.sqlite3_bind_blob(_statement, _next++, value) : raw.sqlite3_bind_zeroblob(_statement, _next++, 0));

    public void Write(Guid value) => Write(value.ToString().ToUpperInvariant());

    public void EndRow()
    {
        var result = raw.sqlite3_step(_statement);
        if (result != raw.SQLITE_DONE) Check(result);
        Check(raw.sqlite3_reset(_statement));
        _next = 1;
    }

    public void Dispose()
    {
        _statement.Dispose();
        ArrayPool<byte>.Shared.Return(_utf8);
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(result, _database);
    }
}
