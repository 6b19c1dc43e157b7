using System.Text.Json.Nodes;

namespace Sluice.Core.People.Scim;

/// <summary>A patch that can't be applied.</summary>
/// <param name="scimType">RFC 7644, table 9.</param>
/// <param name="message">What is wrong.</param>
public sealed class ScimPatchException(string scimType, string message) : Exception(message)
{
    /// <summary>RFC 7644, table 9.</summary>
    public string ScimType => scimType;
}

/// <summary>Applies operations of PATCH (RFC 7644, section 3.5.2) to a resource as JSON.</summary>
public static class ScimPatch
{
    /// <summary>Applies one operation.</summary>
    /// <param name="resource">The resource, which is changed.</param>
    /// <param name="op"><c>add</c>, <c>replace</c> or <c>remove</c>, in any case.</param>
    /// <param name="path">What it is about; null: the members of the value.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ScimPatchException">It can't be applied.</exception>
    public static void Apply(JsonObject resource, string op, string? path, JsonNode? value)
    {
        var verb = op.ToLowerInvariant();
        if (verb is not ("add" or "replace" or "remove")) throw new ScimPatchException("invalidSyntax", "op must be add, replace or remove");
        if (path is not null)
        {
            ApplyAt(resource, verb, PathOf(path), value);
            return;
        }

        if (verb == "remove") throw new ScimPatchException("noTarget", "remove needs a path");
        if (value is not JsonObject members) throw new ScimPatchException("invalidValue", "without a path, value must be an object");
        foreach (var (name, member) in members.ToList()) ApplyAt(resource, verb, PathOf(name), member);
    }

    private static ScimPath PathOf(string path) =>
        ScimFilterParser.ParsePath(path, out var problem) ?? throw new ScimPatchException("invalidPath", $"the path {problem}");

    private static void ApplyAt(JsonObject resource, string op, ScimPath path, JsonNode? value)
    {
        if (path.Filter is not null)
        {
            ApplyToValues(resource, op, path, value);
            return;
        }

        var (owner, name) = Place(resource, path.Attribute, isMade: op != "remove");
        if (owner is null) return;
        var known = ScimValues.NameIn(owner, name) ?? name;
        // A whole object is put together member by member, so that what it does not speak of stays.
        if (value is JsonObject members && op != "remove" && owner[known] is null or JsonObject && path.Attribute.Sub is null)
        {
            var inner = owner[known] as JsonObject;
            if (inner is null) owner[known] = inner = new JsonObject();
            foreach (var (member, content) in ((JsonObject)value!).ToList()) inner[ScimValues.NameIn(inner, member) ?? member] = content?.DeepClone();
            return;
        }

        switch (op)
        {
            case "remove" when value is not null && owner[known] is JsonArray items:
                // Entra names the members to remove in the value.
                foreach (var gone in Items(value)) Remove(items, i => IsSame(i, gone));
                break;
            case "remove":
                owner.Remove(known);
                break;
            case "add" when owner[known] is JsonArray items:
                foreach (var added in Items(value).Where(a => !items.Any(i => IsSame(i, a)))) items.Add(added?.DeepClone());
                break;
            case "add" when path.Attribute.Name == ScimAttribute.Extension && owner[known] is { } one && !IsSame(one, value):
                owner[known] = new JsonArray([one.DeepClone(), .. Items(value).Where(v => !IsSame(one, v)).Select(v => v?.DeepClone())]);
                break;
            default:
                owner[known] = value?.DeepClone();
                break;
        }
    }

    private static void ApplyToValues(JsonObject resource, string op, ScimPath path, JsonNode? value)
    {
        var (owner, name) = Place(resource, path.Attribute, isMade: op == "add");
        var known = owner is null ? name : ScimValues.NameIn(owner, name) ?? name;
        var items = owner?[known] as JsonArray;
        var matching = items?.Where(path.Filter!.Matches).ToList() ?? [];
        if (matching.Count == 0 && op == "add" && path.Filter is ScimFilter.Comparison { Operator: ScimOperator.Eq } only)
        {
            // Entra adds emails[type eq "work"].value where there is none yet.
            var made = new JsonObject { [only.Attribute.Name] = JsonNode.Parse(only.Value) };
            if (items is null) owner![known] = items = [];
            items.Add(made);
            matching.Add(made);
        }

        if (matching.Count == 0)
        {
            if (op == "remove") return;
            throw new ScimPatchException("noTarget", $"no value of {path.Attribute} passes {path.Filter}");
        }

        foreach (var found in matching)
        {
            if (path.Sub is null && op == "remove") items!.Remove(found);
            else if (found is not JsonObject members) throw new ScimPatchException("invalidPath", $"the values of {path.Attribute} have no attributes");
            else if (path.Sub is { } sub && op == "remove") members.Remove(ScimValues.NameIn(members, sub) ?? sub);
            else if (path.Sub is { } set) members[ScimValues.NameIn(members, set) ?? set] = value?.DeepClone();
            else if (value is JsonObject content) foreach (var (member, part) in content.ToList()) members[ScimValues.NameIn(members, member) ?? member] = part?.DeepClone();
            else throw new ScimPatchException("invalidValue", "value must be an object");
        }
    }

    private static (JsonObject? Owner, string Name) Place(JsonObject resource, ScimAttribute attribute, bool isMade)
    {
        if (attribute.Sub is not { } sub) return (resource, attribute.Name);
        var name = ScimValues.NameIn(resource, attribute.Name) ?? attribute.Name;
        if (resource[name] is null && isMade) resource[name] = new JsonObject();
        return resource[name] switch
        {
            JsonObject owner => (owner, sub),
            null => (null, sub),
            _ => throw new ScimPatchException("invalidPath", $"{attribute.Name} has no attributes; name a value of it: {attribute.Name}[…].{sub}"),
        };
    }

    private static IEnumerable<JsonNode?> Items(JsonNode? value) => value is JsonArray items ? items : [value];

    private static void Remove(JsonArray items, Func<JsonNode?, bool> isMeant)
    {
        foreach (var gone in items.Where(isMeant).ToList()) items.Remove(gone);
    }

    private static bool IsSame(JsonNode? a, JsonNode? b) =>
        JsonNode.DeepEquals(a, b) || (ScimValues.Member(a, "value") is { } x && ScimValues.Member(b, "value") is { } y && JsonNode.DeepEquals(x, y));
}
