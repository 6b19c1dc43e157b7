using Microsoft.EntityFrameworkCore;
using Sluice.Core.Audit;
using Sluice.Storage.Audit;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;

namespace Sluice.Storage.People;

internal sealed class PeopleImport(Database database, AuditAppender audit, TimeProvider time, Actor? by = null) : IPeopleImport
{
    private readonly Actor _by = by ?? Actor.Server;

    public IPeopleImport As(Actor by) => new PeopleImport(database, audit, time, by);

    public Task<ImportCounts> ImportAsync(
        IReadOnlyList<ImportedPerson> people, Func<StoredPerson?, PersonDetails, string?> judge, IReadOnlySet<Guid> self, bool isDryRun,
        CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        return database.WriteAsync(
            async (context, token) =>
            {
                await PeopleLedger.LockAsync(context, token);
                var work = await Work.LoadAsync(context, _by, at, token);
                var problems = new List<(int, string)>();
                for (var i = 0; i < people.Count; i++)
                    if (work.Put(people[i], judge, self) is { } problem) problems.Add((i, problem));
                if (problems.Count > 0) throw new ImportRefusedException(problems);
                if (!isDryRun)
                {
                    await work.SaveAsync(token);
                    await audit.AppendAsync(context, work.Events, token);
                }

                return work.Counts;
            },
            cancellationToken);
    }

    /// <summary>Everything that is there, read once, and what becomes of it.</summary>
    private sealed class Work(SluiceContext context, Actor by, DateTimeOffset at)
    {
        private readonly List<Guid> _changed = [];
        private readonly List<AuditEvent> _events = [];
        private Dictionary<string, PersonRow> _people = [];
        private Dictionary<string, Guid> _groups = [];
        private ILookup<Guid, PersonAttributeRow> _attributes = Array.Empty<PersonAttributeRow>().ToLookup(a => a.PersonId);
        private ILookup<Guid, GroupMemberRow> _memberships = Array.Empty<GroupMemberRow>().ToLookup(m => m.MemberId);
        private int _added;
        private int _unchanged;

        public ImportCounts Counts => new(_added, _changed.Count - _added, _unchanged);

        public IReadOnlyList<AuditEvent> Events => _events;

        public static async Task<Work> LoadAsync(SluiceContext context, Actor by, DateTimeOffset at, CancellationToken cancellationToken)
        {
            var groups = await context.Groups.Where(g => g.Source == "").ToDictionaryAsync(g => g.Name, g => g.Id, StringComparer.Ordinal, cancellationToken);
            var local = groups.Values.ToHashSet();
            var memberships = await context.GroupMembers.Where(m => !m.IsGroup).ToListAsync(cancellationToken);
            return new Work(context, by, at)
            {
                _people = await context.People.AsTracking().ToDictionaryAsync(p => p.UsernameKey, StringComparer.Ordinal, cancellationToken),
                _groups = groups,
                _attributes = (await context.PersonAttributes.Where(a => a.Source == "").ToListAsync(cancellationToken)).ToLookup(a => a.PersonId),
                _memberships = memberships.Where(m => local.Contains(m.GroupId)).ToLookup(m => m.MemberId),
            };
        }

        /// <summary>Takes one in; or says what is wrong.</summary>
        public string? Put(ImportedPerson person, Func<StoredPerson?, PersonDetails, string?> judge, IReadOnlySet<Guid> self)
        {
            var row = _people.GetValueOrDefault(PeopleRows.Key(person.Username));
            var before = row is null ? null : PeopleRows.Person(row);
            var said = person.Said(before?.Details);
            if (judge(before, said) is { } problem) return problem;
            if (person.Groups?.FirstOrDefault(g => !_groups.ContainsKey(g)) is { } unknown) return $"'{unknown}' is no group that is kept here";

            var id = row?.Id ?? person.NewId;
            var attributes = Attributes(id, person.Attributes);
            var groups = Groups(id, person.Groups);
            if (before is not null && before.Details == said && attributes is null && groups is null)
            {
                _unchanged++;
                return null;
            }

            if (self.Contains(id)) return "is you, or whoever made the key you came with: nobody changes what they are entitled to themselves";
            if (row is null)
            {
                row = new PersonRow { Id = id, CreatedAt = at };
                context.People.Add(row);
                _added++;
            }

            PeopleRows.Put(row, said);
            row.UpdatedAt = at;
            row.Revision++;
            if (attributes is { } a) Replace(a.Before, a.After);
            if (groups is { } g) Replace(g.Before, g.After);
            _changed.Add(id);
            _events.Add(PeopleEvents.Imported(
                id, before?.Details, said,
                attributes is { } changedAttributes ? (changedAttributes.Before.ConvertAll(PeopleRows.Attribute), changedAttributes.After.ConvertAll(PeopleRows.Attribute)) : null,
                groups is { } changedGroups ? (changedGroups.Before.ConvertAll(static m => m.GroupId), changedGroups.After.ConvertAll(static m => m.GroupId)) : null,
                by, at));
            return null;
        }

        public async Task SaveAsync(CancellationToken cancellationToken)
        {
            if (_changed.Count == 0) return;
            await context.SaveChangesAsync(cancellationToken);
            // A name of an attribute may have come or gone.
            await PeopleLedger.MarkAsync(context, [.. _changed, PeopleLedger.Everybody], cancellationToken);
        }

        private (List<PersonAttributeRow> Before, List<PersonAttributeRow> After)? Attributes(Guid id, IReadOnlyList<StoredAttribute>? wanted)
        {
            if (wanted is null) return null;
            var before = _attributes[id].ToList();
            if (before.Select(PeopleRows.Attribute).ToHashSet().SetEquals(wanted)) return null;
            return (before, [.. wanted.Select(a => PeopleRows.Row(id, a))]);
        }

        private (List<GroupMemberRow> Before, List<GroupMemberRow> After)? Groups(Guid id, IReadOnlyList<string>? wanted)
        {
            if (wanted is null) return null;
            var before = _memberships[id].ToList();
            var after = wanted.Select(g => _groups[g]).ToHashSet();
            if (after.SetEquals(before.Select(m => m.GroupId))) return null;
            return (before, [.. after.Select(g => new GroupMemberRow { GroupId = g, MemberId = id })]);
        }

        // A row that stays is told as changed, for the tracker takes no key both deleted and added.
        private void Replace<T>(List<T> before, List<T> after) where T : class
        {
            foreach (var row in before) context.Entry(row).State = EntityState.Deleted;
            foreach (var row in after)
            {
                var same = before.Find(b => Same(b, row));
                if (same is null) context.Add(row);
                else
                {
                    context.Entry(same).State = EntityState.Unchanged;
                    context.Entry(same).CurrentValues.SetValues(row);
                }
            }
        }

        private static bool Same<T>(T a, T b) => (a, b) switch
        {
            (PersonAttributeRow x, PersonAttributeRow y) => x.Name == y.Name && x.Value == y.Value,
            (GroupMemberRow x, GroupMemberRow y) => x.GroupId == y.GroupId,
            _ => false,
        };
    }
}
