using Npgsql;

namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>
/// The results of a read, taken in the order in which they come: result after result, row after row, column after column. Nothing is held
/// but what was taken, and no more is taken than <see cref="PostgreSqlOptions"/> allows: what answers need not be PostgreSQL.
/// </summary>
internal sealed class Answer(NpgsqlDataReader reader, PostgreSqlOptions options, CancellationToken cancellationToken)
{
    private int _rows;
    private long _bytes;
    private int _column;

    /// <summary>Goes to the next statement's result.</summary>
    public Task NextResultAsync() => reader.NextResultAsync(cancellationToken);

    /// <summary>Goes to the next row; false after the last.</summary>
    /// <exception cref="PlatformException">There are more than a catalog has.</exception>
    public async Task<bool> NextRowAsync()
    {
        _column = 0;
        if (!await reader.ReadAsync(cancellationToken)) return false;
        return _rows++ < options.MostRows ? true : throw TooMuch($"more than {options.MostRows} rows");
    }

    /// <summary>Takes all rows of the result at hand.</summary>
    public async Task<List<T>> RowsAsync<T>(Func<Answer, Task<T>> read)
    {
        var rows = new List<T>();
        while (await NextRowAsync()) rows.Add(await read(this));
        return rows;
    }

    /// <summary>Takes the row's next column, a bigint.</summary>
    public Task<long> LongAsync() => reader.GetFieldValueAsync<long>(_column++, cancellationToken);

    /// <summary>Takes the row's next column, an int.</summary>
    public Task<int> IntAsync() => reader.GetFieldValueAsync<int>(_column++, cancellationToken);

    /// <summary>Takes the row's next column, a boolean.</summary>
    public Task<bool> BooleanAsync() => reader.GetFieldValueAsync<bool>(_column++, cancellationToken);

    /// <summary>Takes the row's next column, a text.</summary>
    public async Task<string> TextAsync() => await OptionalTextAsync() ?? throw new InvalidCastException("A name is null.");

    /// <summary>Takes the row's next column, a text or null.</summary>
    /// <exception cref="PlatformException">It is longer than a catalog's texts are, or all together are.</exception>
    public async Task<string?> OptionalTextAsync()
    {
        var column = _column++;
        return await IsNullAsync(column) ? null : await reader.GetFieldValueAsync<string>(column, cancellationToken);
    }

    /// <summary>Takes the row's next column, the bytes of a text of a shared catalog.</summary>
    public async Task<SharedText> SharedTextAsync() =>
        await OptionalSharedTextAsync() ?? throw new InvalidCastException("A name is null.");

    /// <summary>Takes the row's next column, the bytes of a text of a shared catalog or null.</summary>
    /// <exception cref="PlatformException">It is longer than a catalog's texts are, or all together are.</exception>
    public async Task<SharedText?> OptionalSharedTextAsync()
    {
        var column = _column++;
        return await IsNullAsync(column) ? null : SharedText.Of(await reader.GetFieldValueAsync<byte[]>(column, cancellationToken));
    }

    private async Task<bool> IsNullAsync(int column)
    {
        if (await reader.IsDBNullAsync(column, cancellationToken)) return true;

        // Its length stands before it: it is known before anything is held of it.
        var bytes = reader.GetBytes(column, 0, null, 0, 0);
        if (bytes > options.MostTextBytes) throw TooMuch($"a text of {bytes} bytes, where {options.MostTextBytes} are the most");
        if ((_bytes += bytes) > options.MostBytes) throw TooMuch($"texts of more than {options.MostBytes} bytes");
        return false;
    }

    private static PlatformException TooMuch(string what) =>
        new(PlatformFailure.Refused, $"The server answered a read of its catalog with {what}; it was not read to its end.");
}
