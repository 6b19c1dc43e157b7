namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>One entry of ListPermissions.</summary>
internal sealed record LakePermission(string Principal, LakeResource Resource, LakePermissions Granted, LakePermissions Grantable);

/// <summary>What a permission is on. Kinds Sluice has no use for read as <see cref="Other"/>.</summary>
internal abstract record LakeResource
{
    /// <summary>Whose catalog; null when the answer does not say.</summary>
    public string? CatalogId { get; init; }

    internal sealed record Catalog : LakeResource;

    internal sealed record Database(string Name) : LakeResource;

    /// <summary>A table, or every table of the database when <paramref name="Name"/> is null.</summary>
    internal sealed record Table(string DatabaseName, string? Name) : LakeResource;

    /// <summary>Only some columns of a table.</summary>
    internal sealed record SomeColumns(string DatabaseName, string? Name) : LakeResource;

    /// <summary>Everything whose LF-Tags match all parts of the expression.</summary>
    internal sealed record TagPolicy(bool OfTables, IReadOnlyList<LFTag> Expression) : LakeResource;

    internal sealed record Other : LakeResource;
}
