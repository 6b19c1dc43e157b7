using System.Text.RegularExpressions;
using static Sluice.Core.Policies.Documents.PolicySpelling;

namespace Sluice.Core.Policies.Documents;

/// <summary>Reads what selects columns: tags, expressions, names.</summary>
internal static class SelectorReader
{
    public static ColumnSelector? Read(MappingReader reader)
    {
        var type = reader.RequiredChoice("type", Selectors);
        ColumnSelector? selector = type switch
        {
            SelectorType.ColumnTags => Tag(reader, "columnTag") is { } tag ? new ColumnSelector.Tagged(tag) : null,
            SelectorType.ColumnRegex => Regex(reader) is { } regex ? new ColumnSelector.Matching(regex.Pattern, regex.IgnoresCase) : null,
            SelectorType.Column => reader.RequiredText("column", PolicyLimits.Word) is { } name ? new ColumnSelector.Named(name) : null,
            _ => null,
        };
        if (type is not null) reader.RejectUnread();
        return selector;
    }

    public static ColumnSelector? Read(MappingReader reader, string name) =>
        reader.Required(name) is { } node ? Read(new MappingReader(node, reader.PathOf(name), reader.Problems)) : null;

    public static string? Tag(MappingReader reader, string name)
    {
        var tag = reader.RequiredText(name, PolicyLimits.Word);
        if (tag is null || tag.Split('.').All(part => part.Length > 0)) return tag;
        reader.Reject(name, "has an empty part: a tag is names joined by single dots, as in PII.Email");
        return null;
    }

    /// <summary>An expression that column names are searched with: any that the non-backtracking engine takes.</summary>
    public static (string Pattern, bool IgnoresCase)? Regex(MappingReader reader)
    {
        var pattern = reader.RequiredText("regex", PolicyLimits.Regex);
        var ignoresCase = reader.OptionalBoolean("caseInsensitive", otherwise: false);
        if (pattern is null) return null;
        if (Problem(pattern) is not { } problem) return (pattern, ignoresCase);
        reader.Reject("regex", problem);
        return null;
    }

    private static string? Problem(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1));
            return null;
        }
        catch (RegexParseException e)
        {
            return $"is not a regular expression: {Words(e.Error)} at character {e.Offset + 1}";
        }
        catch (NotSupportedException)
        {
            return "can't be matched without backtracking: leave out look-around, backreferences, atomic groups and conditions, and repeat less";
        }
    }

    private static string Words(RegexParseError error) =>
        string.Concat(error.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
