using System.Text.Json.Nodes;
using Sluice.Core.Audit;
using Sluice.Core.Catalog;

namespace Sluice.Storage.Connections;

/// <summary>What is recorded of connections. The document is not: who logs in how is the platform's to name, and no platform proves its document harmless.</summary>
internal static class ConnectionEvents
{
    public static AuditEvent Registered(StoredConnection connection, bool isActive, IReadOnlyList<string> secrets, Guid? bulkId) =>
        Event(AuditAction.ConnectionRegistered, connection.Key, connection.CreatedBy, connection.CreatedAt) with
        {
            BulkId = bulkId,
            Details = AuditDetails.Of(
                ("connectionId", connection.Id), ("technology", connection.Technology.ToString()), ("authenticationType", connection.AuthenticationType),
                ("destination", connection.SecretDestination), ("platform", connection.IdentityName), ("isActive", isActive), ("secrets", Names(secrets)),
                ("settings", JsonNode.Parse(connection.SettingsJson))),
        };

    public static AuditEvent Updated(StoredConnection before, StoredConnection after, ConnectionUpdate update, Actor by, DateTimeOffset at, Guid? bulkId) =>
        Event(AuditAction.ConnectionUpdated, after.Key, by, at) with
        {
            BulkId = bulkId,
            Details = AuditDetails.Of(
                ("connectionId", after.Id),
                ("authenticationType", update.Document is null ? null : Change(before.AuthenticationType, after.AuthenticationType)),
                ("destination", update.Document is null ? null : Change(before.SecretDestination, after.SecretDestination)),
                ("secrets", update.Document is { } document ? Names([.. document.Secrets.Select(static s => s.Field)]) : null),
                ("forceRecursiveCrawl", Change(before.Options.ForceRecursiveCrawl, after.Options.ForceRecursiveCrawl)),
                ("settings", SettingChanges(before.SettingsJson, after.SettingsJson))),
        };

    public static AuditEvent Deleted(Guid id, string key, long objects, Actor by, DateTimeOffset at) =>
        Event(AuditAction.ConnectionDeleted, key, by, at) with { Details = AuditDetails.Of(("connectionId", id), ("objects", objects)) };

    private static AuditEvent Event(string action, string key, Actor by, DateTimeOffset at) => new()
    {
        Stream = AuditStream.Administration, Time = at, ActorId = by.Id, ActorName = by.Name, Action = action, Object = new ObjectPath(key),
    };

    private static JsonObject? SettingChanges(string before, string after)
    {
        var (old, @new) = (JsonNode.Parse(before) as JsonObject ?? [], JsonNode.Parse(after) as JsonObject ?? []);
        var changes = new JsonObject();
        foreach (var name in old.Select(static m => m.Key).Union(@new.Select(static m => m.Key), StringComparer.Ordinal).ToList())
        {
            if (JsonNode.DeepEquals(old[name], @new[name])) continue;
            changes[name] = new JsonObject { ["from"] = old[name]?.DeepClone(), ["to"] = @new[name]?.DeepClone() };
        }

        return changes.Count == 0 ? null : changes;
    }

    private static JsonObject? Change<T>(T before, T after) =>
        EqualityComparer<T>.Default.Equals(before, after) ? null : new JsonObject { ["from"] = JsonValue.Create(before), ["to"] = JsonValue.Create(after) };

    private static JsonArray Names(IReadOnlyList<string> names) => new([.. names.Order(StringComparer.Ordinal).Select(static n => JsonValue.Create(n))]);
}
