namespace Sluice.Platforms.Databricks.Crawling;

/// <summary>A schema's tables in a listing, or as many of them as were listed at once.</summary>
/// <param name="Name">Its name.</param>
/// <param name="First">The index of its first table in the listing.</param>
/// <param name="Count">How many it has there.</param>
/// <param name="IsEnd">Whether its last table is among them.</param>
internal sealed record ListedSchema(string Name, int First, int Count, bool IsEnd)
{
    /// <summary>Whether the store knows the whole listing of the schema: then only the tables in <see cref="Read"/> are looked at.</summary>
    public bool IsUnchanged { get; init; }

    /// <summary>What the listing was, to know it again; null where it was not listed whole, or does not tell enough.</summary>
    public UInt128? Fingerprint { get; init; }

    /// <summary>The indexes of the tables whose columns are read, in order.</summary>
    public IReadOnlyList<int> Read { get; init; } = [];

    /// <summary>Whether its tables may not be listed through REST: then nothing is told of it.</summary>
    public bool IsRefused { get; init; }
}
