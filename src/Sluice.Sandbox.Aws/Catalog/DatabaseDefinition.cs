namespace Sluice.Sandbox.Aws.Catalog;

/// <summary>A database as Glue stores it.</summary>
internal sealed record DatabaseDefinition
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public string? Location { get; init; }

    public double CreateTime { get; init; }

    /// <summary>Left under IAM access control: IAM_ALLOWED_PRINCIPALS has Super on it and, by default, on its new tables.</summary>
    public bool UnderIam { get; init; }

    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The connection a federated database is reached through.</summary>
    public string? FederatedThrough { get; init; }
}
