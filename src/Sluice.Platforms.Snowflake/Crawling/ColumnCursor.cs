using Sluice.Core.Catalog;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>Deals a stream of columns out to the tables they belong to; stream and tables come in the same order.</summary>
internal sealed class ColumnCursor : IAsyncDisposable
{
    private readonly IAsyncEnumerator<IReadOnlyList<ColumnRow>> _columns;
    private readonly Dictionary<(string, string), int> _index;
    private readonly List<DiscoveredColumn> _ofTable = [];
    private IReadOnlyList<ColumnRow> _arrived = [];
    private int _read;
    private int _next;
    private (string Schema, string Table, int At) _last = ("", "", -1);
    private bool _isEnded;

    public ColumnCursor(IAsyncEnumerator<IReadOnlyList<ColumnRow>> columns, IReadOnlyList<TableRow> tables)
    {
        _columns = columns;
        _index = new Dictionary<(string, string), int>(tables.Count);
        for (var i = 0; i < tables.Count; i++) _index[(tables[i].Schema, tables[i].Name)] = i;
    }

    /// <summary>The columns of the next tables.</summary>
    /// <exception cref="PlatformException">The stream is not in the order of the tables.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<DiscoveredColumn>>> ReadAsync(int tables)
    {
        var found = new DiscoveredColumn[tables][];
        Array.Fill(found, []);
        var first = _next;
        _next += tables;
        while (!Deal(found, first) && await ArriveAsync())
        {
        }

        return found;
    }

    public ValueTask DisposeAsync() => _columns.DisposeAsync();

    /// <summary>Deals out what has arrived.</summary>
    /// <returns>Whether a table after these was met.</returns>
    private bool Deal(DiscoveredColumn[][] found, int first)
    {
        while (_read < _arrived.Count)
        {
            var table = _arrived[_read];
            var at = IndexOf(table);
            if (at >= first + found.Length) return true;
            if (at >= 0 && at < first) throw new PlatformException(PlatformFailure.Refused, "Snowflake listed columns in another order than was asked for.");
            do _ofTable.Add(_arrived[_read].Column);
            while (++_read < _arrived.Count && IsOf(_arrived[_read], table));

            // One that is not among the tables was made, moved or granted since they were listed: the next crawl finds it.
            if (at >= 0) found[at - first] = [.. found[at - first], .. _ofTable];
            _ofTable.Clear();
        }

        return false;
    }

    private async ValueTask<bool> ArriveAsync()
    {
        if (_isEnded) return false;
        _isEnded = !await _columns.MoveNextAsync();
        (_arrived, _read) = (_isEnded ? [] : _columns.Current, 0);
        return !_isEnded;
    }

    // A table's columns come together.
    private int IndexOf(ColumnRow row)
    {
        if (_last.Table == row.Table && _last.Schema == row.Schema) return _last.At;
        var at = _index.GetValueOrDefault((row.Schema, row.Table), -1);
        _last = (row.Schema, row.Table, at);
        return at;
    }

    private static bool IsOf(ColumnRow row, ColumnRow table) => row.Table == table.Table && row.Schema == table.Schema;
}
