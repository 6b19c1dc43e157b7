using System.Text;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>Writes predicates so that two have one text only if they are the same. Audience ids are digests of it: never change a spelling.</summary>
internal static class RuleText
{
    public static string Of(Predicate predicate)
    {
        var text = new StringBuilder();
        Write(text, predicate);
        return text.ToString();
    }

    public static string Of(Operand operand)
    {
        var text = new StringBuilder();
        Write(text, operand);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Predicate predicate)
    {
        switch (predicate)
        {
            case Predicate.Constant constant:
                text.Append(constant.Value ? "everybody" : "nobody");
                break;
            case Predicate.All all:
                Nested(text, "all", all.Terms, Write);
                break;
            case Predicate.Any any:
                Nested(text, "any", any.Terms, Write);
                break;
            case Predicate.Not not:
                Nested(text, "not", [not.Term], Write);
                break;
            case Predicate.InGroups groups:
                Nested(text, "group", groups.Groups, Quote);
                break;
            case Predicate.HasAttribute attribute:
                Nested(text, "attribute", [attribute.Name, attribute.Value], Quote);
                break;
            case Predicate.IsSubscribed subscribed:
                text.Append("subscribed(").Append(subscribed.Kind.ToString()).Append(')');
                break;
            case Predicate.TagIsAttribute tag:
                text.Append("tagAttribute(").Append(tag.Place.ToString()).Append(',');
                Quote(text, tag.Name);
                text.Append(')');
                break;
            case Predicate.TagIsGroup tag:
                text.Append("tagGroup(").Append(tag.Place.ToString()).Append(')');
                break;
            default:
                WriteComparison(text, predicate);
                break;
        }
    }

    private static void WriteComparison(StringBuilder text, Predicate predicate)
    {
        switch (predicate)
        {
            case Predicate.Comparison comparison:
                text.Append("compare(").Append(comparison.Operator.ToString()).Append(',');
                Nested(text, "", [comparison.Left, comparison.Right], Write);
                text.Append(')');
                break;
            case Predicate.In among:
                Nested(text, "in", [among.Value, .. among.Items], Write);
                break;
            case Predicate.Between between:
                Nested(text, "between", [between.Value, between.Low, between.High], Write);
                break;
            case Predicate.Like like:
                text.Append("like(");
                Quote(text, like.Pattern);
                text.Append(',');
                Write(text, like.Value);
                text.Append(')');
                break;
            case Predicate.IsNull isNull:
                Nested(text, "null", [isNull.Value], Write);
                break;
            case Predicate.AttributeContains contains:
                text.Append("attributeContains(");
                Quote(text, contains.Name);
                text.Append(',');
                Write(text, contains.Value);
                text.Append(')');
                break;
            case Predicate.GroupsContain contain:
                Nested(text, "groupsContain", [contain.Value], Write);
                break;
            case Predicate.IsNewerThan newer:
                text.Append("newer(").Append(newer.Age.Ticks).Append(',');
                Write(text, newer.Value);
                text.Append(')');
                break;
            case Predicate.IsInShare share:
                text.Append("share(").Append(share.Percent).Append(',');
                Write(text, share.Value);
                text.Append(')');
                break;
            default:
                throw new NotSupportedException($"A {predicate.GetType().Name} has no canonical text; give it one in {nameof(RuleText)}.");
        }
    }

    private static void Write(StringBuilder text, Operand operand)
    {
        switch (operand)
        {
            case Operand.Text literal:
                Quote(text, literal.Value);
                break;
            case Operand.Number number:
                // Divided so, 1.0 and 1.00 are one number with one text.
                text.Append((number.Value / 1.0000000000000000000000000000m).ToString());
                break;
            case Operand.Boolean boolean:
                text.Append(boolean.Value ? "true" : "false");
                break;
            case Operand.Null:
                text.Append("null");
                break;
            case Operand.Column column:
                Nested(text, "column", [column.Name], Quote);
                break;
            case Operand.TaggedColumn column:
                Nested(text, "tagged", [column.Tag], Quote);
                break;
            case Operand.Property property:
                text.Append('@').Append(property.Kind.ToString());
                break;
            case Operand.Call call:
                Nested(text, call.Function.ToString(), call.Arguments, Write);
                break;
            default:
                throw new NotSupportedException($"A {operand.GetType().Name} has no canonical text; give it one in {nameof(RuleText)}.");
        }
    }

    private static void Nested<T>(StringBuilder text, string name, IReadOnlyList<T> parts, Action<StringBuilder, T> write)
    {
        text.Append(name).Append('(');
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0) text.Append(',');
            write(text, parts[i]);
        }

        text.Append(')');
    }

    // A lone surrogate is escaped, because UTF-8 has no bytes for it and would make one of two names.
    private static void Quote(StringBuilder text, string name)
    {
        text.Append('\'');
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (c is '\'' or '\\') text.Append('\\').Append(c);
            else if (char.IsHighSurrogate(c) && i + 1 < name.Length && char.IsLowSurrogate(name[i + 1])) text.Append(c).Append(name[++i]);
            else if (char.IsSurrogate(c)) text.Append("\\u").Append(((int)c).ToString("x4"));
            else text.Append(c);
        }

        text.Append('\'');
    }
}
