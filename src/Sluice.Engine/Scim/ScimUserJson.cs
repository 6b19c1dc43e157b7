using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.People;
using Sluice.Core.People.Scim;
using Sluice.Engine.People;
using Sluice.Storage.People;

namespace Sluice.Engine.Scim;

/// <summary>A user as SCIM writes and reads them (RFC 7643, section 4.1). What Sluice has no use for is not kept.</summary>
internal static class ScimUserJson
{
    public const string Schema = "urn:ietf:params:scim:schemas:core:2.0:User";

    public static JsonObject Write(StoredPerson person, IReadOnlyList<StoredAttribute> attributes, IReadOnlyList<StoredGroup> groups)
    {
        var said = person.Details;
        var user = new JsonObject
        {
            ["schemas"] = new JsonArray(Schema, ScimAttribute.Extension),
            ["id"] = person.Id.ToString(),
            ["userName"] = said.Username,
            ["displayName"] = said.DisplayName,
            ["active"] = said.IsEnabled,
        };
        if (said.ExternalId is not null) user["externalId"] = said.ExternalId;
        if (said.Email is not null) user["emails"] = new JsonArray(new JsonObject { ["value"] = said.Email, ["type"] = "work", ["primary"] = true });
        if (groups.Count > 0)
            user["groups"] = new JsonArray([.. groups.Select(g => new JsonObject { ["value"] = g.Id.ToString(), ["display"] = SourcedNames.Full(g.Source, g.Name) })]);
        var extension = new JsonObject();
        foreach (var name in attributes.Where(a => a.Source == said.Source).GroupBy(a => a.Name, StringComparer.Ordinal))
        {
            var values = name.Select(a => (JsonNode)JsonValue.Create(a.Value)).ToArray();
            extension[name.Key] = values.Length == 1 ? values[0] : new JsonArray(values);
        }

        if (extension.Count > 0) user[ScimAttribute.Extension] = extension;
        user["meta"] = ScimMeta.Write("User", "Users", person.Id, person.CreatedAt, person.UpdatedAt);
        return user;
    }

    /// <summary>Reads a user.</summary>
    /// <param name="user">The resource.</param>
    /// <param name="before">What was said of them: only an explicit <c>active</c> changes whether they are enabled. Null: a new one.</param>
    /// <param name="source">The identity provider.</param>
    /// <exception cref="ScimRefusedException">It is none.</exception>
    public static (PersonDetails Said, IReadOnlyList<StoredAttribute> Attributes) Read(JsonObject user, PersonDetails? before, string source)
    {
        var username = Text(user, "userName", PeopleText.UsernameFault) ?? throw ScimRefusedException.Invalid("userName is required.");
        var name = ScimValues.Member(user, "name");
        var displayName = Text(user, "displayName", Named) ?? Text(name, "formatted", Named)
            ?? (string.Join(' ', new[] { Text(name, "givenName", Named), Text(name, "familyName", Named) }.OfType<string>()) is { Length: > 0 } both ? both : username);
        var said = new PersonDetails(
            username, displayName, Email(user), before?.Kind ?? PersonKind.Person, Active(user) ?? before?.IsEnabled ?? true, source,
            Text(user, "externalId", t => PeopleText.Fault(t, PeopleText.LongestUsername)));
        return (said, Attributes(user, source));
    }

    private static string? Named(string text) => PeopleText.Fault(text, PeopleText.LongestUsername);

    private static string? Email(JsonObject user)
    {
        var emails = ScimValues.Of(user, new ScimAttribute("emails")).ToList();
        var chosen = emails.Find(e => ScimValues.Member(e, "primary") is { } primary && IsTrue(primary)) ?? emails.FirstOrDefault();
        return chosen is JsonValue plain ? Checked("emails", plain, PeopleText.EmailFault) : Text(chosen, "value", PeopleText.EmailFault);
    }

    private static bool IsTrue(JsonNode node) => node.GetValueKind() == JsonValueKind.True;

    // Entra sends the word.
    private static bool? Active(JsonObject user) => ScimValues.Member(user, "active") switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        JsonValue value when bool.TryParse(value.ToString(), out var said) => said,
        _ => throw ScimRefusedException.Invalid("active must be true or false."),
    };

    private static IReadOnlyList<StoredAttribute> Attributes(JsonObject user, string source)
    {
        if (ScimValues.Member(user, ScimAttribute.Extension) is not { } node) return [];
        if (node is not JsonObject extension) throw ScimRefusedException.Invalid($"{ScimAttribute.Extension} must be an object.");
        var read = new HashSet<StoredAttribute>();
        foreach (var (name, value) in extension)
        {
            if (PeopleText.Fault(name, PeopleText.LongestAttribute) is { } fault) throw ScimRefusedException.Invalid($"The name of an attribute {fault}.");
            foreach (var item in value is JsonArray items ? items.OfType<JsonNode>() : value is null ? [] : [value])
                read.Add(new StoredAttribute(name, Checked(name, item, t => PeopleText.Fault(t, PeopleText.LongestValue)), source));
        }

        return read.Count <= PeopleReader.MostAttributes ? [.. read] : throw ScimRefusedException.Invalid($"A user has at most {PeopleReader.MostAttributes} values of attributes.");
    }

    internal static string? Text(JsonNode? owner, string name, Func<string, string?> fault) =>
        ScimValues.Member(owner, name) is { } node && !(node is JsonValue v && v.GetValueKind() == JsonValueKind.String && v.ToString().Length == 0)
            ? Checked(name, node, fault) : null;

    private static string Checked(string name, JsonNode node, Func<string, string?> fault)
    {
        if (node is not JsonValue value || value.GetValueKind() is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False))
            throw ScimRefusedException.Invalid($"{PeopleText.Shown(name)} must be a text.");
        var text = value.ToString();
        return fault(text) is { } wrong ? throw ScimRefusedException.Invalid($"{PeopleText.Shown(name)} {wrong}.") : text;
    }
}

/// <summary>What SCIM says about a resource.</summary>
internal static class ScimMeta
{
    public static JsonObject Write(string type, string place, Guid id, DateTimeOffset created, DateTimeOffset modified) => new()
    {
        ["resourceType"] = type,
        ["created"] = created,
        ["lastModified"] = modified,
        ["location"] = $"/scim/v2/{place}/{id}",
    };
}
