namespace Sluice.Server.Http;

/// <summary>The form of the API's own lists.</summary>
/// <param name="Count">All there are.</param>
/// <param name="Hits">This page.</param>
internal sealed record Listing<T>(long Count, IReadOnlyList<T> Hits);
