namespace Sluice.Core.Tags;

/// <summary>Dotted, hierarchical tags: <c>PII.Email</c> lies below <c>PII</c>. Compared exactly.</summary>
public static class TagName
{
    /// <summary>The longest name, in UTF-16 code units.</summary>
    public const int MaxLength = 255;

    /// <summary>Whether a tag is another or lies below it.</summary>
    public static bool IsAtOrBelow(string tag, string above) =>
        tag.StartsWith(above, StringComparison.Ordinal) && (tag.Length == above.Length || tag[above.Length] == '.');

    /// <summary>What keeps a text from being a tag's name; null when nothing does.</summary>
    public static string? Problem(string name)
    {
        if (name.Length > MaxLength) return $"must be at most {MaxLength} characters";
        if (name.Any(static c => char.IsControl(c) || char.IsSurrogate(c))) return "must not hold control characters or characters beyond the basic plane";
        return name.Split('.').Any(static part => part.Length == 0 || part.Trim() != part)
            ? "must be parts joined by single dots, none of them empty or with spaces around it"
            : null;
    }
}
