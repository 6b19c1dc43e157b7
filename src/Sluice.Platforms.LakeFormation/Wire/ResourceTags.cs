using Sluice.Core.Catalog;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>The tags of a database (<paramref name="Table"/> null) or of a table with its columns, as far as one answer tells.</summary>
internal readonly record struct ResourceTags(string Database, string? Table, ObjectTag[] Tags);
