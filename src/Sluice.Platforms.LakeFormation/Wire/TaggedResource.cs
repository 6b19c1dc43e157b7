namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>
/// The LF-Tags of one database or table as an answer lists them, level by level. Filled anew for each resource of an answer: a search lists
/// every column's tags, and only what differs is kept.
/// </summary>
internal sealed class TaggedResource
{
    /// <summary>Whose catalog it lies in; null when the answer does not say.</summary>
    public string? CatalogId { get; set; }

    public string Database { get; set; } = "";

    /// <summary>Null for a database.</summary>
    public string? Table { get; set; }

    public LFTag[] OnDatabase { get; set; } = [];

    public LFTag[] OnTable { get; set; } = [];

    public List<(string Column, LFTag Tag)> OnColumns { get; } = [];

    public void Clear()
    {
        CatalogId = null;
        Database = "";
        Table = null;
        OnDatabase = [];
        OnTable = [];
        OnColumns.Clear();
    }
}
