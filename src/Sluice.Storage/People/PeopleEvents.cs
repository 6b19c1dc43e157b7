using System.Text.Json.Nodes;
using Sluice.Core.Audit;
using Sluice.Storage.Connections;

namespace Sluice.Storage.People;

/// <summary>What is recorded of people and groups, in the administration's stream: what changed, from and to. What changed nothing leaves no row.</summary>
internal static class PeopleEvents
{
    // Of a group of ten thousand, the first say enough; the count tells the rest.
    private const int MostNamed = 100;

    public static AuditEvent Added(Guid id, PersonDetails details, Actor by, DateTimeOffset at) =>
        Event(AuditAction.PersonAdded, by, at, id) with { Details = AuditDetails.Of(Said(details)) };

    public static AuditEvent? Updated(Guid id, PersonDetails before, PersonDetails after, Actor by, DateTimeOffset at) =>
        Changed(AuditAction.PersonUpdated, id, after.Username, Changes(before, after), by, at);

    public static AuditEvent Deleted(Guid id, PersonDetails details, Actor by, DateTimeOffset at) =>
        Event(AuditAction.PersonDeleted, by, at, id) with { Details = AuditDetails.Of(Said(details)) };

    public static AuditEvent? AttributesChanged(
        Guid id, string username, string? source, IReadOnlyList<StoredAttribute> before, IReadOnlyList<StoredAttribute> after, Actor by, DateTimeOffset at)
    {
        var changes = Attributes(before, after);
        if (changes.Count > 0 && source is not null) changes["source"] = source;
        return Changed(AuditAction.PersonAttributesChanged, id, username, changes, by, at);
    }

    public static AuditEvent? IdentitiesChanged(Guid id, string username, IReadOnlyList<StoredIdentity> before, IReadOnlyList<StoredIdentity> after, Actor by, DateTimeOffset at)
    {
        var changes = new JsonObject();
        Put(changes, "added", [.. after.Except(before).Select(Identity)]);
        Put(changes, "removed", [.. before.Except(after).Select(Identity)]);
        return Changed(AuditAction.PersonIdentitiesChanged, id, username, changes, by, at);
    }

    public static AuditEvent? PermissionsChanged(Guid id, string username, IReadOnlyList<string> before, IReadOnlyList<string> after, Actor by, DateTimeOffset at)
    {
        var changes = new JsonObject();
        Put(changes, "added", [.. after.Except(before, StringComparer.Ordinal).Select(static p => (JsonNode)p)]);
        Put(changes, "removed", [.. before.Except(after, StringComparer.Ordinal).Select(static p => (JsonNode)p)]);
        return Changed(AuditAction.PersonPermissionsChanged, id, username, changes, by, at);
    }

    public static AuditEvent Imported(
        Guid id, PersonDetails? before, PersonDetails after, (IReadOnlyList<StoredAttribute> Before, IReadOnlyList<StoredAttribute> After)? attributes,
        (IReadOnlyList<Guid> Before, IReadOnlyList<Guid> After)? groups, Actor by, DateTimeOffset at)
    {
        var details = before is null ? Said(after) : Changes(before, after);
        details["outcome"] = before is null ? "added" : "updated";
        details["username"] ??= after.Username;
        if (attributes is { } a) details["attributes"] = Attributes(a.Before, a.After);
        if (groups is { } g) details["groups"] = Members(g.Before, g.After);
        return Event(AuditAction.PersonImported, by, at, id) with { Details = AuditDetails.Of(details) };
    }

    public static AuditEvent GroupAdded(GroupRow group, IReadOnlyCollection<Guid> members, Actor by, DateTimeOffset at) =>
        Event(AuditAction.GroupAdded, by, at) with { Details = AuditDetails.Of(Named(group, Members([], [.. members]))) };

    public static AuditEvent? GroupRenamed(GroupRow group, string from, Actor by, DateTimeOffset at) => from == PeopleRows.FullName(group)
        ? null
        : Event(AuditAction.GroupRenamed, by, at) with { Details = AuditDetails.Of(("groupId", group.Id), ("from", from), ("to", PeopleRows.FullName(group))) };

    public static AuditEvent GroupDeleted(GroupRow group, int members, Actor by, DateTimeOffset at) =>
        Event(AuditAction.GroupDeleted, by, at) with { Details = AuditDetails.Of(("groupId", group.Id), ("group", PeopleRows.FullName(group)), ("members", members)) };

    public static AuditEvent? GroupMembersChanged(GroupRow group, IReadOnlyCollection<Guid> before, IReadOnlyCollection<Guid> after, Actor by, DateTimeOffset at)
    {
        var changes = Members([.. before], [.. after]);
        return changes.Count == 0 ? null : Event(AuditAction.GroupMembersChanged, by, at) with { Details = AuditDetails.Of(Named(group, changes)) };
    }

    private static AuditEvent? Changed(string action, Guid id, string username, JsonObject changes, Actor by, DateTimeOffset at)
    {
        if (changes.Count == 0) return null;
        changes["username"] ??= username;
        return Event(action, by, at, id) with { Details = AuditDetails.Of(changes) };
    }

    private static JsonObject Said(PersonDetails said) => new()
    {
        ["username"] = said.Username, ["displayName"] = said.DisplayName, ["email"] = said.Email, ["kind"] = said.Kind.ToString(), ["enabled"] = said.IsEnabled,
        ["source"] = said.Source, ["externalId"] = said.ExternalId,
    };

    private static JsonObject Changes(PersonDetails before, PersonDetails after)
    {
        var (old, now) = (Said(before), Said(after));
        var changes = new JsonObject();
        foreach (var (name, value) in now)
        {
            if (!JsonNode.DeepEquals(old[name], value)) changes[name] = new JsonObject { ["from"] = old[name]?.DeepClone(), ["to"] = value?.DeepClone() };
        }

        return changes;
    }

    private static JsonObject Attributes(IReadOnlyList<StoredAttribute> before, IReadOnlyList<StoredAttribute> after)
    {
        var changes = new JsonObject();
        Put(changes, "added", [.. after.Except(before).Select(Attribute)]);
        Put(changes, "removed", [.. before.Except(after).Select(Attribute)]);
        return changes;
    }

    private static JsonObject Members(IReadOnlyList<Guid> before, IReadOnlyList<Guid> after)
    {
        var changes = new JsonObject();
        foreach (var (name, ids) in new[] { ("added", after.Except(before).Order().ToList()), ("removed", before.Except(after).Order().ToList()) })
        {
            Put(changes, name, [.. ids.Take(MostNamed).Select(static i => (JsonNode)i)]);
            if (ids.Count > MostNamed) changes[name + "Count"] = ids.Count;
        }

        return changes;
    }

    private static JsonObject Named(GroupRow group, JsonObject details)
    {
        (details["groupId"], details["group"]) = (group.Id, PeopleRows.FullName(group));
        return details;
    }

    private static JsonNode Attribute(StoredAttribute attribute)
    {
        var json = new JsonObject { ["name"] = attribute.Name, ["value"] = attribute.Value };
        if (attribute.ExpiresAt is { } expiry) json["expiresAt"] = expiry;
        return json;
    }

    private static JsonNode Identity(StoredIdentity identity)
    {
        var json = new JsonObject { ["connectionKey"] = identity.ConnectionKey, ["name"] = identity.Name };
        if (identity.IsShared) json["shared"] = true;
        return json;
    }

    private static void Put(JsonObject changes, string name, JsonNode[] values)
    {
        if (values.Length > 0) changes[name] = new JsonArray(values);
    }

    private static AuditEvent Event(string action, Actor by, DateTimeOffset at, Guid? person = null) => new()
    {
        Stream = AuditStream.Administration, Time = at, ActorId = by.Id, ActorName = by.Name, Action = action, Person = person?.ToString("D"),
    };
}
