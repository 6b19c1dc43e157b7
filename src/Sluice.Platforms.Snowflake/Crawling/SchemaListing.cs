namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>What was listed of a schema.</summary>
/// <param name="Tables">Its tables, in order.</param>
/// <param name="Fingerprint">The digest of the listing; null where it was not made whole.</param>
/// <param name="IsUnchanged">Whether the store knows the listing.</param>
internal sealed record SchemaListing(IReadOnlyList<TableRow> Tables, UInt128? Fingerprint, bool IsUnchanged)
{
    /// <summary>The tables that are read although the listing is as it was.</summary>
    public IReadOnlyList<TableRow> AlwaysRead { get; init; } = [];
}
