namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>
/// The LF-Tags of one database or table as an answer lists them, level by level. Filled anew for each resource of an answer: a search lists
/// every column's tags, and only what differs is kept.
/// </summary>
internal sealed class TaggedResource
{
    public string Database { get; set; } = "";

    /// <summary>Null for a database.</summary>
    public string? Table { get; set; }

    /// <summary>Whether it lies in a catalog that was not asked about: names there say nothing of ours.</summary>
    public bool IsOfAnotherCatalog { get; set; }

    public IReadOnlyList<LFTag> OnDatabase { get; set; } = [];

    public IReadOnlyList<LFTag> OnTable { get; set; } = [];

    public List<(string Column, LFTag Tag)> OnColumns { get; } = [];

    public void Clear()
    {
        Database = "";
        Table = null;
        IsOfAnotherCatalog = false;
        OnDatabase = [];
        OnTable = [];
        OnColumns.Clear();
    }
}
