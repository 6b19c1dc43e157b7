using System.Text.Json.Nodes;
using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Storage.Connections;

namespace Sluice.Storage.Catalog;

/// <summary>What is recorded of data objects, in their connection's stream.</summary>
internal static class ObjectEvents
{
    public static AuditEvent SettingsChanged(Guid connectionId, ObjectPath path, SettingsChange change, SettingsChanged changed, Actor by, DateTimeOffset at)
    {
        var details = new JsonObject { ["activated"] = changed.Activated, ["deactivated"] = changed.Deactivated };
        if (change.IsActive.IsGiven) details["isActive"] = new JsonObject { ["to"] = Text(change.IsActive.Value) };
        if (change.ActivateNewChildren.IsGiven) details["activateNewChildren"] = new JsonObject { ["to"] = Text(change.ActivateNewChildren.Value) };
        if (change.DataOwners.IsGiven)
            details["dataOwners"] = new JsonObject { ["to"] = change.DataOwners.Value is { } owners ? new JsonArray([.. owners.Select(static o => JsonValue.Create(o))]) : "none" };
        return Event(AuditAction.ObjectSettingsChanged, connectionId, path, by, at) with { BulkId = changed.BulkId, Details = AuditDetails.Of(details) };
    }

    public static AuditEvent Deleted(Guid connectionId, ObjectPath path, long below, Actor by, DateTimeOffset at) =>
        Event(AuditAction.ObjectDeleted, connectionId, path, by, at) with { Details = AuditDetails.Of(("objects", below)) };

    // An override that was taken away is said, not left out like what is null.
    private static JsonNode Text(bool? value) => value is { } flag ? JsonValue.Create(flag) : JsonValue.Create("none");

    private static AuditEvent Event(string action, Guid connectionId, ObjectPath path, Actor by, DateTimeOffset at) => new()
    {
        Stream = AuditStream.Of(connectionId), Time = at, ActorId = by.Id, ActorName = by.Name, Action = action, Object = path,
    };
}
