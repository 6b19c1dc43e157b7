using System.Text.Json;
using Sluice.Sandbox.Aws.Faults;
using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>Granting and revoking, one by one and in batches.</summary>
internal static class GrantOperations
{
    private const int LargestBatch = 20;

    public static void GrantPermissions(Call call) => One(call, GrantChange.Grant);

    public static void RevokePermissions(Call call) => One(call, GrantChange.Revoke);

    public static void BatchGrantPermissions(Call call) => Batch(call, GrantChange.Grant);

    public static void BatchRevokePermissions(Call call) => Batch(call, GrantChange.Revoke);

    private static void One(Call call, Action<Call, GrantRequest> apply)
    {
        var principal = call.Input.Object("Principal", required: true);
        var resource = call.Input.Object("Resource", required: true);
        var permissions = call.Input.Texts("Permissions", required: true);
        var grantable = call.Input.Texts("PermissionsWithGrantOption");
        LakeInput.Check(call);
        apply(call, GrantRequest.Read(principal!.Value, resource!.Value, permissions, grantable, call.Options.AccountId));
        call.Json.WriteStartObject();
        call.Json.WriteEndObject();
    }

    private static void Batch(Call call, Action<Call, GrantRequest> apply)
    {
        var entries = call.Input.Objects("Entries", required: true);
        LakeInput.Check(call);
        if (entries.Count > LargestBatch) throw AwsException.InvalidInput($"Batch size must not exceed {LargestBatch} entries, but was {entries.Count}.");
        var ids = entries.Select(entry => entry.TryGetProperty("Id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString()! : "").ToArray();
        if (ids.Any(id => id.Length is 0 or > 255)) throw AwsException.InvalidInput("Every entry must have an Id of 1 to 255 characters.");
        if (ids.Distinct().Count() != ids.Length) throw AwsException.InvalidInput("The Ids of a batch's entries must be unique.");

        call.Json.WriteStartObject();
        call.Json.WriteStartArray("Failures");
        foreach (var (place, entry) in entries.Index())
        {
            try
            {
                if (place % 2 == 1) RefuseFor(call.Fault);
                apply(call, GrantRequest.Read(entry, call.Options.AccountId));
            }
            catch (AwsException problem)
            {
                call.Json.WriteStartObject();
                call.Json.WritePropertyName("RequestEntry");
                entry.WriteTo(call.Json);
                WriteError(call.Json, problem);
                call.Json.WriteEndObject();
            }
        }

        call.Json.WriteEndArray();
        call.Json.WriteEndObject();
    }

    private static void RefuseFor(AwsSandboxFaultKind? fault)
    {
        switch (fault)
        {
            case AwsSandboxFaultKind.EntryConcurrentModification:
                throw new AwsException("ConcurrentModificationException", "Permission update failed for resource: concurrent modification.");
            case AwsSandboxFaultKind.EntryThrottle:
                throw new AwsException("ThrottlingException", "Rate exceeded");
            case AwsSandboxFaultKind.EntryDenied:
                throw AwsException.HiddenOrMissing();
        }
    }

    internal static void WriteError(Utf8JsonWriter json, AwsException problem)
    {
        json.WriteStartObject("Error");
        json.WriteString("ErrorCode", problem.Code);
        json.WriteString("ErrorMessage", problem.Message);
        json.WriteEndObject();
    }
}
