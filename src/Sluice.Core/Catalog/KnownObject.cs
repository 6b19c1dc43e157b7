namespace Sluice.Core.Catalog;

/// <summary>What the merge needs to know of a stored child of the container that is being crawled.</summary>
/// <param name="Id">The stored row's id.</param>
/// <param name="Name">The name it was last seen under.</param>
/// <param name="NativeId">The platform's id, if it has one.</param>
/// <param name="Fingerprint">The digest of what is stored.</param>
/// <param name="IsMissing">Whether the last finished crawl did not find it.</param>
/// <param name="IsReplaced">Whether another object (another native id) has taken its name since.</param>
/// <param name="ChangeStamp">The stored <see cref="DiscoveredObject.ChangeStamp"/>.</param>
public readonly record struct KnownObject(
    long Id, string Name, string? NativeId, UInt128 Fingerprint, bool IsMissing, bool IsReplaced, UInt128? ChangeStamp = null);
