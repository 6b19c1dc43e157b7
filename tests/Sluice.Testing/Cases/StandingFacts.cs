using System.Text.Json.Nodes;
using Sluice.Core.Connections;
using Sluice.Core.Planning;

namespace Sluice.Testing.Cases;

/// <summary>What a mode that takes nothing back has to leave as it was.</summary>
public static class StandingFacts
{
    /// <summary>What of it is gone or is otherwise, for people.</summary>
    public static IReadOnlyList<string> LostOf(IReadOnlyList<ObservedFact> before, IReadOnlyList<ObservedFact> after, EnforcementMode mode)
    {
        var found = after.ToDictionary(static f => f.Key, static f => f.Definition);
        return
        [
            .. before
                .Where(f => (f.Owner == FactOwner.Registered || mode == EnforcementMode.CreateOnly) && !Stands(f, found.GetValueOrDefault(f.Key)))
                .Select(f => $"{f.Key} of {f.Owner} was {f.Definition} and is {found.GetValueOrDefault(f.Key, "no more")}"),
        ];
    }

    // Of people, what only new rules ask is told beside what is known.
    private static bool Stands(ObservedFact fact, string? now)
    {
        if (now is null || fact.Key.Kind != FactKind.Entitlement) return now == fact.Definition;
        var (was, known) = (JsonNode.Parse(fact.Definition)!.AsObject(), JsonNode.Parse(now)!.AsObject());
        return was.All(member => known[member.Key] is { } standing && (member.Key is "groups" or "attributes"
            ? member.Value!.AsObject().All(thing => JsonNode.DeepEquals(thing.Value, standing[thing.Key]))
            : JsonNode.DeepEquals(member.Value, standing)));
    }
}
