using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Core.Planning;

/// <summary>Something that can be known of a person.</summary>
/// <param name="Of">The member of the text that it stands in: <c>groups</c> or <c>attributes</c>; empty where it is such a member itself.</param>
/// <param name="Name">Its name there.</param>
internal readonly record struct KnownThing(string Of, string Name);

/// <summary>What is known of a person (<see cref="FactKind.Entitlement"/>), thing by thing.</summary>
internal static class KnownThings
{
    private static readonly JsonSerializerOptions Legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The things of a text, each with its value; null where the text is none of ours.</summary>
    public static IReadOnlyDictionary<KnownThing, string>? Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            var things = new Dictionary<KnownThing, string>();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.Name is not ("groups" or "attributes")) things[new KnownThing("", member.Name)] = member.Value.GetRawText();
                else foreach (var thing in member.Value.EnumerateObject()) things[new KnownThing(member.Name, thing.Name)] = thing.Value.GetRawText();
            }

            return things;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The text of things, whose members are sorted.</summary>
    public static string Print(IEnumerable<KeyValuePair<KnownThing, string>> things)
    {
        var members = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (thing, value) in things.OrderBy(static t => t.Key.Name, StringComparer.Ordinal))
        {
            if (thing.Of.Length == 0) members[thing.Name] = JsonNode.Parse(value);
            else if (members.TryGetValue(thing.Of, out var known)) known!.AsObject().Add(thing.Name, JsonNode.Parse(value));
            else members[thing.Of] = new JsonObject { [thing.Name] = JsonNode.Parse(value) };
        }

        return new JsonObject(members).ToJsonString(Legible);
    }
}
