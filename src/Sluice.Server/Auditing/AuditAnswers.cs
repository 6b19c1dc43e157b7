using System.Text.Json;
using Sluice.Core.Audit;

namespace Sluice.Server.Auditing;

/// <summary>An event as the API shows it.</summary>
internal sealed record AuditEventAnswer(
    string Stream,
    long Sequence,
    DateTimeOffset Time,
    AuditActorAnswer Actor,
    string Action,
    IReadOnlyList<string>? Object,
    string? Person,
    JsonElement Details,
    Guid? BulkId,
    Guid? PlanId,
    string KeyId,
    string Mac)
{
    public static AuditEventAnswer Of(AuditRow row)
    {
        var each = row.Event;
        return new AuditEventAnswer(
            each.Stream.Name, each.Sequence, each.Time, new AuditActorAnswer(each.ActorId, each.ActorName), each.Action, each.Object?.Names, each.Person,
            DetailsOf(each.Details), each.BulkId, each.PlanId, row.KeyId, Convert.ToHexStringLower(row.Mac));
    }

    // A row that somebody edited is shown as it is, though it be no JSON.
    private static JsonElement DetailsOf(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // Told below.
        }

        return JsonSerializer.SerializeToElement(new Dictionary<string, string>(StringComparer.Ordinal) { ["unreadable"] = text }, AuditJson.Default.DictionaryStringString);
    }
}

/// <summary>Who did it.</summary>
internal sealed record AuditActorAnswer(string Id, string Name);

/// <summary>What a verification found.</summary>
internal sealed record AuditVerificationAnswer(bool IsIntact, IReadOnlyList<AuditStreamAnswer> Streams)
{
    public static AuditVerificationAnswer Of(IReadOnlyList<AuditReport> reports) => new(
        reports.All(static r => r.IsIntact),
        [.. reports.Select(static r => new AuditStreamAnswer(
            r.Stream.Name, r.IsIntact, r.Rows, r.Last,
            [.. r.Findings.Select(static f => new AuditFindingAnswer(JsonNamingPolicy.CamelCase.ConvertName(f.Fault.ToString()), f.From, f.To, f.Message))]))]);
}

/// <summary>One stream of it.</summary>
internal sealed record AuditStreamAnswer(string Stream, bool IsIntact, long Rows, long Last, IReadOnlyList<AuditFindingAnswer> Findings);

/// <summary>Something wrong.</summary>
internal sealed record AuditFindingAnswer(string Fault, long From, long To, string Message);
