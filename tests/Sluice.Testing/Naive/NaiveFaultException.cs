namespace Sluice.Testing.Naive;

/// <summary>A predicate can't be evaluated: values that can't be compared, a name that isn't there. It counts as nothing that would give anybody anything.</summary>
public sealed class NaiveFaultException(string message) : Exception(message);
