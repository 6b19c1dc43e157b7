using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Tests.Policies.Predicates;

/// <summary>Parses as tests do it.</summary>
internal static class Parsed
{
    internal static Predicate Of(string text, PredicateScope scope = PredicateScope.Row)
    {
        var predicate = PredicateParser.Parse(text, scope, out var problems);
        problems.ShouldBeEmpty(text);
        return predicate.ShouldNotBeNull(text);
    }

    /// <summary>The problems, each as <c>line:column message</c>.</summary>
    internal static string[] Problems(string text, PredicateScope scope = PredicateScope.Row)
    {
        PredicateParser.Parse(text, scope, out var problems).ShouldBeNull(text);
        problems.ShouldNotBeEmpty(text);
        return [.. problems.Select(p => $"{p.Line}:{p.Column} {p.Message}")];
    }
}
