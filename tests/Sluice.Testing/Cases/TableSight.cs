namespace Sluice.Testing.Cases;

/// <summary>What somebody may read of a table in a state, by its rows.</summary>
/// <param name="Rows">Cells as texts, or null where a row is hidden. Null: all of it is refused.</param>
/// <param name="Masked">Cells as the masks of the state show them to that person, whether the table is refused or not.</param>
public sealed record TableSight(IReadOnlyList<IReadOnlyList<string>?>? Rows, IReadOnlyList<IReadOnlyList<string>> Masked)
{
    /// <summary>What is wrong with a reading between two states; null when nothing is.</summary>
    /// <param name="read">Rows as they were read, in any order; null where they were refused.</param>
    /// <param name="before">The state before.</param>
    /// <param name="after">The state after.</param>
    /// <param name="plain">The table's own cells. Where a state shows such a one, it may be masked already, or still.</param>
    /// <param name="between">What may be less in between than in both.</param>
    public static string? FaultOf(
        IReadOnlyList<IReadOnlyList<string>>? read, TableSight before, TableSight after, IReadOnlyList<IReadOnlyList<string>> plain, Between between)
    {
        if (read is null) return before.Rows is null || after.Rows is null || between.IsRefused ? null : "it is refused, and both states allow it";
        var fits = read.Select(cells => Enumerable.Range(0, plain.Count).Where(r => Fits(cells, r)).ToList()).ToList();
        var strange = fits.FindIndex(static f => f.Count == 0);
        if (strange >= 0) return $"no state shows the row {string.Join('|', read[strange])}";
        if (!AreApart(fits, plain.Count)) return $"rows that one row of the table is shown as: {string.Join("; ", read.Select(static r => string.Join('|', r)))}";
        var both = Enumerable.Range(0, plain.Count).Count(r => before.Rows?[r] is not null && after.Rows?[r] is not null);
        return read.Count < both && !between.HidesRows ? $"{read.Count} rows, and both states show {both}" : null;

        bool Fits(IReadOnlyList<string> cells, int row)
        {
            var (old, made) = (before.Rows?[row], after.Rows?[row]);
            return (old is not null || made is not null) && Enumerable.Range(0, cells.Count).All(c =>
                old?[c] == cells[c] || made?[c] == cells[c]
                || (cells[c] == "NULL" && between.NullColumns.Contains(c))
                || (IsPlain(c) && old?[c] != made?[c] && (before.Masked[row][c] == cells[c] || after.Masked[row][c] == cells[c])));

            bool IsPlain(int column) => old?[column] == plain[row][column] || made?[column] == plain[row][column];
        }
    }

    // Whether each row that was read can be another one of the table's.
    private static bool AreApart(List<List<int>> fits, int rows)
    {
        var taken = new int[rows];
        Array.Fill(taken, -1);
        return Enumerable.Range(0, fits.Count).All(r => Place(r, new bool[rows]));

        bool Place(int read, bool[] tried)
        {
            foreach (var row in fits[read])
            {
                if (tried[row]) continue;
                tried[row] = true;
                if (taken[row] >= 0 && !Place(taken[row], tried)) continue;
                taken[row] = read;
                return true;
            }

            return false;
        }
    }
}

/// <summary>What may be less between two states than in both of them, because it is closed for a moment.</summary>
/// <param name="IsRefused">Whether all of it.</param>
/// <param name="HidesRows">Whether rows.</param>
/// <param name="NullColumns">Columns that may be NULL, by their place.</param>
public sealed record Between(bool IsRefused, bool HidesRows, IReadOnlySet<int> NullColumns);
