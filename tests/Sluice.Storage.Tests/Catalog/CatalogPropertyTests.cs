using CsCheck;
using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;

namespace Sluice.Storage.Tests.Catalog;

/// <summary>Random sequences of everything that changes a tree, against a naive model of it.</summary>
public sealed class CatalogPropertyTests
{
    private const int Steps = 40;
    private static readonly string[] Names = ["a", "b", "c", "é/"];

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task The_store_agrees_with_a_naive_model_after_any_sequence_of_changes(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var sequence = 0;
        await Gen.Int.SampleAsync(
            async seed => await new Walk(database, $"c{Interlocked.Increment(ref sequence)}", new Random(seed)).RunAsync(),
            iter: database.IsSqlite ? 60 : 10, threads: 1);
    }

    private sealed class Walk(TestDatabase database, string key, Random random)
    {
        private readonly NaiveCatalog _model = new();
        private TestTree _tree = null!;
        private int _nativeIds;

        public async Task RunAsync()
        {
            _tree = await TestTree.CreateAsync(database, key);
            _model.Add(_tree.Connection.RootObjectId, null, null, null, default).IsActive = false;
            for (var step = 0; step < Steps; step++)
            {
                database.Clock.Advance(TimeSpan.FromSeconds(1));
                await (random.Next(10) switch
                {
                    < 4 => CrawlAsync(Pick(n => n.Found?.Kind.IsReadable() != true)),
                    < 8 => OverrideAsync(Pick(_ => true)),
                    8 => DeleteAsync(),
                    _ => CrawlAsync(_model.Root),
                });
                await CompareAsync();
            }
        }

        /// <summary>The container as a platform might show it next: some children gone, renamed, changed, created again.</summary>
        private async Task CrawlAsync(NaiveCatalog.Node container)
        {
            if (container.MissingSince is not null) return;
            var depth = container.Path.Count(c => c == '/');
            var used = new HashSet<string>();
            var found = new List<DiscoveredObject>();
            foreach (var child in container.Children.Where(_ => random.Next(5) > 0))
            {
                var name = random.Next(4) == 0 ? Names[random.Next(Names.Length)] : child.Name;
                if (!used.Add(name)) continue;
                var isCreatedAgain = random.Next(6) == 0;
                var content = random.Next(3) == 0 ? random.Next() : (int?)null;
                found.Add(Show(container, name, child.Found!.Kind, isCreatedAgain ? NewId() : child.Found.NativeId, content, child.Found));
            }

            for (var i = random.Next(3); i > 0; i--)
            {
                var name = Names[random.Next(Names.Length)];
                if (used.Add(name)) found.Add(Show(container, name, depth == 0 ? ObjectKind.Database : random.Next(2) == 0 && depth == 1 ? ObjectKind.Schema : ObjectKind.Table, NewId(), random.Next(), null));
            }

            var merge = new ContainerMerge(await database.Catalog.ChildrenAsync(container.Id, TestDatabase.Ending));
            await WriteAsync(container, [.. merge.Merge(found)]);
            await WriteAsync(container, [.. merge.Complete()]);
        }

        private async Task WriteAsync(NaiveCatalog.Node container, List<CatalogChange> changes)
        {
            var at = database.Clock.Now;
            var lineage = (await database.Catalog.FindAsync(Path(container), TestDatabase.Ending))!.Lineage;
            var inserts = new List<ObjectInsert>();
            foreach (var add in changes.OfType<CatalogChange.Add>())
            {
                var id = await database.Catalog.ReserveIdsAsync(1, TestDatabase.Ending);
                inserts.Add(new ObjectInsert(id, container.Id, $"{lineage}{id}/", add.Found, add.Replaces));
            }

            var updates = changes.OfType<CatalogChange.Update>().ToList();
            var missing = changes.OfType<CatalogChange.MarkMissing>().Select(m => m.Id).ToList();
            await _tree.ApplyAsync(w => w with { Inserts = inserts, Updates = updates, Missing = missing });

            foreach (var id in missing) NaiveCatalog.Miss(_model.Of(id), at);
            NaiveCatalog.Update(updates.ConvertAll(u => (_model.Of(u.Id), u)));
            foreach (var insert in inserts) _model.Add(insert.Id, container, insert.Found, insert.Replaces is { } old ? _model.Of(old) : null, at);
        }

        private async Task OverrideAsync(NaiveCatalog.Node node)
        {
            bool?[] values = [true, false, null];
            var (isActive, activateNew) = (values[random.Next(3)], values[random.Next(3)]);
            var owners = random.Next(2) == 0 ? $"o{random.Next(3)}" : null;
            var which = random.Next(1, 8);
            var before = _model.Root.Subtree().Where(n => n.IsVisible && n.Active && n.Found?.Kind.IsReadable() == true).ToHashSet();
            var changed = await database.Catalog.ChangeSettingsAsync(
                Path(node),
                new SettingsChange(
                    (which & 1) != 0 ? Given<bool?>.Of(isActive) : default,
                    (which & 2) != 0 ? Given<bool?>.Of(activateNew) : default,
                    (which & 4) != 0 ? Given<IReadOnlyList<string>?>.Of(owners is null ? null : [owners]) : default),
                Samples.Ada, null, TestDatabase.Ending);
            if ((which & 1) != 0) node.IsActive = isActive;
            if ((which & 2) != 0) node.ActivateNew = activateNew;
            if ((which & 4) != 0) node.Owners = owners;
            var after = _model.Root.Subtree().Where(n => n.IsVisible && n.Active && n.Found?.Kind.IsReadable() == true).ToHashSet();
            changed.ShouldBe(new SettingsChanged(after.Except(before).Count(), before.Except(after).Count()));
        }

        private async Task DeleteAsync()
        {
            var node = Pick(n => n.Parent is not null);
            if (node.Parent is null) return;
            (await database.Catalog.DeleteAsync(Path(node), null, Samples.Ada, TestDatabase.Ending)).ShouldBe(node.VisibleBelow().Count());
            _model.Delete(node);
        }

        private async Task CompareAsync()
        {
            var stored = new List<StoredObject>();
            for (var offset = 0; ; offset += 7)
            {
                var page = await database.Catalog.SearchAsync(
                    new ObjectQuery { Parent = new ObjectPath(key), Descendants = true, Offset = offset, Size = 7 }, TestDatabase.Ending);
                stored.AddRange(page.Hits);
                if (stored.Count >= page.Count) break;
            }

            var expected = _model.Visible().Skip(1).Select(n => Told(n)).Order(StringComparer.Ordinal);
            stored.Select(Told).Order(StringComparer.Ordinal).ShouldBe(expected);

            var active = await database.Catalog.SearchAsync(
                new ObjectQuery { Parent = new ObjectPath(key), Descendants = true, Active = true, Size = 1000 }, TestDatabase.Ending);
            active.Hits.Select(h => h.Id).Order().ShouldBe(_model.Visible().Skip(1).Where(n => n.Active).Select(n => n.Id).Order());

            var some = Pick(_ => true);
            (await database.Catalog.EnterableAsync(Path(some), TestDatabase.Ending)).ShouldBe(
                some.Subtree().Where(n => n.IsVisible && n.Parent is not null && n.Found!.Kind.IsReadable() == false)
                    .Where(n => n.Wanted || n.VisibleBelow().Any(b => b.IsActive == true)).Select(Path), ignoreOrder: true);
            (await database.Catalog.HeldBackAsync(Path(some), TestDatabase.Ending)).Values.Sum().ShouldBe(
                some.Subtree().Count(n => n.IsVisible && n.Found?.Kind.IsReadable() == true && n.Wanted && n.MissingSince is null && !n.Active));

            foreach (var node in _model.Visible().Where(n => n.Found?.Columns.Count > 0).Take(3))
            {
                var columns = await database.Catalog.ColumnsAsync(node.Id, TestDatabase.Ending);
                columns.Select(c => c.Column).ShouldBe(node.Found!.Columns);
                columns.Where(c => c.IsDiscoveredNew).Select(c => c.Column.Name).ShouldBe(node.NewColumns);
            }

            (await database.NumberAsync("SELECT count(*) FROM data_columns WHERE object_id NOT IN (SELECT id FROM data_objects)")).ShouldBe(0);
        }

        private static string Told(StoredObject o) =>
            $"{o.Id} {string.Join('/', o.Path.Names.Skip(1))} {o.Kind} {o.NativeId} {o.Comment} {o.Governance} {o.Overrides.IsActive}|{o.Overrides.ActivateNewChildren}|{o.Overrides.DataOwners?[0]} "
            + $"{o.Effective.IsActive}|{o.Effective.ActivateNewChildren}|{o.Effective.DataOwners?[0]} {o.Descendants} {o.MissingSince?.UtcTicks} {o.ChildCount}";

        private static string Told(NaiveCatalog.Node n)
        {
            var below = n.VisibleBelow().ToList();
            var descendants = new DescendantOverrides(below.Exists(b => b.IsActive is not null), below.Exists(b => b.ActivateNew is not null), below.Exists(b => b.Owners is not null));
            return $"{n.Id} {n.Path[1..]} {n.Found!.Kind} {n.Found.NativeId} {n.Found.Comment} {n.Found.Governance} {n.IsActive}|{n.ActivateNew}|{n.Owners} "
                + $"{n.Wanted}|{Nearest(n, x => x.ActivateNew)}|{Nearest(n, x => x.Owners)} {descendants} {n.MissingSince?.UtcTicks} {n.Children.Count(c => !c.IsReplaced)}";
        }

        private static object? Nearest(NaiveCatalog.Node? node, Func<NaiveCatalog.Node, object?> setting) =>
            node is null ? null : setting(node) ?? Nearest(node.Parent, setting);

        private NaiveCatalog.Node Pick(Func<NaiveCatalog.Node, bool> which)
        {
            var nodes = _model.Visible().Where(which).ToList();
            return nodes.Count == 0 ? _model.Root : nodes[random.Next(nodes.Count)];
        }

        private ObjectPath Path(NaiveCatalog.Node node) => node.Parent is null ? new ObjectPath(key) : Path(node.Parent).Child(node.Name);

        private DiscoveredObject Show(NaiveCatalog.Node container, string name, ObjectKind kind, string? nativeId, int? content, DiscoveredObject? before) => new()
        {
            Path = Path(container).Child(name),
            Kind = kind,
            NativeId = nativeId,
            Comment = content is null ? before?.Comment : $"{content}",
            Governance = content is null ? before!.Governance : (Governance)(content.Value % 3),
            Columns = !kind.IsReadable() ? [] : content is null ? before!.Columns : Columns(content.Value),
        };

        private static List<DiscoveredColumn> Columns(int content) =>
            [.. Enumerable.Range(0, 4).Where(i => (content >> i & 1) != 0).Select(i => new DiscoveredColumn($"c{(content >> 8 & 1) ^ i}", (content >> (4 + i) & 1) != 0 ? "int" : "text", $"{i}"))];

        private string NewId() => $"n{_nativeIds++}";
    }
}
