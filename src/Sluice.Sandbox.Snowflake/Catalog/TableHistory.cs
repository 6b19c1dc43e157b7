namespace Sluice.Sandbox.Snowflake.Catalog;

/// <summary>A point in the past, by time or by statement; AT has what the statement changed, BEFORE has it not.</summary>
internal sealed record Moment(DateTimeOffset? Time, string? Statement, bool IsBefore);

/// <summary>A table's rows as they stood until a statement changed them.</summary>
/// <param name="Place">The table of the engine that holds them.</param>
/// <param name="Until">When they were changed.</param>
/// <param name="By">The id of the statement that changed them; later statements have greater ids.</param>
internal sealed record TableVersion(string Place, DateTimeOffset Until, string By);

/// <summary>What Time Travel knows of a table: the rows before each of its last changes.</summary>
internal sealed class TableHistory
{
    private readonly List<TableVersion> versions = [];
    private (DateTimeOffset At, string By)? lost;

    public IReadOnlyList<TableVersion> Versions => versions;

    public void Add(TableVersion version) => versions.Add(version);

    /// <summary>A change that never was: its transaction was rolled back.</summary>
    public void Remove(TableVersion version) => versions.Remove(version);

    /// <summary>Lets the oldest version go, and with it all that was before its change.</summary>
    public TableVersion Forget()
    {
        var oldest = versions[0];
        versions.RemoveAt(0);
        lost = (oldest.Until, oldest.By);
        return oldest;
    }

    /// <summary>Rows that were not kept: nothing before this change can be told.</summary>
    public void Lose(DateTimeOffset at, string by) => lost = (at, by);

    public bool Reaches(Moment moment) => lost is not { } gone || !Precedes(moment, gone.At, gone.By);

    /// <summary>The version in which the rows of a moment are; null where they are those of today.</summary>
    public TableVersion? Of(Moment moment) => versions.Find(version => Precedes(moment, version.Until, version.By));

    /// <summary>True for a moment that doesn't have what a statement did.</summary>
    public static bool Precedes(Moment moment, DateTimeOffset changed, string by)
    {
        var order = moment.Time is { } time ? changed.CompareTo(time) : string.CompareOrdinal(by, moment.Statement);
        return moment.IsBefore ? order >= 0 : order > 0;
    }
}
