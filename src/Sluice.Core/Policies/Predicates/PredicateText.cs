using System.Text;
using System.Xml;

namespace Sluice.Core.Policies.Predicates;

/// <summary>
/// The canonical spelling of predicates: what <see cref="PredicateParser"/> reads becomes the same predicate again. What is not part of the language
/// stands in angle brackets, which the parser refuses.
/// </summary>
public static class PredicateText
{
    private const int Or = 1, And = 2, Not = 3, Leaf = 4;

    /// <summary>A predicate.</summary>
    public static string Of(Predicate predicate)
    {
        var text = new StringBuilder();
        Write(text, predicate, Or);
        return text.ToString();
    }

    /// <summary>A value.</summary>
    public static string Of(Operand operand) => operand switch
    {
        Operand.Text text => Quoted(text.Value),
        Operand.Number number => Vocabulary.Of(number.Value),
        Operand.Boolean boolean => boolean.Value ? "TRUE" : "FALSE",
        Operand.Null => "NULL",
        Operand.Column column when Vocabulary.IsBareName(column.Name) => column.Name,
        Operand.Column column => $"\"{column.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        Operand.TaggedColumn tagged => $"@columnTagged({Quoted(tagged.Tag)})",
        Operand.Property property => "@" + Vocabulary.Of(property.Kind),
        Operand.Call call => $"{Vocabulary.Of(call.Function)}({Listed(call.Arguments)})",
        _ => throw new ArgumentOutOfRangeException(nameof(operand), operand, "Not an operand of the language."),
    };

    private static void Write(StringBuilder text, Predicate predicate, int weakest)
    {
        if (Power(predicate) < weakest)
        {
            text.Append('(');
            Write(text, predicate, Or);
            text.Append(')');
            return;
        }

        switch (predicate)
        {
            case Predicate.All { Terms: var terms }:
                Join(text, terms, " AND ", "TRUE", terms.Count == 1 ? weakest : Not);
                break;
            case Predicate.Any { Terms: var terms }:
                Join(text, terms, " OR ", "FALSE", terms.Count == 1 ? weakest : And);
                break;
            case Predicate.Not { Term: var term } when !HasNegatedForm(term):
                text.Append("NOT ");
                Write(text, term, Not);
                break;
            case Predicate.Not { Term: var term }:
                text.Append(Spelled(term, "NOT "));
                break;
            default:
                text.Append(Spelled(predicate, ""));
                break;
        }
    }

    private static void Join(StringBuilder text, ValueList<Predicate> terms, string word, string ofNone, int weakest)
    {
        if (terms.Count == 0) text.Append(ofNone);
        for (var i = 0; i < terms.Count; i++)
        {
            if (i > 0) text.Append(word);
            Write(text, terms[i], weakest);
        }
    }

    private static int Power(Predicate predicate) => predicate switch
    {
        Predicate.All { Terms: { Count: 1 } terms } => Power(terms[0]),
        Predicate.Any { Terms: { Count: 1 } terms } => Power(terms[0]),
        Predicate.All { Terms.Count: > 1 } => And,
        Predicate.Any { Terms.Count: > 1 } => Or,
        Predicate.Not { Term: var term } when !HasNegatedForm(term) => Not,
        _ => Leaf,
    };

    private static bool HasNegatedForm(Predicate predicate) =>
        predicate is Predicate.In or Predicate.Like or Predicate.Between or Predicate.IsNull;

    private static string Spelled(Predicate leaf, string not) => leaf switch
    {
        Predicate.Constant constant => constant.Value ? "TRUE" : "FALSE",
        Predicate.Comparison c => $"{Of(c.Left)} {Vocabulary.Of(c.Operator)} {Of(c.Right)}",
        Predicate.In p => $"{Of(p.Value)} {not}IN ({Listed(p.Items)})",
        Predicate.Like p => $"{Of(p.Value)} {not}LIKE {Quoted(p.Pattern)}",
        Predicate.Between p => $"{Of(p.Value)} {not}BETWEEN {Of(p.Low)} AND {Of(p.High)}",
        Predicate.IsNull p => $"{Of(p.Value)} IS {not}NULL",
        Predicate.InGroups p => $"@isInGroups({string.Join(", ", p.Groups.Select(Quoted))})",
        Predicate.HasAttribute p => $"@hasAttribute({Quoted(p.Name)}, {Quoted(p.Value)})",
        Predicate.AttributeContains p => $"@attributeValuesContains({Quoted(p.Name)}, {Of(p.Value)})",
        Predicate.GroupsContain p => $"@groupsContains({Of(p.Value)})",
        Predicate.TagIsAttribute p => $"@hasTagAsAttribute({Quoted(p.Name)}, '{Vocabulary.Of(p.Place)}')",
        Predicate.TagIsGroup p => $"@hasTagAsGroup('{Vocabulary.Of(p.Place)}')",
        Predicate.IsSubscribed p => $"<subscribed: {p.Kind.ToString().ToLowerInvariant()}>",
        Predicate.IsNewerThan p => $"<{Of(p.Value)} is newer than {XmlConvert.ToString(p.Age)}>",
        Predicate.IsInShare p => $"<{p.Percent} % by {Of(p.Value)}>",
        _ => throw new ArgumentOutOfRangeException(nameof(leaf), leaf, "Not a predicate of the language."),
    };

    private static string Listed(ValueList<Operand> operands) => string.Join(", ", operands.Select(Of));

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
