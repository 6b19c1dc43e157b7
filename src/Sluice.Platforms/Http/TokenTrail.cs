using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Sluice.Platforms.Http;

/// <summary>
/// Follows a listing's paging tokens and sees to it that the listing ends: what answers may be no platform, or out of order, and go on
/// for ever.
/// </summary>
/// <param name="mostPages">How many pages one listing may have, restarts included.</param>
public sealed class TokenTrail(int mostPages)
{
    private const int Remembered = 4096;

    // Digests, for a token can be long. A circle that is larger than the memory ends with the pages.
    private readonly HashSet<ulong> _sent = [];
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
        if (sent is null || _sent.Count == Remembered) _sent.Clear();
        if (next is null) return null;
        if (sent is not null) _sent.Add(Digest(sent));
        if (_sent.Contains(Digest(next))) throw Endless("names the same page again as the next one");
        return _pages < mostPages ? next : throw Endless($"has more than {mostPages} pages");
    }

    private static ulong Digest(string token) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(token.AsSpan()));

    private static PlatformException Endless(string words) =>
        new(PlatformFailure.Refused, $"A listing {words}, so it was not read to its end; is the endpoint the right one?");
}
