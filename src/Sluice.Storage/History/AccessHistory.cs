using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Storage.Databases;

namespace Sluice.Storage.History;

internal sealed class AccessHistory(Database database) : IAccessHistory
{
    private const int Together = 5000;
    private const string InForce = "from_at <= @at AND (to_at IS NULL OR to_at > @at)";

    public Task<HistoricAccess> AtAsync(ObjectPath path, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.SnapshotAsync(
            async (context, token) =>
            {
                var on = await ReadAsync(context, [HistoricFact.PlaceOf(path)], at, token);
                var grants = on.Where(static f => f.Kind == (int)FactKind.Grant).ToList();
                var audiences = await ReadAsync(context, [.. grants.Select(static g => HistoricFact.PlaceOfAudience(g.ConnectionId, g.Subject)).Distinct()], at, token);
                var held = Held(grants, audiences);
                var holders = await ReadAsync(
                    context, [.. held.Select(static h => HistoricFact.PlaceOfIdentity(h.ConnectionId, h.Identity)).Distinct()], at, token);
                var people = holders.ToLookup(static h => (h.ConnectionId, h.Subject), static h => HistoricFact.PersonOf(h.Detail));
                return new HistoricAccess(
                    [
                        .. held.GroupBy(static h => (h.ConnectionId, h.Identity)).OrderBy(static h => h.Key.Identity, StringComparer.Ordinal).Select(h => new HistoricReader(
                            h.Key.Identity,
                            [.. people[h.Key].OrderBy(static p => p.Username, StringComparer.Ordinal)],
                            [.. h.Select(static g => g.Grant).OrderBy(static g => g.Privilege, StringComparer.Ordinal).ThenBy(static g => g.Audience, StringComparer.Ordinal)])),
                    ],
                    [.. on.Where(static f => f.Kind == (int)FactKind.Mask).Select(static f => f.Subject).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                    on.Count(static f => f.Kind == (int)FactKind.RowRule));
            },
            cancellationToken);

    public Task<int> EndGoneAsync(DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (context, token) => context.ExecuteAsync(
                "UPDATE access_facts SET to_at = @at WHERE to_at IS NULL AND from_at < @at AND connection_id NOT IN (SELECT id FROM connections)", token, ("@at", at)),
            cancellationToken);

    // A subject is an audience where its being there, or a member of it, is known of that time; else it is an identity.
    private static List<(Guid ConnectionId, string Identity, HistoricGrant Grant)> Held(List<Row> grants, List<Row> audiences)
    {
        var bySubject = audiences.ToLookup(static a => (a.ConnectionId, a.Subject));
        var held = new List<(Guid, string, HistoricGrant)>();
        foreach (var grant in grants)
        {
            var audience = bySubject[(grant.ConnectionId, grant.Subject)].ToList();
            if (audience.Count == 0) held.Add((grant.ConnectionId, grant.Subject, new HistoricGrant(grant.Detail, null, grant.From)));
            foreach (var member in audience.Where(static a => a.Kind == (int)FactKind.Member))
                held.Add((grant.ConnectionId, member.Detail, new HistoricGrant(grant.Detail, grant.Subject, member.From > grant.From ? member.From : grant.From)));
        }

        return held;
    }

    private static async Task<List<Row>> ReadAsync(SluiceContext context, IReadOnlyList<Guid> places, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var rows = new List<Row>();
        foreach (var some in places.Chunk(Together))
        {
            rows.AddRange(await context.QueryAsync(
                $"SELECT connection_id, kind, subject, detail, from_at FROM access_facts WHERE place {context.Dialect.In("@places")} AND {InForce}",
                static row => new Row(row.GetGuid(0), row.GetInt32(1), row.GetString(2), row.GetString(3), UtcTicks.Moment(row.GetInt64(4))), cancellationToken,
                ("@places", context.Dialect.List(some)), ("@at", at)));
        }

        return rows;
    }

    private sealed record Row(Guid ConnectionId, int Kind, string Subject, string Detail, DateTimeOffset From);
}
