using Sluice.Core.Catalog;

namespace Sluice.Platforms.Databricks.Crawling;

/// <summary>
/// Tells of a table without its columns whether they are still the ones that were read: by when Unity Catalog last altered it, and all else that is known
/// of it. Tables alone: what lies behind a view, a pipeline or a foreign table changes without them.
/// </summary>
internal static class ChangeStamps
{
    /// <summary>When the table was last changed; null where that says nothing of its columns.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="lastAltered">As the information schema has it.</param>
    public static string? LastChanged(ObjectKind kind, string? lastAltered) =>
        kind is ObjectKind.Table or ObjectKind.ExternalTable or ObjectKind.IcebergTable ? lastAltered : null;
}
