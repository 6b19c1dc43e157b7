namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>What is read of a Glue database.</summary>
internal sealed record GlueDatabase(string Name)
{
    public string? Description { get; init; }

    /// <summary>In milliseconds since 1970.</summary>
    public long? CreateTime { get; init; }

    /// <summary>
    /// Who gets permissions on each new table by default. None: Lake Formation alone decides (AWS documents null and the empty list alike).
    /// </summary>
    public IReadOnlyList<string> DefaultPrincipals { get; init; } = [];

    /// <summary>The database a resource link points to, as <c>account/database</c>.</summary>
    public string? Target { get; init; }
}
