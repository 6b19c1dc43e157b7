using System.Buffers;
using System.Text;

namespace Sluice.Platforms.Databricks.Crawling;

/// <summary>The order in which Databricks sorts names (collation UTF8_BINARY).</summary>
internal sealed class NameOrder : IComparer<string>
{
    public static readonly NameOrder Instance = new();

    private static readonly SearchValues<char> Surrogates = SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(c => (char)c)]);

    // UTF-8 sorts as code points do; UTF-16 does too but for surrogates, which stand below U+E000.
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null) return string.CompareOrdinal(x, y);
        if (!x.AsSpan().ContainsAny(Surrogates) && !y.AsSpan().ContainsAny(Surrogates)) return string.CompareOrdinal(x, y);
        return Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y));
    }
}
