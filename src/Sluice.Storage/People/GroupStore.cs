using Microsoft.EntityFrameworkCore;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;

namespace Sluice.Storage.People;

internal sealed class GroupStore(Database database, AuditAppender audit, TimeProvider time, Actor? by = null) : IGroupStore
{
    private readonly Actor _by = by ?? Actor.Server;

    public IGroupStore As(Actor by) => new GroupStore(database, audit, time, by);

    public async Task<StoredGroup?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var row = await database.ReadAsync((context, token) => context.Groups.SingleOrDefaultAsync(g => g.Id == id, token), cancellationToken);
        return row is null ? null : PeopleRows.Group(row);
    }

    public async Task<StoredGroup?> FindAsync(string? source, string name, CancellationToken cancellationToken)
    {
        var stored = source ?? "";
        if (!StorableText.Is(stored) || !StorableText.Is(name)) return null;
        var row = await database.ReadAsync(
            (context, token) => context.Groups.SingleOrDefaultAsync(g => g.Source == stored && g.Name == name, token), cancellationToken);
        return row is null ? null : PeopleRows.Group(row);
    }

    public Task<PeoplePage<StoredGroup>> SearchAsync(GroupQuery query, CancellationToken cancellationToken)
    {
        if (!StorableText.Is(query.Name ?? "") || !StorableText.Is(query.Source ?? "")) return Task.FromResult(new PeoplePage<StoredGroup>(0, []));
        return database.SnapshotAsync(
            async (context, token) =>
            {
                var groups = context.Groups.AsQueryable();
                if (query.Name is { } name) groups = groups.Where(g => g.Name.Contains(name));
                if (query.Source is { } source) groups = groups.Where(g => g.Source == source);
                var count = await groups.LongCountAsync(token);
                var rows = await groups.OrderBy(g => g.Name).ThenBy(g => g.Source).Skip(query.Offset).Take(query.Size).ToListAsync(token);
                return new PeoplePage<StoredGroup>(count, rows.ConvertAll(PeopleRows.Group));
            },
            cancellationToken);
    }

    public Task<StoredGroup> AddAsync(
        Guid id, string? source, string name, string? externalId, IReadOnlyList<Guid> members, IReadOnlySet<Guid> self, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        return database.WriteAsync(
            async (context, token) =>
            {
                await PeopleLedger.LockAsync(context, token);
                var row = new GroupRow { Id = id, Source = source ?? "", Name = name, ExternalId = externalId, CreatedAt = at, UpdatedAt = at, Revision = 1 };
                await RefuseTakenNameAsync(context, row, token);
                context.Groups.Add(row);
                await context.SaveChangesAsync(token);
                await SetMembersAsync(context, row, new HashSet<Guid>(), members.ToHashSet(), self, token);
                await PeopleLedger.MarkAsync(context, [PeopleLedger.Everybody], token);
                await audit.AppendAsync(context, PeopleEvents.GroupAdded(row, members, _by, at), token);
                return PeopleRows.Group(row);
            },
            cancellationToken);
    }

    public Task<StoredGroup> RenameAsync(
        Guid id, string name, string? externalId, IReadOnlyList<long>? ifRevision, IReadOnlySet<Guid> self, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        return database.WriteAsync(
            async (context, token) =>
            {
                var row = await LockAsync(context, id, ifRevision, token);
                var from = PeopleRows.FullName(row);
                var isRenamed = row.Name != name;
                if (isRenamed) await RefuseIfInAsync(context, id, self, token);
                row.Name = name;
                row.ExternalId = externalId;
                row.Revision++;
                row.UpdatedAt = at;
                await RefuseTakenNameAsync(context, row, token);
                await context.SaveChangesAsync(token);
                if (isRenamed) await PeopleLedger.MarkAsync(context, [PeopleLedger.Everybody], token);
                if (PeopleEvents.GroupRenamed(row, from, _by, at) is { } renamed) await audit.AppendAsync(context, renamed, token);
                return PeopleRows.Group(row);
            },
            cancellationToken);
    }

    public Task<StoredGroup> DeleteAsync(Guid id, IReadOnlyList<long>? ifRevision, IReadOnlySet<Guid> self, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                var row = await LockAsync(context, id, ifRevision, token);
                await RefuseIfInAsync(context, id, self, token);
                var members = await context.GroupMembers.CountAsync(m => m.GroupId == id, token);
                await context.GroupMembers.Where(m => m.GroupId == id || m.MemberId == id).ExecuteDeleteAsync(token);
                await context.Groups.Where(g => g.Id == id).ExecuteDeleteAsync(token);
                await PeopleLedger.MarkAsync(context, [PeopleLedger.Everybody], token);
                await audit.AppendAsync(context, PeopleEvents.GroupDeleted(row, members, _by, time.GetUtcNow()), token);
                return PeopleRows.Group(row);
            },
            cancellationToken);

    public Task<IReadOnlyList<StoredMember>> MembersAsync(Guid id, CancellationToken cancellationToken) =>
        database.SnapshotAsync<IReadOnlyList<StoredMember>>(
            async (context, token) =>
            {
                var people = await context.GroupMembers.Where(m => m.GroupId == id)
                    .Join(context.People, m => m.MemberId, p => p.Id, (_, p) => new { p.Id, p.Username, p.UsernameKey }).OrderBy(p => p.UsernameKey).ToListAsync(token);
                var groups = await context.GroupMembers.Where(m => m.GroupId == id)
                    .Join(context.Groups, m => m.MemberId, g => g.Id, (_, g) => g).OrderBy(g => g.Name).ThenBy(g => g.Source).ToListAsync(token);
                return [.. groups.Select(g => new StoredMember(g.Id, true, PeopleRows.FullName(g))), .. people.Select(p => new StoredMember(p.Id, false, p.Username))];
            },
            cancellationToken);

    public Task<StoredGroup> ChangeMembersAsync(
        Guid id, Func<IReadOnlySet<Guid>, IReadOnlySet<Guid>> change, IReadOnlyList<long>? ifRevision, IReadOnlySet<Guid> self,
        CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        return database.WriteAsync(
            async (context, token) =>
            {
                var row = await LockAsync(context, id, ifRevision, token);
                var before = (await context.GroupMembers.Where(m => m.GroupId == id).Select(m => m.MemberId).ToListAsync(token)).ToHashSet();
                var after = change(before);
                var touched = await SetMembersAsync(context, row, before, after, self, token);
                row.Revision++;
                row.UpdatedAt = at;
                await context.SaveChangesAsync(token);
                await PeopleLedger.MarkAsync(context, touched, token);
                if (PeopleEvents.GroupMembersChanged(row, before, after, _by, at) is { } changed) await audit.AppendAsync(context, changed, token);
                return PeopleRows.Group(row);
            },
            cancellationToken);
    }

    public async Task<IReadOnlyList<StoredGroup>> GroupsOfAsync(Guid memberId, bool inherited, CancellationToken cancellationToken)
    {
        var rows = await database.SnapshotAsync(
            async (context, token) =>
            {
                var ids = inherited
                    ? await GroupTree.GroupsAboveAsync(context, memberId, token)
                    : await context.GroupMembers.Where(m => m.MemberId == memberId).Select(m => m.GroupId).ToListAsync(token);
                return await context.Groups.Where(g => ids.Contains(g.Id)).OrderBy(g => g.Name).ThenBy(g => g.Source).ToListAsync(token);
            },
            cancellationToken);
        return rows.ConvertAll(PeopleRows.Group);
    }

    public async Task<ILookup<Guid, StoredGroup>> DirectGroupsOfAsync(IReadOnlyCollection<Guid> members, CancellationToken cancellationToken) =>
        await database.SnapshotAsync(
            async (context, token) =>
            {
                var memberships = await context.QueryAsync(
                    $"SELECT member_id, group_id FROM group_members WHERE member_id {context.Dialect.In("@members")}",
                    row => (Member: row.GetGuid(0), Group: row.GetGuid(1)), token, ("@members", context.Dialect.List(members)));
                if (memberships.Count == 0) return Array.Empty<(Guid Member, StoredGroup Group)>().ToLookup(m => m.Member, m => m.Group);
                var groups = await context.Groups.ToDictionaryAsync(g => g.Id, PeopleRows.Group, token);
                return memberships.Select(m => (m.Member, Group: groups[m.Group])).OrderBy(m => m.Group.Name, StringComparer.Ordinal).ToLookup(m => m.Member, m => m.Group);
            },
            cancellationToken);

    /// <summary>Sets who is in a group. The lock is held.</summary>
    /// <returns>The people whose groups that changes.</returns>
    internal static async Task<IReadOnlyCollection<Guid>> SetMembersAsync(
        SluiceContext context, GroupRow group, IReadOnlySet<Guid> before, IReadOnlySet<Guid> after, IReadOnlySet<Guid> self, CancellationToken cancellationToken)
    {
        var gone = before.Except(after).ToList();
        var added = after.Except(before).ToList();
        var people = (await context.People.Where(p => added.Contains(p.Id)).Select(p => p.Id).ToListAsync(cancellationToken)).ToHashSet();
        var groups = (await context.Groups.Where(g => added.Contains(g.Id)).Select(g => g.Id).ToListAsync(cancellationToken)).ToHashSet();
        foreach (var id in added.Where(a => !people.Contains(a) && !groups.Contains(a)))
            throw new PeopleConflictException(PeopleConflict.NotFound, $"There is no user or group {id} to be in '{PeopleRows.FullName(group)}'.");
        foreach (var id in added.Where(groups.Contains)) await RefuseCycleAsync(context, group, id, cancellationToken);

        var goneGroups = await context.GroupMembers.Where(m => m.GroupId == group.Id && m.IsGroup && gone.Contains(m.MemberId)).Select(m => m.MemberId).ToListAsync(cancellationToken);
        var touched = new HashSet<Guid>(gone.Except(goneGroups).Concat(people));
        foreach (var id in goneGroups.Concat(groups)) touched.UnionWith(await GroupTree.PeopleInAsync(context, id, cancellationToken));
        if (touched.Overlaps(self)) throw Own(PeopleRows.FullName(group));

        await context.GroupMembers.Where(m => m.GroupId == group.Id && gone.Contains(m.MemberId)).ExecuteDeleteAsync(cancellationToken);
        context.GroupMembers.AddRange(added.Select(a => new GroupMemberRow { GroupId = group.Id, MemberId = a, IsGroup = groups.Contains(a) }));
        await context.SaveChangesAsync(cancellationToken);
        return touched;
    }

    private static async Task<GroupRow> LockAsync(SluiceContext context, Guid id, IReadOnlyList<long>? ifRevision, CancellationToken cancellationToken)
    {
        await PeopleLedger.LockAsync(context, cancellationToken);
        var row = await context.Groups.AsTracking().SingleOrDefaultAsync(g => g.Id == id, cancellationToken)
            ?? throw new PeopleConflictException(PeopleConflict.NotFound, $"There is no group {id}.");
        if (ifRevision?.Contains(row.Revision) is false)
            throw new PeopleConflictException(PeopleConflict.RevisionChanged, $"The group '{PeopleRows.FullName(row)}' has been changed since it was read. Read it again and repeat the change.");
        return row;
    }

    private static async Task RefuseTakenNameAsync(SluiceContext context, GroupRow row, CancellationToken cancellationToken)
    {
        if (await context.Groups.AnyAsync(g => g.Source == row.Source && g.Name == row.Name && g.Id != row.Id, cancellationToken))
            throw new PeopleConflictException(PeopleConflict.GroupNameTaken, $"There is a group '{PeopleRows.FullName(row)}' already.");
    }

    private static async Task RefuseIfInAsync(SluiceContext context, Guid id, IReadOnlySet<Guid> self, CancellationToken cancellationToken)
    {
        if (self.Count == 0 || !self.Overlaps(await GroupTree.PeopleInAsync(context, id, cancellationToken))) return;
        throw Own(PeopleRows.FullName(await context.Groups.SingleAsync(g => g.Id == id, cancellationToken)));
    }

    private static async Task RefuseCycleAsync(SluiceContext context, GroupRow group, Guid member, CancellationToken cancellationToken)
    {
        if (await GroupTree.WayAsync(context, member, group.Id, cancellationToken) is not { } way) return;
        var named = await context.Groups.Where(g => way.Contains(g.Id)).ToDictionaryAsync(g => g.Id, PeopleRows.FullName, cancellationToken);
        throw new PeopleConflictException(
            PeopleConflict.Cycle, $"A group can't be in itself: {string.Join(" > ", way.Prepend(group.Id).Select(id => $"'{named[id]}'"))}.");
    }

    private static PeopleConflictException Own(string group) => new(
        PeopleConflict.Own,
        $"You, or whoever made the key you came with, would be in '{group}' or no longer be. Nobody changes their own groups: ask another user administrator.");
}
