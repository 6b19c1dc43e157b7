namespace Sluice.Core.Tests.Catalog.Merge;

/// <summary>A stored child, as the naive store keeps it.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Table">What was last found.</param>
/// <param name="IsMissing">Whether a finished crawl did not find it.</param>
/// <param name="IsReplaced">Whether another row took its name.</param>
/// <param name="Overrides">Stands for overrides and tags: a row is born with its own, or with those of the row it replaces.</param>
internal sealed record StoredRow(long Id, RemoteTable Table, bool IsMissing, bool IsReplaced, string Overrides);
