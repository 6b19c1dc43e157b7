namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>The LF-Tags of a database or table, as GetResourceLFTags and the two searches give them.</summary>
internal sealed class TaggedResource
{
    public string Database { get; set; } = "";

    /// <summary>Null for a database.</summary>
    public string? Table { get; set; }

    public IReadOnlyList<LFTag> OnDatabase { get; set; } = [];

    public IReadOnlyList<LFTag> OnTable { get; set; } = [];

    public IReadOnlyList<(string Column, IReadOnlyList<LFTag> Tags)> OnColumns { get; set; } = [];
}
