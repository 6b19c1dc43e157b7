using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Core.Audit;
using Sluice.Storage.QueryAudit;

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
    string? KeyId,
    string? Mac)
{
    /// <summary>The query that somebody ran on a platform, where the event is one: then no key covers it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public QueryEventAnswer? Query { get; init; }

    public static AuditEventAnswer Of(TimelineEntry entry) => entry.Own is { } own ? Of(own) : Of(entry.Query!);

    private static AuditEventAnswer Of(StoredQuery query)
    {
        var (taken, each) = (query.Taken, query.Taken.Event);
        var who = taken.People is [var person] ? person.Username : each.Identity;
        return new AuditEventAnswer(
            query.ConnectionId.ToString("D"), query.Sequence, each.StartedAt, new AuditActorAnswer(taken.People is [var one] ? one.Id : each.Identity, who), "query",
            each.Objects.Count > 0 ? each.Objects[0].Path.Names : null, taken.People is [var sole] ? sole.Id : null, NoDetails, null, null, null, null)
        { Query = QueryEventAnswer.Of(query) };
    }

    public static AuditEventAnswer Of(AuditRow row)
    {
        var each = row.Event;
        return new AuditEventAnswer(
            each.Stream.Name, each.Sequence, each.Time, new AuditActorAnswer(each.ActorId, each.ActorName), each.Action, each.Object?.Names, each.Person,
            DetailsOf(each.Details), each.BulkId, each.PlanId, row.KeyId, Convert.ToHexStringLower(row.Mac));
    }

    private static readonly JsonElement NoDetails = JsonSerializer.SerializeToElement([], AuditJson.Default.DictionaryStringString);

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
