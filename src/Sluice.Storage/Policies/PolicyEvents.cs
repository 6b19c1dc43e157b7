using System.Text.Json.Nodes;
using Sluice.Core.Audit;
using Sluice.Storage.Connections;

namespace Sluice.Storage.Policies;

/// <summary>What is recorded of policies: the whole document, so that the trail tells what was asked for at any time.</summary>
internal static class PolicyEvents
{
    public static AuditEvent Put(PolicyPut put, PolicyPutOutcome outcome, Actor by, DateTimeOffset at) => Event(AuditAction.PolicyPut, by, at) with
    {
        Details = AuditDetails.Of(
            ("policyKey", put.Key), ("outcome", outcome == PolicyPutOutcome.Created ? "created" : "updated"), ("document", JsonNode.Parse(put.DocumentJson))),
    };

    public static AuditEvent Deleted(string key, Actor by, DateTimeOffset at) => Event(AuditAction.PolicyDeleted, by, at) with { Details = AuditDetails.Of(("policyKey", key)) };

    private static AuditEvent Event(string action, Actor by, DateTimeOffset at) => new()
    {
        Stream = AuditStream.Administration, Time = at, ActorId = by.Id, ActorName = by.Name, Action = action,
    };
}
