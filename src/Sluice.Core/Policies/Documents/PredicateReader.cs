using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Policies.Documents;

/// <summary>Reads predicates, and shows their problems where they stand in the document.</summary>
internal static class PredicateReader
{
    public static Predicate? Required(MappingReader reader, string name, PredicateScope scope) =>
        reader.Required(name) is null ? null : Optional(reader, name, scope);

    /// <summary>The predicate; null when absent or after a problem.</summary>
    public static Predicate? Optional(MappingReader reader, string name, PredicateScope scope)
    {
        if (reader.Optional(name) is not { } node || reader.TextOf(node, reader.PathOf(name), PolicyLimits.Predicate) is not { } text) return null;
        var scalar = (DocumentNode.Scalar)node;
        var predicate = PredicateParser.Parse(text, scope, out var problems);
        foreach (var problem in problems)
        {
            if (scalar.TextColumn is { } start && problem.Line == 1) reader.Problems.Add(reader.PathOf(name), scalar.Line, start + problem.Column - 1, problem.Message);
            else reader.Reject(name, $"{problem.Message} (line {problem.Line}, column {problem.Column} of the predicate)");
        }

        if (predicate is null && problems.Count == 0) reader.Reject(name, "is not a predicate");
        return predicate;
    }
}
