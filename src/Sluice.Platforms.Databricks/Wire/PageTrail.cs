using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>
/// Follows a listing's paging tokens and sees to it that the listing ends: what answers could be no workspace, or out of order, and go on for
/// ever with empty pages.
/// </summary>
/// <param name="mostPages">How many pages one listing may have.</param>
internal sealed class PageTrail(int mostPages)
{
    private const int Remembered = 4096;

    // Digests, for a token can be long. A circle that is larger than the memory ends with the pages.
    private readonly HashSet<ulong> _sent = [];
    private int _pages;

    /// <summary>Takes note of a page.</summary>
    /// <param name="next">The token that it names for the next one; null after the last.</param>
    /// <returns><paramref name="next"/>.</returns>
    /// <exception cref="PlatformException">The listing would not end.</exception>
    public string? Follow(string? next)
    {
        if (next is null) return null;
        if (_sent.Count == Remembered) _sent.Clear();
        if (!_sent.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(next.AsSpan())))) throw Endless("names the same page again as the next one");
        return ++_pages < mostPages ? next : throw Endless($"has more than {mostPages} pages");
    }

    private static PlatformException Endless(string words) =>
        new(PlatformFailure.Refused, $"A listing {words}, so it was not read to its end; is the host a Databricks workspace?");
}
