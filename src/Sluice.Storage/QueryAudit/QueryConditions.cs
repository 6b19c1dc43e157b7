using Sluice.Storage.Audit;

namespace Sluice.Storage.QueryAudit;

/// <summary>A search as SQL on <c>query_events e</c>; its parameters begin with <c>@q_</c>.</summary>
internal static class QueryConditions
{
    public static (string Where, (string, object?)[] Parameters) Of(QuerySearch search)
    {
        var conditions = new List<string>();
        var parameters = new List<(string, object?)>();
        Add(search.ConnectionId, "@q_connection", "e.connection_id = @q_connection");
        Add(search.Identity, "@q_identity", "e.identity = @q_identity");
        Add(search.Person, "@q_person", OfPerson("@q_person"));
        Add(search.Actor, "@q_actor", $"(e.identity = @q_actor OR {OfPerson("@q_actor")})");
        // The object itself, or a longer list of names that begins the same: what follows a name in it is a comma, and behind the comma comes the hyphen.
        Add(
            search.Object is null ? null : AuditRows.PathText(search.Object)[..^1], "@q_object",
            "(e.connection_id, e.sequence) IN (SELECT connection_id, sequence FROM query_event_objects "
            + "WHERE object_path = @q_object || ']' OR (object_path >= @q_object || ',' AND object_path < @q_object || '-'))");
        Add(search.From, "@q_from", "e.started_at >= @q_from");
        Add(search.To, "@q_to", "e.started_at < @q_to");
        return (conditions.Count == 0 ? "" : "WHERE " + string.Join(" AND ", conditions), [.. parameters]);

        void Add(object? value, string name, string condition)
        {
            if (value is null) return;
            conditions.Add(condition);
            parameters.Add((name, value));
        }
    }

    private static string OfPerson(string parameter) =>
        "(e.connection_id, e.sequence) IN (SELECT connection_id, sequence FROM query_event_people "
        + $"WHERE person_id = {parameter} UNION SELECT connection_id, sequence FROM query_event_people WHERE username = {parameter})";
}
