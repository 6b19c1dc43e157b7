using System.Collections.Frozen;
using System.Globalization;

namespace Sluice.Core.Policies.Predicates;

/// <summary>The words of the language and how values are spelled in it.</summary>
internal static class Vocabulary
{
    internal static readonly FrozenSet<string> Keywords =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "IS", "NULL", "TRUE", "FALSE");

    internal static readonly FrozenDictionary<string, ComparisonOperator> Comparisons = new Dictionary<string, ComparisonOperator>
    {
        ["="] = ComparisonOperator.Equal,
        ["<>"] = ComparisonOperator.NotEqual,
        ["<"] = ComparisonOperator.Less,
        ["<="] = ComparisonOperator.LessOrEqual,
        [">"] = ComparisonOperator.Greater,
        [">="] = ComparisonOperator.GreaterOrEqual,
    }.ToFrozenDictionary();

    internal static readonly FrozenDictionary<string, ScalarFunction> Scalars =
        Enum.GetValues<ScalarFunction>().ToFrozenDictionary(Of, StringComparer.OrdinalIgnoreCase);

    internal static readonly FrozenDictionary<string, PropertyKind> Properties =
        Enum.GetValues<PropertyKind>().ToFrozenDictionary(Of, StringComparer.OrdinalIgnoreCase);

    internal static readonly FrozenDictionary<string, TagPlace> Places = new Dictionary<string, TagPlace>
    {
        ["dataSource"] = TagPlace.DataSource,
        ["column"] = TagPlace.Column,
    }.ToFrozenDictionary();

    internal static string Of(ComparisonOperator comparison) => comparison switch
    {
        ComparisonOperator.Equal => "=",
        ComparisonOperator.NotEqual => "<>",
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Greater => ">",
        _ => ">=",
    };

    internal static string Of(ScalarFunction function) => function.ToString().ToUpperInvariant();

    internal static string Of(PropertyKind property) => property.ToString().ToLowerInvariant();

    internal static string Of(TagPlace place) => place == TagPlace.Column ? "column" : "dataSource";

    /// <summary>Without an exponent, and without zeros that say nothing.</summary>
    internal static string Of(decimal number)
    {
        if (number == 0) return "0";
        var text = number.ToString(CultureInfo.InvariantCulture);
        return text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    internal static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    internal static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    /// <summary>Whether a column's name means the column without quotes around it.</summary>
    internal static bool IsBareName(string name) =>
        name.Length > 0 && IsNameStart(name[0]) && name.All(IsNamePart) && !Keywords.Contains(name);
}
