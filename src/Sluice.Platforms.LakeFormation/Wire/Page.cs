namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>A page of a listing. A page may be empty and still have a next one.</summary>
internal readonly record struct Page<T>(IReadOnlyList<T> Items, string? NextToken);
