namespace Sluice.Core.Policies.Predicates;

/// <summary>What operands are in a row.</summary>
/// <param name="row">The row.</param>
/// <param name="bindings">Which column stands for each tag that the predicate names.</param>
internal sealed class ValueReader(PredicateRow row, IReadOnlyDictionary<string, string> bindings)
{
    /// <summary>What can't be told: a missing column, or a function of a value of another type. Unlike NULL it is not even known to be NULL.</summary>
    internal static readonly object Unknown = new();

    /// <summary>A value of the language, null for NULL, or <see cref="Unknown"/>.</summary>
    internal object? Of(Operand operand) => operand switch
    {
        Operand.Text text => text.Value,
        Operand.Number number => number.Value,
        Operand.Boolean boolean => boolean.Value,
        Operand.Null => null,
        Operand.Column column => Column(column.Name),
        Operand.TaggedColumn tagged => bindings.TryGetValue(tagged.Tag, out var column) ? Column(column) : Unknown,
        Operand.Property property => Property(property.Kind),
        Operand.Call { Function: ScalarFunction.Coalesce } call => Coalesce(call.Arguments),
        Operand.Call { Arguments: [var argument] } call => Scalar(call.Function, Of(argument)),
        _ => Unknown,
    };

    private object? Column(string name) => !row.Columns.TryGetValue(name, out var value) ? Unknown : value switch
    {
        null or string or decimal or bool or DateOnly or DateTime => value,
        _ => Unknown,
    };

    private string? Property(PropertyKind kind) => kind switch
    {
        PropertyKind.Username => row.Person.Username,
        PropertyKind.Iam => row.Person.Source,
        PropertyKind.Hostname => row.Hostname,
        PropertyKind.Database => row.Database,
        PropertyKind.Schema => row.Schema,
        _ => row.Table,
    };

    private object? Coalesce(ValueList<Operand> arguments)
    {
        foreach (var argument in arguments)
            if (Of(argument) is { } value) return value;
        return null;
    }

    private static object? Scalar(ScalarFunction function, object? argument) => (function, argument) switch
    {
        (_, null) => null,
        (ScalarFunction.Lower, string text) => text.ToLowerInvariant(),
        (ScalarFunction.Upper, string text) => text.ToUpperInvariant(),
        (ScalarFunction.Trim, string text) => text.Trim(' '),
        (ScalarFunction.Length, string text) => (decimal)text.EnumerateRunes().Count(),
        (ScalarFunction.Abs, decimal number) => Math.Abs(number),
        _ => Unknown,
    };
}
