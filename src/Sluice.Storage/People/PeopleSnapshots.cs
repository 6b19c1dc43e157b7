using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Storage.Databases;

namespace Sluice.Storage.People;

internal sealed class PeopleSnapshots(Database database) : IPeopleSnapshots
{
    private const string Revision = "SELECT revision FROM people_revisions WHERE id = 1";

    public Task<PeopleState> ReadAsync(DateTimeOffset now, DateTimeOffset since, CancellationToken cancellationToken) => database.SnapshotAsync(
        async (context, token) =>
        {
            var revision = await context.NumberAsync(Revision, token) ?? 0;
            var people = await context.QueryAsync(
                "SELECT id, username, source, enabled FROM people ORDER BY username_key",
                row => new RegisteredPerson(row.GetGuid(0), row.GetString(1), row.Text(2), row.GetBoolean(3)), token);
            var groups = await context.QueryAsync(
                "SELECT id, source, name FROM people_groups",
                row => new RegisteredGroup(row.GetGuid(0), PeopleRows.Source(row.GetString(1)), row.GetString(2)), token);
            var memberships = await context.QueryAsync(
                "SELECT group_id, member_id FROM group_members", row => new Membership(row.GetGuid(0), row.GetGuid(1)), token);
            var attributes = await context.QueryAsync(
                "SELECT person_id, name, value, source, expires_at FROM person_attributes",
                row => new HeldAttribute(row.GetGuid(0), row.GetString(1), row.GetString(2), PeopleRows.Source(row.GetString(3)), row.Moment(4)), token);
            var identities = await context.QueryAsync(
                "SELECT connection_id, name, person_id FROM platform_identities ORDER BY connection_id, name, person_id",
                row => (Connection: row.GetGuid(0), Name: row.GetString(1), Person: row.GetGuid(2)), token);

            var departed = await context.QueryAsync(
                "SELECT connection_id, name FROM departed_identities", row => (Connection: row.GetGuid(0), Name: row.GetString(1)), token);

            var (snapshot, holders) = At(now);
            return new PeopleState(revision, snapshot, holders, attributes.Where(a => a.ExpiresAt > now).Min(a => a.ExpiresAt))
            {
                Departed = departed.ToLookup(static d => d.Connection, static d => d.Name),
                Unexpired = attributes.Any(a => a.ExpiresAt > since && a.ExpiresAt <= now) ? Unexpired() : null,
            };

            UnexpiredPeople Unexpired()
            {
                var (people, holders) = At(since);
                return new UnexpiredPeople(people, holders);
            }

            (PeopleSnapshot, Dictionary<Guid, IReadOnlyList<IdentityHolders>>) At(DateTimeOffset moment)
            {
                var resolved = PeopleResolution.Resolve(people, groups, memberships, attributes, moment);
                var byId = people.Select((p, i) => (p.Id, Person: resolved.People[i])).ToDictionary(p => p.Id, p => p.Person);
                return (resolved, identities.GroupBy(i => i.Connection).ToDictionary(
                    c => c.Key,
                    IReadOnlyList<IdentityHolders> (c) => [.. c.GroupBy(i => i.Name, StringComparer.Ordinal).OrderBy(i => i.Key, StringComparer.Ordinal)
                        .Select(i => new IdentityHolders(i.Key, [.. i.Select(h => byId[h.Person])]))]));
            }
        },
        cancellationToken);

    public async Task<long> RevisionAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync((context, token) => context.NumberAsync(Revision, token), cancellationToken) ?? 0;

    public Task<PeopleChanges> ChangedSinceAsync(long revision, CancellationToken cancellationToken) => database.SnapshotAsync(
        async (context, token) =>
        {
            var changed = await context.QueryAsync(
                "SELECT person_id FROM people_changes WHERE revision > @revision ORDER BY person_id", row => row.GetGuid(0), token, ("@revision", revision));
            var isEverybody = changed.Remove(PeopleLedger.Everybody);
            return new PeopleChanges(await context.NumberAsync(Revision, token) ?? 0, isEverybody, changed);
        },
        cancellationToken);
}
