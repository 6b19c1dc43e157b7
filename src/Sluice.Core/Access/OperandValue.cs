using System.Text;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>Values of operands that name no column: a <see cref="string"/>, <see cref="decimal"/> or <see cref="bool"/>; null for NULL and for an error.</summary>
internal static class OperandValue
{
    public static bool IsLiteral(Operand operand) => operand is Operand.Text or Operand.Number or Operand.Boolean or Operand.Null;

    /// <summary>Whether the value depends on the person alone.</summary>
    public static bool IsDecidable(Operand operand) => operand switch
    {
        Operand.Property property => property.Kind is PropertyKind.Username or PropertyKind.Iam,
        Operand.Call call => call.Arguments.All(IsDecidable),
        _ => IsLiteral(operand),
    };

    public static bool NamesPerson(Operand operand) => operand switch
    {
        Operand.Property => true,
        Operand.Call call => call.Arguments.Any(NamesPerson),
        _ => false,
    };

    /// <summary>Calls of literals become literals.</summary>
    public static Operand Fold(Operand operand)
    {
        if (operand is not Operand.Call call) return operand;
        var arguments = call.Arguments.Select(Fold).ToValueList();
        var folded = new Operand.Call(call.Function, arguments);
        return arguments.All(IsLiteral) ? Literal(Of(folded, null)) : folded;
    }

    /// <summary>As <see cref="Fold"/>, a literal becoming the text it is compared by.</summary>
    public static Operand FoldToText(Operand operand) => Fold(operand) is var folded && IsLiteral(folded) ? Literal(TextOf(Of(folded, null))) : folded;

    public static object? Of(Operand operand, Person? person) => operand switch
    {
        Operand.Text text => text.Value,
        Operand.Number number => number.Value,
        Operand.Boolean boolean => boolean.Value,
        Operand.Property { Kind: PropertyKind.Username } => person?.Username,
        Operand.Property { Kind: PropertyKind.Iam } => person?.Source,
        Operand.Call call => OfCall(call, person),
        _ => null,
    };

    public static string? TextOf(object? value) => value switch
    {
        string text => text,
        decimal number => (number / 1.0000000000000000000000000000m).ToString(),
        bool boolean => boolean ? "true" : "false",
        _ => null,
    };

    /// <summary>How two values compare; null where one is NULL or they are of different kinds.</summary>
    public static int? Compare(object? left, object? right) => (left, right) switch
    {
        (string l, string r) => string.CompareOrdinal(l, r),
        (decimal l, decimal r) => l.CompareTo(r),
        (bool l, bool r) => l.CompareTo(r),
        _ => null,
    };

    private static object? OfCall(Operand.Call call, Person? person)
    {
        if (call.Function == ScalarFunction.Coalesce) return call.Arguments.Select(a => Of(a, person)).FirstOrDefault(static v => v is not null);
        var argument = call.Arguments.Count == 1 ? Of(call.Arguments[0], person) : null;
        return (call.Function, argument) switch
        {
            (ScalarFunction.Lower, string text) => text.ToLowerInvariant(),
            (ScalarFunction.Upper, string text) => text.ToUpperInvariant(),
            (ScalarFunction.Trim, string text) => text.Trim(' '),
            (ScalarFunction.Length, string text) => (decimal)text.EnumerateRunes().Count(),
            (ScalarFunction.Abs, decimal number) => Math.Abs(number),
            _ => null,
        };
    }

    private static Operand Literal(object? value) => value switch
    {
        string text => new Operand.Text(text),
        decimal number => new Operand.Number(number),
        bool boolean => new Operand.Boolean(boolean),
        _ => new Operand.Null(),
    };

    /// <summary>Whether a text is like a pattern of <c>%</c> and <c>_</c>, by characters (not UTF-16 units).</summary>
    public static bool IsLike(string text, string pattern)
    {
        Rune[] from = [.. text.EnumerateRunes()], like = [.. pattern.EnumerateRunes()];
        int t = 0, p = 0, lastAny = -1, resume = 0;
        while (t < from.Length)
        {
            if (p < like.Length && like[p].Value == '%')
            {
                lastAny = p++;
                resume = t;
            }
            else if (p < like.Length && (like[p].Value == '_' || like[p] == from[t]))
            {
                p++;
                t++;
            }
            else if (lastAny >= 0)
            {
                p = lastAny + 1;
                t = ++resume;
            }
            else return false;
        }

        while (p < like.Length && like[p].Value == '%') p++;
        return p == like.Length;
    }
}
