namespace Sluice.Core.Policies.Predicates;

/// <summary>What the parser has read: a condition, a value, or neither when its problem has been told.</summary>
internal readonly record struct Node(int At, Predicate? Condition, Operand? Value)
{
    internal static Node Of(int at, Predicate condition) => new(at, condition, null);

    internal static Node Of(int at, Operand value) => new(at, null, value);

    internal static Node Broken(int at) => new(at, null, null);
}
