using System.Collections;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sluice.Core.Audit;
using Sluice.Storage.QueryAudit;

namespace Sluice.Engine.Auditing;

/// <summary>An event as the attributes of a log record.</summary>
internal sealed class AuditRecord : IReadOnlyList<KeyValuePair<string, object?>>
{
    private static readonly EventId OfOwn = new(2622, "sluice.audit");
    private static readonly EventId OfQuery = new(2623, "sluice.query");

    private readonly List<KeyValuePair<string, object?>> _attributes = [];
    private readonly string _text;

    private AuditRecord(EventId id, string text) => (Id, _text) = (id, text);

    /// <summary>Which of the two it is.</summary>
    public EventId Id { get; }

    public int Count => _attributes.Count;

    public KeyValuePair<string, object?> this[int index] => _attributes[index];

    /// <summary>One of our own.</summary>
    public static AuditRecord Of(AuditRow row)
    {
        var each = row.Event;
        var record = new AuditRecord(OfOwn, $"{each.ActorName} {each.Action} {each.Object}".TrimEnd());
        record.Add("sluice.stream", each.Stream.Name);
        record.Add("sluice.sequence", each.Sequence);
        record.Add("sluice.time", Moment(each.Time));
        record.Add("sluice.actor.id", each.ActorId);
        record.Add("sluice.actor.name", each.ActorName);
        record.Add("sluice.action", each.Action);
        record.Add("sluice.object", each.Object?.ToUrl());
        record.Add("sluice.person", each.Person);
        record.Add("sluice.details", each.Details);
        record.Add("sluice.plan.id", each.PlanId?.ToString("D"));
        record.Add("sluice.mac", Convert.ToHexStringLower(row.Mac));
        return record;
    }

    /// <summary>A query.</summary>
    public static AuditRecord Of(StoredQuery query)
    {
        var (taken, each) = (query.Taken, query.Taken.Event);
        var people = string.Join(", ", taken.People.Select(static p => p.Username));
        var record = new AuditRecord(OfQuery, $"{(people.Length == 0 ? each.Identity : people)} {each.Kind} {string.Join(", ", each.Objects.Select(static o => o.Path))}".TrimEnd());
        record.Add("sluice.stream", query.ConnectionId.ToString("D"));
        record.Add("sluice.connection", query.ConnectionKey);
        record.Add("sluice.sequence", query.Sequence);
        record.Add("sluice.time", Moment(each.StartedAt));
        record.Add("sluice.query.source", query.Source);
        record.Add("sluice.query.id", each.EventId);
        record.Add("sluice.query.kind", each.Kind);
        record.Add("sluice.query.succeeded", each.Succeeded);
        record.Add("sluice.query.hash", each.StatementHash);
        record.Add("sluice.query.text", each.Text);
        record.Add("sluice.query.workspace", each.Workspace);
        record.Add("sluice.identity", each.Identity);
        record.Add("sluice.people", JsonSerializer.Serialize(taken.People.Select(static p => p.Username)));
        record.Add("sluice.objects", JsonSerializer.Serialize(each.Objects.Select(o => new { path = o.Path.Names, columns = o.Columns, written = o.IsWritten, policies = taken.Policies.GetValueOrDefault(o.Path) ?? [] })));
        record.Add("sluice.policies.known_by", JsonNamingPolicy.CamelCase.ConvertName(taken.PoliciesKnownBy.ToString()));
        record.Add("sluice.policies.platform", JsonSerializer.Serialize(each.PlatformPolicies));
        return record;
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _attributes.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => _text;

    private void Add(string name, object? value)
    {
        if (value is not null) _attributes.Add(new KeyValuePair<string, object?>(name, value));
    }

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
