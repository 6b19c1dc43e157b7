using System.Text.Json.Nodes;
using Sluice.Core.Audit;
using Sluice.Storage.Audit;
using Sluice.Storage.Connections;

namespace Sluice.Storage.Tags;

/// <summary>What is recorded of tags: their definitions in the administration's stream, what objects are given in their connection's.</summary>
internal static class TagEvents
{
    public static AuditEvent Defined(string tag, string? description, Actor by, DateTimeOffset at) =>
        Event(AuditAction.TagDefined, by, at) with { Details = AuditDetails.Of(("tag", tag), ("description", description)) };

    public static AuditEvent Described(string tag, string? before, string? after, Actor by, DateTimeOffset at) =>
        Event(AuditAction.TagDefined, by, at) with { Details = AuditDetails.Of(("tag", tag), ("description", new JsonObject { ["from"] = before, ["to"] = after })) };

    public static AuditEvent Renamed(string from, string to, int names, int assignments, Actor by, DateTimeOffset at) =>
        Event(AuditAction.TagRenamed, by, at) with { Details = AuditDetails.Of(("from", from), ("to", to), ("tags", names), ("assignments", assignments)) };

    public static AuditEvent Deleted(string tag, int names, int assignments, Actor by, DateTimeOffset at) =>
        Event(AuditAction.TagDeleted, by, at) with { Details = AuditDetails.Of(("tag", tag), ("tags", names), ("assignments", assignments)) };

    public static AuditEvent Assigned(EventObject on, string? column, IReadOnlyList<string> added, IReadOnlyList<string> removed, Actor by, DateTimeOffset at) =>
        Event(AuditAction.TagAssigned, by, at) with
        {
            Stream = AuditStream.Of(on.ConnectionId),
            Object = on.Path,
            Details = AuditDetails.Of(("column", column), ("added", Names(added)), ("removed", Names(removed))),
        };

    private static JsonArray Names(IReadOnlyList<string> names) => new([.. names.Order(StringComparer.Ordinal).Select(static n => JsonValue.Create(n))]);

    private static AuditEvent Event(string action, Actor by, DateTimeOffset at) => new()
    {
        Stream = AuditStream.Administration, Time = at, ActorId = by.Id, ActorName = by.Name, Action = action,
    };
}
