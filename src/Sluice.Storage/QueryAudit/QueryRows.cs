using System.Data.Common;
using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Core.QueryAudit;
using Sluice.Storage.Audit;
using Sluice.Storage.Bulk;
using Sluice.Storage.Catalog;
using Sluice.Storage.Databases;

namespace Sluice.Storage.QueryAudit;

/// <summary>Query events as rows and back.</summary>
internal static class QueryRows
{
    private const string Columns =
        "connection_id, sequence, connection_key, source, event_id, started_at, ended_at, identity, people_known_by, kind, succeeded, policies_known_by, "
        + "platform_policies, statement_hash, statement_text, workspace";

    private static readonly ObjectPath NoPath = new("\uFFFD");

    private static readonly BulkTable<StoredQuery> Events = new("query_events", Columns.Split(", "), Write);

    private static readonly BulkTable<(Guid ConnectionId, long Sequence, int Position, QueriedObject Object, IReadOnlyList<string> Policies)> Objects = new(
        "query_event_objects",
        ["connection_id", "sequence", "position", "object_path", "columns", "is_direct", "is_written", "policies"],
        static (writer, row) =>
        {
            writer.Write(row.ConnectionId);
            writer.Write((long?)row.Sequence);
            writer.Write(row.Position);
            writer.Write(AuditRows.PathText(row.Object.Path));
            writer.Write(JsonSerializer.Serialize(row.Object.Columns));
            writer.Write((bool?)row.Object.IsDirect);
            writer.Write((bool?)row.Object.IsWritten);
            writer.Write(JsonSerializer.Serialize(row.Policies));
        });

    private static readonly BulkTable<(Guid ConnectionId, long Sequence, QueryPerson Person)> People = new(
        "query_event_people",
        ["connection_id", "sequence", "person_id", "username"],
        static (writer, row) =>
        {
            writer.Write(row.ConnectionId);
            writer.Write((long?)row.Sequence);
            writer.Write(row.Person.Id);
            writer.Write(row.Person.Username);
        });

    public static async Task InsertAsync(SluiceContext context, IReadOnlyList<StoredQuery> queries, CancellationToken cancellationToken)
    {
        await context.Dialect.Rows.InsertAsync(context, Events, queries, cancellationToken);
        await InsertObjectsAsync(context, queries, cancellationToken);
        await context.Dialect.Rows.InsertAsync(
            context, People, queries.SelectMany(static q => q.Taken.People.Select(p => (q.ConnectionId, q.Sequence, p))), cancellationToken);
    }

    /// <summary>The objects of events that are there.</summary>
    public static Task InsertObjectsAsync(SluiceContext context, IReadOnlyList<StoredQuery> queries, CancellationToken cancellationToken) =>
        context.Dialect.Rows.InsertAsync(
            context, Objects,
            queries.SelectMany(static q => q.Taken.Event.Objects.Select((o, i) => (q.ConnectionId, q.Sequence, i, o, q.Taken.Policies.GetValueOrDefault(o.Path) ?? []))),
            cancellationToken);

    /// <summary>The events of some rows of query_events, with their objects and people.</summary>
    /// <param name="context">Where to read.</param>
    /// <param name="from">What follows the columns: FROM query_events e …</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="parameters">Of it.</param>
    public static async Task<List<StoredQuery>> ReadAsync(
        SluiceContext context, string from, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        var bare = await context.QueryAsync($"SELECT {string.Join(", ", Columns.Split(", ").Select(static c => $"e.{c}"))} {from}", Read, cancellationToken, parameters);
        var objects = new Dictionary<(Guid, long), List<(QueriedObject Object, IReadOnlyList<string> Policies)>>();
        var people = new Dictionary<(Guid, long), List<QueryPerson>>();
        foreach (var connection in bare.GroupBy(static b => b.ConnectionId))
        {
            (string, object?)[] which = [("@connection", connection.Key), ("@sequences", context.Dialect.List(connection.Select(static b => b.Sequence)))];
            var where = $"WHERE connection_id = @connection AND sequence {context.Dialect.In("@sequences")}";
            var foundObjects = await context.QueryAsync(
                $"SELECT sequence, object_path, columns, is_direct, is_written, policies FROM query_event_objects {where} ORDER BY sequence, position",
                static row => (
                    Sequence: row.GetInt64(0),
                    Object: new QueriedObject(ObjectPath.FromJson(row.GetString(1), out _) ?? NoPath, Names(row.GetString(2)), row.GetBoolean(3), row.GetBoolean(4)),
                    Policies: Names(row.GetString(5))),
                cancellationToken, which);
            foreach (var each in foundObjects) ListOf(objects, (connection.Key, each.Sequence)).Add((each.Object, each.Policies));
            var foundPeople = await context.QueryAsync(
                $"SELECT sequence, person_id, username FROM query_event_people {where} ORDER BY sequence, username",
                static row => (Sequence: row.GetInt64(0), Person: new QueryPerson(row.GetString(1), row.GetString(2))), cancellationToken, which);
            foreach (var each in foundPeople) ListOf(people, (connection.Key, each.Sequence)).Add(each.Person);
        }

        return [.. bare.Select(b => Whole(b, objects.GetValueOrDefault((b.ConnectionId, b.Sequence)) ?? [], people.GetValueOrDefault((b.ConnectionId, b.Sequence)) ?? []))];
    }

    /// <summary>As both databases can hold it.</summary>
    public static TakenQuery Storable(TakenQuery taken) => taken with
    {
        Event = taken.Event with
        {
            EventId = StorableText.Of(taken.Event.EventId),
            Identity = StorableText.Of(taken.Event.Identity),
            Kind = StorableText.Of(taken.Event.Kind),
            Text = StorableText.Of(taken.Event.Text),
            Workspace = StorableText.Of(taken.Event.Workspace),
        },
        People = [.. taken.People.DistinctBy(static p => p.Id).Select(static p => new QueryPerson(p.Id, StorableText.Of(p.Username)))],
    };

    private static StoredQuery Whole(StoredQuery bare, List<(QueriedObject Object, IReadOnlyList<string> Policies)> objects, List<QueryPerson> people)
    {
        var policies = new Dictionary<ObjectPath, IReadOnlyList<string>>();
        foreach (var (each, keys) in objects) policies[each.Path] = keys;
        return bare with { Taken = bare.Taken with { Event = bare.Taken.Event with { Objects = [.. objects.Select(static o => o.Object)] }, People = people, Policies = policies } };
    }

    private static StoredQuery Read(DbDataReader row) => new(
        row.GetGuid(0), row.GetString(2), row.GetInt64(1), row.GetString(3),
        new TakenQuery(
            new QueryEvent
            {
                EventId = row.GetString(4),
                StartedAt = UtcTicks.Moment(row.GetInt64(5)),
                EndedAt = UtcTicks.Moment(row.GetInt64(6)),
                Identity = row.GetString(7),
                Kind = row.GetString(9),
                Succeeded = row.GetBoolean(10),
                PlatformPolicies = Names(row.GetString(12)),
                StatementHash = row.Text(13),
                Text = row.Text(14),
                Workspace = row.Text(15),
            },
            [], (KnownBy)row.GetInt32(8), new Dictionary<ObjectPath, IReadOnlyList<string>>(), (KnownBy)row.GetInt32(11)));

    private static void Write(IRowWriter writer, StoredQuery row)
    {
        var (taken, each) = (row.Taken, row.Taken.Event);
        writer.Write(row.ConnectionId);
        writer.Write((long?)row.Sequence);
        writer.Write(row.ConnectionKey);
        writer.Write(row.Source);
        writer.Write(each.EventId);
        writer.Write((long?)each.StartedAt.UtcTicks);
        writer.Write((long?)each.EndedAt.UtcTicks);
        writer.Write(each.Identity);
        writer.Write((int)taken.PeopleKnownBy);
        writer.Write(each.Kind);
        writer.Write((bool?)each.Succeeded);
        writer.Write((int)taken.PoliciesKnownBy);
        writer.Write(JsonSerializer.Serialize(each.PlatformPolicies));
        writer.Write(each.StatementHash);
        writer.Write(each.Text);
        writer.Write(each.Workspace);
    }

    private static IReadOnlyList<string> Names(string json) => JsonSerializer.Deserialize<string[]>(json) ?? [];

    private static List<T> ListOf<T>(Dictionary<(Guid, long), List<T>> lists, (Guid, long) key)
    {
        if (!lists.TryGetValue(key, out var list)) lists[key] = list = [];
        return list;
    }
}
