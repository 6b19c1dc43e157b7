namespace Sluice.Platforms.LakeFormation;

/// <summary>Limits that AWS documents, and how far ahead a crawl reads.</summary>
public sealed record AwsLimits
{
    /// <summary>Databases, tables and search results a page. AWS takes at most 100.</summary>
    public int CatalogPage { get; init; } = 100;

    /// <summary>Permissions and LF-Tags a page. AWS takes at most 1,000.</summary>
    public int PermissionPage { get; init; } = 1000;

    /// <summary>Values of one key in a search's expression. AWS takes at most 50.</summary>
    public int TagValuesPerSearch { get; init; } = 50;

    /// <summary>Databases whose tables are read at the same time.</summary>
    public int DatabasesAhead { get; init; } = 4;

    /// <summary>Pages of one database that are read before they are asked for.</summary>
    public int PagesAhead { get; init; } = 2;

    /// <summary>
    /// How many pages one listing may have before it counts as endless. Default 100,000: ten million tables in a database, a hundred million
    /// permissions.
    /// </summary>
    public int PagesOfListing { get; init; } = 100_000;

    /// <summary>The largest answer that is read, in bytes. A page of 100 tables of 10,000 columns stays below it.</summary>
    public int AnswerBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Grants or revokes in a batch. AWS takes at most 20.</summary>
    public int GrantsPerBatch { get; init; } = 20;

    /// <summary>Values of a key that are added or deleted in a call. AWS takes at most 50.</summary>
    public int TagValuesPerUpdate { get; init; } = 50;

    /// <summary>Values of one key. AWS takes at most 1,000.</summary>
    public int ValuesOfTag { get; init; } = 1000;

    /// <summary>Writing calls at the same time, as far as AWS bears them.</summary>
    public int WritesAtOnce { get; init; } = 16;
}
