using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sluice.Core.Audit;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;

namespace Sluice.Storage.People;

internal sealed class PeopleStore(Database database, AuditAppender audit, TimeProvider time, Actor? by = null) : IPeopleStore
{
    private readonly Actor _by = by ?? Actor.Server;

    public IPeopleStore As(Actor by) => new PeopleStore(database, audit, time, by);

    public async Task<StoredPerson?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var row = await database.ReadAsync((context, token) => context.People.SingleOrDefaultAsync(p => p.Id == id, token), cancellationToken);
        return row is null ? null : PeopleRows.Person(row);
    }

    public async Task<StoredPerson?> FindAsync(string username, CancellationToken cancellationToken)
    {
        if (!StorableText.Is(username)) return null;
        var key = PeopleRows.Key(username);
        var row = await database.ReadAsync((context, token) => context.People.SingleOrDefaultAsync(p => p.UsernameKey == key, token), cancellationToken);
        return row is null ? null : PeopleRows.Person(row);
    }

    public async Task<IReadOnlyList<StoredPerson>> FindLinkedAsync(string externalId, string? email, CancellationToken cancellationToken)
    {
        if (!StorableText.Is(externalId) || (email is not null && !StorableText.Is(email))) return [];
        var key = email is null ? null : PeopleRows.Key(email);
        var rows = await database.ReadAsync(
            (context, token) => context.People
                .Where(p => p.ExternalId == externalId || (key != null && (p.EmailKey == key || p.UsernameKey == key)))
                .OrderBy(p => p.Id).ToListAsync(token),
            cancellationToken);
        return rows.ConvertAll(PeopleRows.Person);
    }

    public Task<PeoplePage<StoredPerson>> SearchAsync(PersonQuery query, CancellationToken cancellationToken)
    {
        string?[] texts = [query.Username, query.Attribute, query.AttributeValue, query.Source];
        if (!texts.All(t => t is null || StorableText.Is(t))) return Task.FromResult(new PeoplePage<StoredPerson>(0, []));
        return database.SnapshotAsync(
            async (context, token) =>
            {
                var people = context.People.AsQueryable();
                if (query.Username is { } username)
                {
                    var key = PeopleRows.Key(username);
                    people = people.Where(p => p.UsernameKey.Contains(key));
                }

                if (query.Source is { } source) people = people.Where(p => p.Source == source);
                if (query.Attribute is { } name)
                    people = people.Where(p => context.PersonAttributes.Any(a => a.PersonId == p.Id && a.Name == name && (query.AttributeValue == null || a.Value == query.AttributeValue)));
                if (query.GroupId is { } group)
                {
                    Guid[] groups = [group, .. await GroupTree.GroupsInAsync(context, group, token)];
                    people = people.Where(p => context.GroupMembers.Any(m => m.MemberId == p.Id && groups.Contains(m.GroupId)));
                }

                var count = await people.LongCountAsync(token);
                var rows = await people.OrderBy(p => p.UsernameKey).Skip(query.Offset).Take(query.Size).ToListAsync(token);
                return new PeoplePage<StoredPerson>(count, rows.ConvertAll(PeopleRows.Person));
            },
            cancellationToken);
    }

    public Task<StoredPerson> AddAsync(Guid id, PersonDetails details, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        return database.WriteAsync(
            async (context, token) =>
            {
                await PeopleLedger.LockAsync(context, token);
                await RefuseTakenUsernameAsync(context, id, details.Username, token);
                var row = new PersonRow { Id = id, CreatedAt = at, UpdatedAt = at, Revision = 1 };
                PeopleRows.Put(row, details);
                context.People.Add(row);
                await context.SaveChangesAsync(token);
                await PeopleLedger.MarkAsync(context, [id], token);
                await audit.AppendAsync(context, PeopleEvents.Added(id, details, _by, at), token);
                return PeopleRows.Person(row);
            },
            cancellationToken);
    }

    public Task<StoredPerson> UpdateAsync(
        Guid id, Func<PersonDetails, PersonDetails> change, IReadOnlyList<long>? ifRevision, IReadOnlySet<Guid> self, CancellationToken cancellationToken) =>
        WriteAsync(
            id,
            async (context, row, token) =>
            {
                var before = PeopleRows.Person(row).Details;
                var details = change(before);
                await RefuseTakenUsernameAsync(context, id, details.Username, token);
                PeopleRows.Put(row, details);
                return at => PeopleEvents.Updated(id, before, details, _by, at);
            },
            ifRevision, self, cancellationToken);

    public Task<StoredPerson> DeleteAsync(Guid id, IReadOnlyList<long>? ifRevision, IReadOnlySet<Guid> self, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                var row = await LockAsync(context, id, ifRevision, self, token);
                var names = await context.PersonAttributes.Where(a => a.PersonId == id).Select(a => a.Name).Distinct().ToListAsync(token);
                var before = await AttributeNamesAsync(context, names, token);
                await context.GroupMembers.Where(m => m.MemberId == id).ExecuteDeleteAsync(token);
                await context.PersonAttributes.Where(a => a.PersonId == id).ExecuteDeleteAsync(token);
                await DepartAsync(context, id, token);
                await context.SaveChangesAsync(token);
                await context.PlatformIdentities.Where(i => i.PersonId == id).ExecuteDeleteAsync(token);
                await context.People.Where(p => p.Id == id).ExecuteDeleteAsync(token);
                var isTold = before.SetEquals(await AttributeNamesAsync(context, names, token));
                await PeopleLedger.MarkAsync(context, isTold ? [id] : [id, PeopleLedger.Everybody], token);
                await audit.AppendAsync(context, PeopleEvents.Deleted(id, PeopleRows.Person(row).Details, _by, time.GetUtcNow()), token);
                return PeopleRows.Person(row);
            },
            cancellationToken);

    public async Task<IReadOnlyList<StoredAttribute>> AttributesAsync(Guid id, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            (context, token) => context.PersonAttributes.Where(a => a.PersonId == id)
                .OrderBy(a => a.Name).ThenBy(a => a.Value).ThenBy(a => a.Source).ToListAsync(token),
            cancellationToken);
        return rows.ConvertAll(PeopleRows.Attribute);
    }

    public async Task<ILookup<Guid, StoredAttribute>> AttributesOfAsync(IReadOnlyCollection<Guid> people, CancellationToken cancellationToken) =>
        (await database.ReadAsync(
            (context, token) => context.QueryAsync(
                $"SELECT person_id, name, value, source, expires_at FROM person_attributes WHERE person_id {context.Dialect.In("@people")} ORDER BY name, value",
                row => (Person: row.GetGuid(0), Attribute: new StoredAttribute(row.GetString(1), row.GetString(2), PeopleRows.Source(row.GetString(3)), row.Moment(4))),
                token, ("@people", context.Dialect.List(people))),
            cancellationToken)).ToLookup(a => a.Person, a => a.Attribute);

    public Task<StoredPerson> ChangeAttributesAsync(
        Guid id, string? source, Func<IReadOnlyList<StoredAttribute>, IReadOnlyList<StoredAttribute>> change, IReadOnlyList<long>? ifRevision,
        IReadOnlySet<Guid> self, CancellationToken cancellationToken) =>
        WriteAsync(
            id,
            async (context, row, token) =>
            {
                var (before, after) = await ReplaceAttributesAsync(context, row.Id, source, change, token);
                return at => PeopleEvents.AttributesChanged(id, row.Username, source, before, after, _by, at);
            },
            ifRevision, self, cancellationToken);

    public async Task<IReadOnlyList<StoredIdentity>> IdentitiesAsync(Guid id, CancellationToken cancellationToken) =>
        await database.ReadAsync((context, token) => IdentitiesAsync(context, id, token), cancellationToken);

    public Task<StoredPerson> ChangeIdentitiesAsync(
        Guid id, Func<IReadOnlyList<StoredIdentity>, IReadOnlyList<StoredIdentity>> change, IReadOnlyList<long>? ifRevision, IReadOnlySet<Guid> self,
        CancellationToken cancellationToken) =>
        WriteAsync(
            id,
            async (context, row, token) =>
            {
                var before = await IdentitiesAsync(context, id, token);
                var after = change(before);
                foreach (var identity in after.Except(before))
                {
                    await RefuseTakenIdentityAsync(context, id, identity, token);
                    await context.DepartedIdentities.Where(i => i.ConnectionId == identity.ConnectionId && i.Name == identity.Name).ExecuteDeleteAsync(token);
                }

                await context.PlatformIdentities.Where(i => i.PersonId == id).ExecuteDeleteAsync(token);
                context.PlatformIdentities.AddRange(after.Select(i => new PlatformIdentityRow { ConnectionId = i.ConnectionId, Name = i.Name, PersonId = id, Shared = i.IsShared }));
                return at => PeopleEvents.IdentitiesChanged(id, row.Username, before, after, _by, at);
            },
            ifRevision, self, cancellationToken);

    public Task<StoredPerson> SetPermissionsAsync(
        Guid id, IReadOnlyList<string> permissions, IReadOnlyList<long>? ifRevision, IReadOnlySet<Guid> self, CancellationToken cancellationToken) =>
        WriteAsync(
            id,
            (_, row, _) =>
            {
                var before = PeopleRows.Person(row).Permissions;
                row.Permissions = JsonSerializer.Serialize(permissions);
                return Task.FromResult<Func<DateTimeOffset, AuditEvent?>>(at => PeopleEvents.PermissionsChanged(id, row.Username, before, permissions, _by, at));
            },
            ifRevision, self, cancellationToken);

    /// <summary>Replaces what one source says of somebody. The lock is held; the caller saves.</summary>
    /// <returns>What it said before, and says now.</returns>
    internal static async Task<(IReadOnlyList<StoredAttribute> Before, IReadOnlyList<StoredAttribute> After)> ReplaceAttributesAsync(
        SluiceContext context, Guid person, string? source, Func<IReadOnlyList<StoredAttribute>, IReadOnlyList<StoredAttribute>> change,
        CancellationToken cancellationToken)
    {
        var stored = source ?? "";
        var rows = await context.PersonAttributes.Where(a => a.PersonId == person && a.Source == stored).OrderBy(a => a.Name).ThenBy(a => a.Value).ToListAsync(cancellationToken);
        var after = change(rows.ConvertAll(PeopleRows.Attribute)).Select(a => PeopleRows.Row(person, a with { Source = source })).ToList();
        var names = rows.Select(a => a.Name).Concat(after.Select(a => a.Name)).Distinct(StringComparer.Ordinal).ToList();
        var before = await AttributeNamesAsync(context, names, cancellationToken);
        await context.PersonAttributes.Where(a => a.PersonId == person && a.Source == stored).ExecuteDeleteAsync(cancellationToken);
        context.PersonAttributes.AddRange(after);
        await context.SaveChangesAsync(cancellationToken);
        // A name that comes or goes, or is no longer one source's alone, changes what rules mean for everybody.
        if (!before.SetEquals(await AttributeNamesAsync(context, names, cancellationToken))) await PeopleLedger.MarkAsync(context, [PeopleLedger.Everybody], cancellationToken);
        return (rows.ConvertAll(PeopleRows.Attribute), after.ConvertAll(PeopleRows.Attribute));
    }

    internal static async Task RefuseTakenUsernameAsync(SluiceContext context, Guid id, string username, CancellationToken cancellationToken)
    {
        var key = PeopleRows.Key(username);
        if (await context.People.Where(p => p.UsernameKey == key && p.Id != id).Select(p => p.Username).SingleOrDefaultAsync(cancellationToken) is { } holder)
            throw new PeopleConflictException(PeopleConflict.UsernameTaken, $"The username '{username}' is taken by '{holder}' (usernames are compared ignoring case).");
    }

    private Task<StoredPerson> WriteAsync(
        Guid id, Func<SluiceContext, PersonRow, CancellationToken, Task<Func<DateTimeOffset, AuditEvent?>>> change, IReadOnlyList<long>? ifRevision, IReadOnlySet<Guid> self,
        CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        return database.WriteAsync(
            async (context, token) =>
            {
                var row = await LockAsync(context, id, ifRevision, self, token);
                var record = await change(context, row, token);
                row.Revision++;
                row.UpdatedAt = at;
                await context.SaveChangesAsync(token);
                await PeopleLedger.MarkAsync(context, [id], token);
                if (record(at) is { } changed) await audit.AppendAsync(context, changed, token);
                return PeopleRows.Person(row);
            },
            cancellationToken);
    }

    private static async Task<PersonRow> LockAsync(
        SluiceContext context, Guid id, IReadOnlyList<long>? ifRevision, IReadOnlySet<Guid> self, CancellationToken cancellationToken)
    {
        await PeopleLedger.LockAsync(context, cancellationToken);
        var row = await context.People.AsTracking().SingleOrDefaultAsync(p => p.Id == id, cancellationToken)
            ?? throw new PeopleConflictException(PeopleConflict.NotFound, $"There is no user {id}.");
        if (self.Contains(id))
            throw new PeopleConflictException(PeopleConflict.Own, $"'{row.Username}' is you, or whoever made the key you came with. Nobody changes what they are entitled to themselves: ask another user administrator.");
        if (ifRevision?.Contains(row.Revision) is false)
            throw new PeopleConflictException(PeopleConflict.RevisionChanged, $"The user '{row.Username}' has been changed since they were read. Read them again and repeat the change.");
        return row;
    }

    private static async Task<HashSet<(string, string)>> AttributeNamesAsync(SluiceContext context, List<string> names, CancellationToken cancellationToken) =>
        (await context.PersonAttributes.Where(a => names.Contains(a.Name)).Select(a => new { a.Name, a.Source }).Distinct().ToListAsync(cancellationToken))
        .Select(a => (a.Name, a.Source)).ToHashSet();

    // The caller saves.
    private static async Task DepartAsync(SluiceContext context, Guid id, CancellationToken cancellationToken) =>
        context.DepartedIdentities.AddRange(
            (await context.PlatformIdentities
                .Where(i => i.PersonId == id && !context.PlatformIdentities.Any(o => o.ConnectionId == i.ConnectionId && o.Name == i.Name && o.PersonId != id))
                .ToListAsync(cancellationToken))
            .Select(static i => new DepartedIdentityRow { ConnectionId = i.ConnectionId, Name = i.Name }));

    private static async Task<List<StoredIdentity>> IdentitiesAsync(SluiceContext context, Guid id, CancellationToken cancellationToken)
    {
        var rows = await context.PlatformIdentities.Where(i => i.PersonId == id)
            .Join(context.Connections, i => i.ConnectionId, c => c.Id, (i, c) => new { i.ConnectionId, c.Key, c.KeyNormalized, i.Name, i.Shared })
            .OrderBy(i => i.KeyNormalized).ThenBy(i => i.Name).ToListAsync(cancellationToken);
        return rows.ConvertAll(i => new StoredIdentity(i.ConnectionId, i.Key, i.Name, i.Shared));
    }

    private static async Task RefuseTakenIdentityAsync(SluiceContext context, Guid id, StoredIdentity identity, CancellationToken cancellationToken)
    {
        if (!await context.Connections.AnyAsync(c => c.Id == identity.ConnectionId, cancellationToken))
            throw new PeopleConflictException(PeopleConflict.NotFound, $"There is no connection '{identity.ConnectionKey}'.");
        var holder = await context.PlatformIdentities
            .Where(i => i.ConnectionId == identity.ConnectionId && i.Name == identity.Name && i.PersonId != id && !(i.Shared && identity.IsShared))
            .Join(context.People, i => i.PersonId, p => p.Id, (_, p) => p.Username).OrderBy(u => u).FirstOrDefaultAsync(cancellationToken);
        if (holder is null) return;
        throw new PeopleConflictException(
            PeopleConflict.IdentityTaken,
            $"'{identity.Name}' on '{identity.ConnectionKey}' is the identity of '{holder}'. Several people hold one only when each of them holds it with shared: true.");
    }
}
