using Sluice.Core.Catalog;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>The tags of a database (<paramref name="Table"/> null) or of a table with its columns, as far as one answer tells.</summary>
/// <param name="Database">The database's name.</param>
/// <param name="Table">The table's name.</param>
/// <param name="Tags">The tags that are shown.</param>
/// <param name="Hidden">The key of a tag that a column has and does not show; null when nothing tells of one.</param>
internal readonly record struct ResourceTags(string Database, string? Table, ObjectTag[] Tags, string? Hidden = null);
