namespace Sluice.Core.Planning;

/// <summary>A text without what dialects double, escape or put between, in which names are looked for.</summary>
internal sealed class FoldedText(string text)
{
    private readonly string _folded = Fold(text);

    /// <summary>Whether a name may stand in it. How a dialect writes one with a backslash or a control character can't be told.</summary>
    public bool MayMention(string name) =>
        Fold(name) is var folded && (folded.Length == 0 || name.Any(static c => char.IsControl(c) || c == '\\') || _folded.Contains(folded, StringComparison.Ordinal));

    private static string Fold(string text) => string.Concat(text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));
}
