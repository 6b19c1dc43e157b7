using Sluice.Core.Catalog;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>A page of a listing. A page may be empty and still have a next one.</summary>
internal readonly record struct Page<T>(IReadOnlyList<T> Items, string? NextToken);

/// <summary>The metastore that the workspace is assigned to.</summary>
internal sealed record MetastoreAssignment(string MetastoreId, string? WorkspaceId);

/// <summary>What the metastore says of itself.</summary>
internal sealed record MetastoreSummary(string? Name, string? Cloud, string? Region);

/// <summary>What is read of a catalog.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Databricks' id of it, where the answer has one.</param>
/// <param name="Comment">Its comment.</param>
/// <param name="Type">Such as <c>MANAGED_CATALOG</c>.</param>
/// <param name="Owner">Who owns it.</param>
internal sealed record CatalogEntry(string Name, string? Id, string? Comment, string? Type, string? Owner);

/// <summary>What is read of a schema.</summary>
internal sealed record SchemaEntry(string Name, string? Id, string? Comment);

/// <summary>What is read of a table or view.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Databricks' id of it, where it was asked for.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Comment">Its comment.</param>
/// <param name="Columns">In the order of their positions.</param>
internal sealed record TableEntry(string Name, string? Id, ObjectKind Kind, string? Comment, IReadOnlyList<DiscoveredColumn> Columns);

/// <summary>What is read of a SQL warehouse.</summary>
/// <param name="Name">As people see it.</param>
/// <param name="State"><c>RUNNING</c>, <c>STOPPED</c>, <c>STARTING</c>, <c>STOPPING</c>, <c>DELETING</c> or <c>DELETED</c>.</param>
/// <param name="Trouble">Databricks' summary where the warehouse is not healthy.</param>
internal sealed record WarehouseEntry(string? Name, string? State, string? Trouble);

/// <summary>Who a token belongs to.</summary>
internal sealed record Principal(string Name, string? DisplayName);
