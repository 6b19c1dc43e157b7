namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>The order in which Snowflake sorts texts: by their bytes in UTF-8, which is by code points.</summary>
internal sealed class Utf8Order : IComparer<string>
{
    public static readonly Utf8Order Instance = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var (a, b) = (x ?? "", y ?? "");
        var length = Math.Min(a.Length, b.Length);
        for (var i = 0; i < length; i++)
        {
            if (a[i] == b[i]) continue;

            // A surrogate stands for a code point above all that need none.
            var isHigh = char.IsSurrogate(a[i]);
            return isHigh == char.IsSurrogate(b[i]) ? a[i].CompareTo(b[i]) : isHigh ? 1 : -1;
        }

        return a.Length.CompareTo(b.Length);
    }
}
