using System.Text.Json.Nodes;
using Sluice.Core.Audit;
using Sluice.Storage.Connections;

namespace Sluice.Storage.Access;

/// <summary>What is recorded of API keys: never the key, nor its hash.</summary>
internal static class ApiKeyEvents
{
    public static AuditEvent Made(StoredApiKey key, Actor by) => Event(AuditAction.ApiKeyMade, key, by, key.CreatedAt) with
    {
        Details = AuditDetails.Of(
            ("id", key.Id), ("name", key.Name), ("permissions", new JsonArray([.. key.Permissions.Select(p => JsonValue.Create(p))])),
            ("speaksForHolder", key.SpeaksForHolder), ("expiresAt", key.ExpiresAt), ("madeBy", key.CreatedBy)),
    };

    public static AuditEvent Revoked(StoredApiKey key, Actor by, DateTimeOffset at) => Event(AuditAction.ApiKeyRevoked, key, by, at) with
    {
        Details = AuditDetails.Of(("id", key.Id), ("name", key.Name)),
    };

    private static AuditEvent Event(string action, StoredApiKey key, Actor by, DateTimeOffset at) => new()
    {
        Stream = AuditStream.Administration, Time = at, ActorId = by.Id, ActorName = by.Name, Action = action, Person = key.HolderId,
    };
}
