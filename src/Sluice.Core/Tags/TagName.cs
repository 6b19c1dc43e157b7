namespace Sluice.Core.Tags;

/// <summary>Dotted, hierarchical tags: <c>PII.Email</c> lies below <c>PII</c>. Compared exactly.</summary>
public static class TagName
{
    /// <summary>Whether a tag is another or lies below it.</summary>
    public static bool IsAtOrBelow(string tag, string above) =>
        tag.StartsWith(above, StringComparison.Ordinal) && (tag.Length == above.Length || tag[above.Length] == '.');
}
