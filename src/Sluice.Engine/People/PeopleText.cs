using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Core.Payloads;

namespace Sluice.Engine.People;

/// <summary>What names and values of people may be.</summary>
internal static partial class PeopleText
{
    public const int LongestUsername = 255;
    public const int LongestGroup = 255;
    public const int LongestAttribute = 100;
    public const int LongestValue = 400;

    // An AWS role's ARN: 512 characters of path, 64 of name.
    public const int LongestIdentity = 700;
    private const int LongestSource = 100;
    private const int LongestEmail = 254;
    private const int MaxShown = 64;

    private static readonly SearchValues<char> SourceCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>What is wrong with a text; null: nothing. It is shown to people, and what has a space around it would look like another.</summary>
    public static string? Fault(string text, int longest)
    {
        if (text.Length == 0 || text.Length > longest) return $"must have 1 to {longest} characters";
        if (text.Trim() != text) return "must not begin or end with white space";
        return text.EnumerateRunes().Any(r => System.Text.Rune.IsControl(r) || r == System.Text.Rune.ReplacementChar) ? "must not hold control characters" : null;
    }

    public static string? UsernameFault(string text) =>
        Fault(text, LongestUsername) ?? (Guid.TryParse(text, out _) ? "must not be a UUID: it could be another user's id" : null);

    /// <summary>A colon stands between a source and a name.</summary>
    public static string? LocalNameFault(string text, int longest) =>
        Fault(text, longest) ?? (text.Contains(':', StringComparison.Ordinal) ? "must not hold ':', which stands between a source and a name"
            : Guid.TryParse(text, out _) ? "must not be a UUID: it could be another one's id" : null);

    public static string? SourceFault(string text) =>
        text.Length is 0 or > LongestSource || text.AsSpan().ContainsAnyExcept(SourceCharacters)
            ? $"must be the name of an identity provider: at most {LongestSource} ASCII letters, digits, '.', '_', '-'" : null;

    public static string? EmailFault(string text) =>
        Fault(text, LongestEmail) ?? (text.IndexOf('@', StringComparison.Ordinal) is var at && at > 0 && at < text.Length - 1 ? null : "must be an e-mail address");

    /// <summary>An optional text, checked.</summary>
    public static string? Optional(PayloadObject payload, string name, Func<string, string?> fault) => Checked(payload, name, payload.OptionalString(name), fault);

    /// <summary>A required text, checked.</summary>
    public static string? Required(PayloadObject payload, string name, Func<string, string?> fault) => Checked(payload, name, payload.RequiredString(name), fault);

    /// <summary>An optional moment that is to come or not.</summary>
    public static DateTimeOffset? Moment(PayloadObject payload, string name)
    {
        if (payload.OptionalString(name) is not { } text) return null;
        if (Rfc3339().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var at)) return at;
        payload.Reject(name, "must be a time with its zone, such as 2030-01-31T00:00:00Z");
        return null;
    }

    public static string Shown(string text) => text.Length <= MaxShown ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[MaxShown - 1]) ? MaxShown - 1 : MaxShown), "…");

    private static string? Checked(PayloadObject payload, string name, string? text, Func<string, string?> fault)
    {
        if (text is null || fault(text) is not { } wrong) return text;
        payload.Reject(name, wrong);
        return null;
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,7})?(Z|[+-]\d{2}:\d{2})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Rfc3339();
}
