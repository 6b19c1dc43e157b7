using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>
/// Follows a listing's paging tokens and sees to it that the listing ends: an endpoint that is not AWS, or is out of order, could go on
/// for ever.
/// </summary>
/// <param name="mostPages">How many pages one listing may have, restarts included.</param>
internal sealed class TokenTrail(int mostPages)
{
    // Digests: a token can be long, and a listing can have many.
    private readonly HashSet<ulong> _named = [];
    private int _pages;

    /// <summary>How many pages were read.</summary>
    public int Pages => _pages;

    /// <summary>Takes note of a page.</summary>
    /// <param name="sent">The token it was asked for with.</param>
    /// <param name="next">The token that it names for the next page; null after the last.</param>
    /// <returns><paramref name="next"/>.</returns>
    /// <exception cref="PlatformException">The listing would not end.</exception>
    public string? Follow(string? sent, string? next)
    {
        _pages++;
        if (next is null) return null;

        // A listing that is started again may name the same pages again.
        if (sent is null) _named.Clear();
        if (!_named.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(next.AsSpan()))) || next == sent) throw Endless("names the same page again as a next one");
        return _pages < mostPages ? next : throw Endless($"has more than {mostPages} pages");
    }

    private static PlatformException Endless(string words) =>
        new(PlatformFailure.Refused, $"A listing {words}, so it was not read to its end; is the endpoint the right one?");
}
