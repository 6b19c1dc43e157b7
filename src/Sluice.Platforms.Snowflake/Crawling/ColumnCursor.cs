using Sluice.Core.Catalog;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>Deals a stream of columns out to the tables they belong to; stream and tables come in the same order.</summary>
internal sealed class ColumnCursor : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ColumnRow> _columns;
    private readonly Dictionary<(string, string), int> _index;
    private ColumnRow? _waiting;
    private int _next;
    private (string Schema, string Table, int At) _last = ("", "", -1);
    private bool _isEnded;

    public ColumnCursor(IAsyncEnumerator<ColumnRow> columns, IReadOnlyList<TableRow> tables)
    {
        _columns = columns;
        _index = new Dictionary<(string, string), int>(tables.Count);
        for (var i = 0; i < tables.Count; i++) _index[(tables[i].Schema, tables[i].Name)] = i;
    }

    /// <summary>The columns of the next tables.</summary>
    /// <exception cref="PlatformException">The stream is not in the order of the tables.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<DiscoveredColumn>>> ReadAsync(int tables)
    {
        var found = new List<DiscoveredColumn>[tables];
        for (var i = 0; i < tables; i++) found[i] = [];
        var (first, end) = (_next, _next + tables);
        _next = end;
        while (await PeekAsync() is { } row)
        {
            // Made, moved or granted since the tables were listed: the next crawl finds it.
            var at = IndexOf(row);
            if (at >= end) return found;
            _waiting = null;
            if (at < 0) continue;
            if (at < first) throw new PlatformException(PlatformFailure.Refused, "Snowflake listed columns in another order than was asked for.");
            found[at - first].Add(row.Column);
        }

        return found;
    }

    public ValueTask DisposeAsync() => _columns.DisposeAsync();

    private async ValueTask<ColumnRow?> PeekAsync()
    {
        if (_waiting is not null || _isEnded) return _waiting;
        if (await _columns.MoveNextAsync()) return _waiting = _columns.Current;
        _isEnded = true;
        return null;
    }

    // A table's columns come together.
    private int IndexOf(ColumnRow row)
    {
        if (_last.Table == row.Table && _last.Schema == row.Schema) return _last.At;
        var at = _index.GetValueOrDefault((row.Schema, row.Table), -1);
        _last = (row.Schema, row.Table, at);
        return at;
    }
}
