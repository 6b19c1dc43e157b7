using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sluice.Storage.Bulk;

/// <summary>
/// Binds a row's values to a prepared statement and steps it. SQLite keeps bindings from row to row, so a value that is the previous row's is
/// not bound again: most columns of a million rows repeat, and a binding is a call into native code under a lock.
/// </summary>
internal sealed class SqliteRowWriter : IRowWriter, IDisposable
{
    private static readonly object Null = new();
    private static readonly object Number = new();
    private static readonly object Other = new();

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    // What each parameter holds: the text itself, or one of the marks above, a number's value beside it.
    private readonly object?[] _bound;
    private readonly long[] _numbers;
    private byte[] _utf8 = ArrayPool<byte>.Shared.Rent(4096);
    private (Guid Value, string Text) _guid;
    private int _next;

    public SqliteRowWriter(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
        var parameters = raw.sqlite3_bind_parameter_count(_statement);
        _bound = new object?[parameters];
        _numbers = new long[parameters];
    }

    public void Write(long? value)
    {
        if (value is { } number) WriteNumber(number);
        else WriteNull();
    }

    public void Write(int value) => WriteNumber(value);

    public void Write(bool? value)
    {
        if (value is { } flag) WriteNumber(flag ? 1 : 0);
        else WriteNull();
    }

    public void Write(string? value)
    {
        if (value is null)
        {
            WriteNull();
            return;
        }

        var parameter = _next++;
        if (_bound[parameter] is string before && before == value) return;
        _bound[parameter] = value;

        // An empty span has no address, which SQLite would read as NULL.
        if (value.Length == 0)
        {
            Check(raw.sqlite3_bind_text(_statement, _next, ""));
            return;
        }

        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_utf8.Length < most)
        {
            ArrayPool<byte>.Shared.Return(_utf8);
            _utf8 = ArrayPool<byte>.Shared.Rent(most);
        }

        var length = Encoding.UTF8.GetBytes(value, _utf8);
        Check(raw.sqlite3_bind_text(_statement, _next, _utf8.AsSpan(0, length)));
    }

    public void Write(byte[]? value)
    {
        if (value is null)
        {
            WriteNull();
            return;
        }

        _bound[_next++] = Other;
        Check(value.Length > 0 ? raw.sqlite3_bind_blob(_statement, _next, value) : raw.sqlite3_bind_zeroblob(_statement, _next, 0));
    }

    public void Write(Guid value)
    {
        if (_guid.Text is null || _guid.Value != value) _guid = (value, value.ToString().ToUpperInvariant());
        Write(_guid.Text);
    }

    public void EndRow()
    {
        var result = raw.sqlite3_step(_statement);
        if (result != raw.SQLITE_DONE) Check(result);
        Check(raw.sqlite3_reset(_statement));
        _next = 0;
    }

    public void Dispose()
    {
        _statement.Dispose();
        ArrayPool<byte>.Shared.Return(_utf8);
    }

    private void WriteNumber(long value)
    {
        var parameter = _next++;
        if (ReferenceEquals(_bound[parameter], Number) && _numbers[parameter] == value) return;
        _bound[parameter] = Number;
        _numbers[parameter] = value;
        Check(raw.sqlite3_bind_int64(_statement, _next, value));
    }

    private void WriteNull()
    {
        var parameter = _next++;
        if (ReferenceEquals(_bound[parameter], Null)) return;
        _bound[parameter] = Null;
        Check(raw.sqlite3_bind_null(_statement, _next));
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(result, _database);
    }
}
