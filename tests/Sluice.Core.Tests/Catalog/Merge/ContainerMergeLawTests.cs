using CsCheck;
using Sluice.Core.Catalog;
using Sluice.Core.Tests.Fuzzing;

namespace Sluice.Core.Tests.Catalog.Merge;

/// <summary>Laws of the merge over random lives of a container. Each failure prints its scenario, shrunk.</summary>
public sealed class ContainerMergeLawTests
{
    private static readonly int Iterations = Fuzz.IsLong ? 200_000 : 6_000;

    [Fact]
    public void After_every_crawl_the_store_is_what_the_naive_reconciler_says() => ForEveryCrawl(
        Scenario.Any, (before, listing, plan, after) =>
        {
            var expected = NaiveReconciler.After(before, listing);
            NaiveReconciler.Canonical(after, before).ShouldBe(NaiveReconciler.Canonical(expected, before));
        });

    [Fact]
    public void After_every_crawl_the_present_rows_are_exactly_the_remote_ones() => ForEveryCrawl(
        Scenario.Any, (_, listing, _, after) => ShouldMirror(after, listing));

    [Fact]
    public void Crawling_twice_is_crawling_once() => ForEveryCrawl(
        Scenario.Any, (_, listing, plan, after) =>
        {
            var merge = new ContainerMerge(after.Known());
            foreach (var page in plan.Pages(listing))
                merge.Merge(page.Select(t => t.Discovered())).ShouldBeEmpty();
            merge.HoldsChanges.ShouldBeFalse();
            merge.Complete().ShouldBeEmpty();
        });

    [Fact]
    public void Order_size_and_repetition_of_pages_do_not_matter() => Gen.Select(Scenario.Any, Scenario.Steps, Scenario.AnyPlan).Sample(
        (life, steps, plan) =>
        {
            var (remote, store) = Live(life);
            remote.Take(steps);
            var plain = Crawl.Run(store, remote.Tables, CrawlPlan.Plain);
            var other = Crawl.Run(store, remote.Tables, plan with { DiesAfter = [] });
            NaiveReconciler.Canonical(other, store).ShouldBe(NaiveReconciler.Canonical(plain, store));
        },
        iter: Iterations);

    [Fact]
    public void A_crawl_that_dies_and_goes_on_ends_like_one_that_did_not() => Gen.Select(
        Scenario.Any, Scenario.Steps, Scenario.AnyPlan, Gen.Int[0, 5].Array[1, 3]).Sample(
        (life, steps, plan, deaths) =>
        {
            var (remote, store) = Live(life);
            remote.Take(steps);
            var whole = Crawl.Run(store, remote.Tables, plan with { DiesAfter = [] });
            var torn = Crawl.Run(store, remote.Tables, plan with { DiesAfter = deaths });
            NaiveReconciler.Canonical(torn, store).ShouldBe(NaiveReconciler.Canonical(whole, store));
        },
        iter: Iterations);

    [Fact]
    public void What_is_listed_with_the_stored_stamp_need_not_be_read() => Gen.Select(Scenario.Any, Scenario.Steps, Scenario.AnyPlan).Sample(
        (life, steps, plan) =>
        {
            var (remote, store) = Live(life);
            remote.Take(steps);
            var whole = Crawl.Run(store, remote.Tables, plan);
            var incremental = Crawl.Run(store, remote.Tables, plan, isIncremental: true);
            NaiveReconciler.Canonical(incremental, store).ShouldBe(NaiveReconciler.Canonical(whole, store));
        },
        iter: Iterations);

    [Fact]
    public void A_partial_crawl_marks_nothing_missing() => Gen.Select(
        Scenario.Any, Scenario.Steps, Scenario.AnyPlan, Gen.Int[0, 10]).Sample(
        (life, steps, plan, read) =>
        {
            var (remote, stored) = Live(life);
            remote.Take(steps);
            var store = stored.Copy();
            var merge = new ContainerMerge(store.Known());
            var seen = new HashSet<long>();
            foreach (var page in plan.Pages(remote.Tables).Take(read)) Crawl.MergePage(store, merge, page, seen);
            foreach (var row in stored.Present)
            {
                store.Row(row.Id).IsMissing.ShouldBeFalse();
                store.Row(row.Id).Table.Name.ShouldBe(row.Table.Name);
            }
        },
        iter: Iterations);

    [Fact]
    public void An_object_with_an_id_keeps_its_row_through_renames_and_absences() => ForEveryCrawl(
        Scenario.Any.Select(s => s with { Ids = Ids.Always }), (before, listing, _, after) =>
        {
            foreach (var table in listing)
            {
                if (before.Rows.SingleOrDefault(r => r.Table.NativeId == table.NativeId) is not { } row) continue;
                var now = after.Row(row.Id);
                now.Table.ShouldBe(table);
                now.IsMissing.ShouldBeFalse();
                now.Overrides.ShouldBe(row.Overrides);
            }
        });

    [Fact]
    public void An_object_without_an_id_gets_its_row_back_by_name() => ForEveryCrawl(
        Scenario.Any.Select(s => s with { Ids = Ids.Never }), (before, listing, _, after) =>
        {
            foreach (var table in listing)
            {
                if (before.Rows.SingleOrDefault(r => r.Table.Name == table.Name) is { } row)
                    after.Named(table.Name).ShouldBe(row with { Table = table, IsMissing = false });
            }
        });

    [Fact]
    public void A_container_that_changes_while_it_is_read_does_no_harm_and_the_next_crawl_settles_it() => Gen.Select(
        Scenario.Any, Gen.Select(Gen.Int[0, 5].Array[1, 3], Scenario.Steps).Array[1, 6], Gen.Bool.Array[6], Scenario.AnyPlan).Sample(
        (life, reads, dies, plan) =>
        {
            var (remote, store) = Live(life);
            var merge = new ContainerMerge(store.Known());
            var seen = new HashSet<long>();
            for (var i = 0; i < reads.Length; i++)
            {
                // A page of whatever stands at some places just now; then the platform moves on.
                var page = remote.Tables.Count == 0 ? [] : reads[i].Item1.Select(at => remote.Tables[at % remote.Tables.Count]).ToList();
                Crawl.MergePage(store, merge, page, seen);
                remote.Take(reads[i].Item2);
                if (!dies[i]) continue;
                merge = new ContainerMerge(store.Known());
                merge.MarkSeen(seen);
            }

            store.Apply(merge.Complete());
            var settled = Crawl.Run(store, remote.Tables, plan);
            ShouldMirror(settled, remote.Tables);
            new ContainerMerge(settled.Known()).Merge(remote.Tables.Select(t => t.Discovered())).ShouldBeEmpty();
        },
        iter: 4 * Iterations);

    private static void ForEveryCrawl(
        Gen<Scenario> scenarios, Action<NaiveStore, IReadOnlyList<RemoteTable>, CrawlPlan, NaiveStore> law) => scenarios.Sample(
        scenario =>
        {
            var remote = new RemoteContainer(scenario.Ids);
            var store = new NaiveStore();
            foreach (var (steps, plan) in scenario.Rounds)
            {
                remote.Take(steps);
                var after = Crawl.Run(store, remote.Tables, plan);
                law(store, remote.Tables, plan, after);
                store = after;
            }
        },
        iter: Iterations);

    private static (RemoteContainer Remote, NaiveStore Store) Live(Scenario life)
    {
        var remote = new RemoteContainer(life.Ids);
        var store = new NaiveStore();
        foreach (var (steps, plan) in life.Rounds)
        {
            remote.Take(steps);
            store = Crawl.Run(store, remote.Tables, plan);
        }

        return (remote, store);
    }

    private static void ShouldMirror(NaiveStore store, IReadOnlyList<RemoteTable> listing) =>
        store.Present.Select(r => r.Table).OrderBy(t => t.Name, StringComparer.Ordinal)
            .ShouldBe(listing.OrderBy(t => t.Name, StringComparer.Ordinal));
}
