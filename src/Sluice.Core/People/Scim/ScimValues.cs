using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Core.People.Scim;

/// <summary>The values of resources.</summary>
public static class ScimValues
{
    private static readonly string[] CaseExact = ["id", "externalId", "value", "$ref", ScimAttribute.Extension];

    /// <summary>The values of an attribute: those of a list one by one, those that are objects by themselves or by the attribute within.</summary>
    public static IEnumerable<JsonNode> Of(JsonNode? resource, ScimAttribute attribute)
    {
        var found = Each(Member(resource, attribute.Name));
        return attribute.Sub is { } sub ? found.SelectMany(f => Each(Member(f, sub))) : found;
    }

    /// <summary>A member of an object, ignoring the case of its name.</summary>
    public static JsonNode? Member(JsonNode? node, string name) => node is JsonObject members && NameIn(members, name) is { } found ? members[found] : null;

    /// <summary>The name under which an object has a member; null: it has none.</summary>
    public static string? NameIn(JsonObject members, string name) =>
        members.ContainsKey(name) ? name : members.Select(m => m.Key).FirstOrDefault(k => k.Equals(name, StringComparison.OrdinalIgnoreCase));

    internal static bool Compare(IEnumerable<JsonNode> values, ScimFilter.Comparison comparison)
    {
        // A list of objects is compared by what they are mainly about.
        var plain = values.Select(v => v is JsonObject ? Member(v, "value") : v).OfType<JsonValue>().ToList();
        if (comparison.Value == "null") return comparison.Operator switch { ScimOperator.Eq => plain.Count == 0, ScimOperator.Ne => plain.Count > 0, _ => false };
        var wanted = JsonNode.Parse(comparison.Value)!.AsValue();
        var exact = CaseExact.Contains(comparison.Attribute.Sub ?? comparison.Attribute.Name, StringComparer.OrdinalIgnoreCase)
            || comparison.Attribute.Name.Equals(ScimAttribute.Extension, StringComparison.OrdinalIgnoreCase);
        // What has no value is not equal to any.
        if (comparison.Operator == ScimOperator.Ne) return !plain.Exists(v => Holds(v, ScimOperator.Eq, wanted, exact));
        return plain.Exists(v => Holds(v, comparison.Operator, wanted, exact));
    }

    private static bool Holds(JsonValue value, ScimOperator op, JsonValue wanted, bool exact)
    {
        if (value.GetValueKind() != wanted.GetValueKind())
            return IsBoolean(value) && IsBoolean(wanted) && op == ScimOperator.Eq && value.GetValue<bool>() == wanted.GetValue<bool>();
        return value.GetValueKind() switch
        {
            JsonValueKind.String => HoldsText(Text(value), op, Text(wanted), exact),
            JsonValueKind.Number => Number(value) is { } a && Number(wanted) is { } b && HoldsOrder(op, a.CompareTo(b)),
            _ => op == ScimOperator.Eq,
        };
    }

    private static bool HoldsText(string value, ScimOperator op, string wanted, bool exact)
    {
        var by = exact ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        return op switch
        {
            ScimOperator.Co => value.Contains(wanted, by),
            ScimOperator.Sw => value.StartsWith(wanted, by),
            ScimOperator.Ew => value.EndsWith(wanted, by),
            ScimOperator.Eq => value.Equals(wanted, by),
            _ => HoldsOrder(op, Moment(value) is { } a && Moment(wanted) is { } b ? a.CompareTo(b) : string.Compare(value, wanted, by)),
        };
    }

    private static bool HoldsOrder(ScimOperator op, int order) => op switch
    {
        ScimOperator.Eq => order == 0,
        ScimOperator.Gt => order > 0,
        ScimOperator.Ge => order >= 0,
        ScimOperator.Lt => order < 0,
        ScimOperator.Le => order <= 0,
        _ => false,
    };

    private static IEnumerable<JsonNode> Each(JsonNode? node) => node switch
    {
        null => [],
        JsonArray items => items.OfType<JsonNode>(),
        _ => [node],
    };

    private static string Text(JsonValue value) => value.ToString();

    private static double? Number(JsonValue value) =>
        double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool IsBoolean(JsonValue value) => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False;

    private static DateTimeOffset? Moment(string text) =>
        text.Length > 10 && text[4] == '-' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
