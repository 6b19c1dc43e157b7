using Sluice.Core.Catalog;

namespace Sluice.Core.Tests.Catalog.Merge;

/// <summary>The sharp edges of the merge, one by one.</summary>
public sealed class ContainerMergeEdgeTests
{
    [Fact]
    public void A_rename_keeps_the_row()
    {
        var store = Stored(new RemoteTable("a", "1", 0));
        var after = Crawl.Run(store, [new("b", "1", 0)], CrawlPlan.Plain);
        after.Rows.ShouldBe([store.Named("a") with { Table = new("b", "1", 0) }]);
    }

    [Fact]
    public void A_replacement_is_a_new_row_that_names_the_one_it_replaces()
    {
        var merge = new ContainerMerge(Stored(new RemoteTable("a", "1", 0)).Known());
        merge.Merge([new RemoteTable("a", "2", 0).Discovered()]).ShouldBeEmpty();
        merge.HoldsChanges.ShouldBeTrue();
        merge.Complete().ShouldHaveSingleItem().ShouldBeOfType<CatalogChange.Add>().Replaces.ShouldBe(1);
        merge.HoldsChanges.ShouldBeFalse();
    }

    [Fact]
    public void Two_objects_may_swap_their_names()
    {
        var store = Stored(new("a", "1", 0), new("b", "2", 0));
        var after = Crawl.Run(store, [new("a", "2", 0), new("b", "1", 0)], CrawlPlan.Plain);
        after.Row(1).Table.Name.ShouldBe("b");
        after.Row(2).Table.Name.ShouldBe("a");
        after.Present.Count().ShouldBe(2);
    }

    [Fact]
    public void Names_may_move_along_a_chain()
    {
        var store = Stored(new("a", "1", 0), new("b", "2", 0), new("c", "3", 0));
        var after = Crawl.Run(store, [new("b", "1", 0), new("c", "2", 0), new("d", "3", 0)], CrawlPlan.Plain);
        after.Rows.Select(r => r.Table.Name).ShouldBe(["b", "c", "d"]);
        after.Rows.ShouldAllBe(r => !r.IsMissing && r.Overrides == $"of {r.Id}");
    }

    [Fact]
    public void A_chain_may_push_its_last_object_out_and_let_a_new_one_in()
    {
        var store = Stored(new("a", "1", 0), new("b", "2", 0));
        var after = Crawl.Run(store, [new("b", "1", 0), new("a", "9", 0)], CrawlPlan.Plain);
        after.Named("b").Id.ShouldBe(1);
        after.Row(2).IsReplaced.ShouldBeTrue();
        after.Named("a").Overrides.ShouldBe("of 3", "the object that had this name moved on and took its overrides along");
    }

    [Fact]
    public void A_rename_onto_the_name_of_a_dropped_object_replaces_that_one()
    {
        var store = Stored(new("a", "1", 0), new("b", "2", 0));
        var after = Crawl.Run(store, [new("b", "1", 0)], CrawlPlan.Plain);
        after.Named("b").Id.ShouldBe(1);
        after.Row(2).ShouldSatisfyAllConditions(r => r.IsMissing.ShouldBeTrue(), r => r.IsReplaced.ShouldBeTrue());
    }

    [Fact]
    public void A_replaced_row_whose_object_returns_under_its_name_takes_the_name_back()
    {
        var store = Stored(new RemoteTable("a", "1", 0));
        store = Crawl.Run(store, [new("a", "2", 0)], CrawlPlan.Plain);
        store.Row(1).IsReplaced.ShouldBeTrue();
        store = Crawl.Run(store, [new("a", "1", 0)], CrawlPlan.Plain);
        store.Named("a").Id.ShouldBe(1);
        store.Row(2).ShouldSatisfyAllConditions(r => r.IsMissing.ShouldBeTrue(), r => r.IsReplaced.ShouldBeTrue());
    }

    [Fact]
    public void A_replaced_row_whose_object_returns_under_another_name_stands_beside_its_replacement()
    {
        var store = Stored(new RemoteTable("a", "1", 0));
        store = Crawl.Run(store, [new("a", "2", 0)], CrawlPlan.Plain);
        store = Crawl.Run(store, [new("a", "2", 0), new("b", "1", 0)], CrawlPlan.Plain);
        store.Named("b").Id.ShouldBe(1);
        store.Named("a").Id.ShouldBe(2);
    }

    [Fact]
    public void A_replaced_row_whose_object_returns_may_swap_with_its_replacement()
    {
        var store = Stored(new RemoteTable("a", "1", 0));
        store = Crawl.Run(store, [new("a", "2", 0)], CrawlPlan.Plain);
        store = Crawl.Run(store, [new("a", "1", 0), new("b", "2", 0)], CrawlPlan.Plain);
        store.Named("a").Id.ShouldBe(1);
        store.Named("b").Id.ShouldBe(2);
        store.Present.Count().ShouldBe(2);
    }

    [Fact]
    public void A_table_re_created_while_the_container_is_read_replaces_the_one_met_before()
    {
        var store = Stored(new RemoteTable("a", "1", 0));
        var after = Crawl.Run(store, [new("a", "1", 0), new("a", "2", 0)], CrawlPlan.Plain with { PageSize = 1 });
        after.Named("a").Table.NativeId.ShouldBe("2");
        after.Row(1).ShouldSatisfyAllConditions(r => r.IsMissing.ShouldBeTrue(), r => r.IsReplaced.ShouldBeTrue());
        after.Named("a").Overrides.ShouldBe("of 1");
    }

    [Fact]
    public void Of_two_sightings_of_one_name_or_one_object_the_later_counts()
    {
        var store = Stored(new RemoteTable("a", "1", 0));
        foreach (var earlier in new RemoteTable[] { new("a", "2", 0), new("b", "1", 0) })
        {
            var after = Crawl.Run(store, [earlier, new("a", "1", 0)], CrawlPlan.Plain with { PageSize = 1 });
            after.Rows.ShouldBe(store.Rows);
        }
    }

    [Fact]
    public void A_new_table_re_created_while_the_container_is_read_is_one_row()
    {
        var after = Crawl.Run(new NaiveStore(), [new("a", "1", 0), new("a", "2", 0)], CrawlPlan.Plain with { PageSize = 1 });
        after.Present.ShouldHaveSingleItem();
        Crawl.Run(after, [new("a", "2", 0)], CrawlPlan.Plain).Named("a").Table.NativeId.ShouldBe("2");
    }

    [Fact]
    public void A_new_table_renamed_while_the_container_is_read_is_one_row()
    {
        var after = Crawl.Run(new NaiveStore(), [new("a", "1", 0), new("b", "1", 0)], CrawlPlan.Plain with { PageSize = 1 });
        after.Present.ShouldHaveSingleItem();
        Crawl.Run(after, [new("b", "1", 0)], CrawlPlan.Plain).Rows.ShouldHaveSingleItem().Table.Name.ShouldBe("b");
    }

    [Fact]
    public void A_rename_onto_a_name_that_a_new_table_had_for_a_moment_waits_for_the_next_crawl()
    {
        var store = Stored(new RemoteTable("a", "1", 0));
        store = Crawl.Run(store, [new("b", "2", 0), new("b", "1", 0)], CrawlPlan.Plain with { PageSize = 1 });
        store.Row(1).IsMissing.ShouldBeFalse("its object was seen");
        store = Crawl.Run(store, [new("b", "1", 0)], CrawlPlan.Plain);
        store.Present.ShouldHaveSingleItem().ShouldBe(new StoredRow(1, new("b", "1", 0), false, false, "of 1"));
    }

    [Fact]
    public void An_object_without_an_id_takes_a_name_whose_holder_moved_on()
    {
        var store = Stored(new RemoteTable("a", "1", 0));
        foreach (var listing in new RemoteTable[][] { [new("a", null, 1), new("b", "1", 0)], [new("b", "1", 0), new("a", null, 1)] })
        {
            var after = Crawl.Run(store, listing, CrawlPlan.Plain);
            after.Named("b").Id.ShouldBe(1);
            after.Named("a").Id.ShouldBe(2);
        }
    }

    [Fact]
    public void A_platform_that_loses_its_ids_is_known_by_name()
    {
        var store = Stored(new("a", "1", 0), new("b", "2", 0));
        var after = Crawl.Run(store, [new("b", null, 0), new("a", null, 0)], CrawlPlan.Plain);
        after.Rows.ShouldBe([store.Row(1) with { Table = new("a", null, 0) }, store.Row(2) with { Table = new("b", null, 0) }]);
    }

    [Fact]
    public void A_platform_that_gains_ids_is_known_by_name_once_more()
    {
        var store = Stored(new("a", null, 0), new("b", null, 0));
        var after = Crawl.Run(store, [new("b", "2", 0), new("a", "1", 0)], CrawlPlan.Plain);
        after.Rows.ShouldBe([store.Row(1) with { Table = new("a", "1", 0) }, store.Row(2) with { Table = new("b", "2", 0) }]);
    }

    [Fact]
    public void Content_written_by_an_earlier_page_is_what_a_later_page_is_compared_with()
    {
        var store = Stored(new RemoteTable("a", "1", 0));
        var after = Crawl.Run(store, [new("a", "1", 1), new("a", "1", 0)], CrawlPlan.Plain with { PageSize = 1 });
        after.Named("a").Table.Content.ShouldBe(0);
        after = Crawl.Run(store, [new("a", "1", 1), new("b", "1", 0)], CrawlPlan.Plain with { PageSize = 1 });
        after.Named("b").Table.ShouldBe(new RemoteTable("b", "1", 0));
    }

    [Fact]
    public void A_missing_row_that_was_seen_before_a_restart_but_not_written_still_returns()
    {
        var store = Crawl.Run(Stored(new RemoteTable("a", "1", 0)), [], CrawlPlan.Plain);
        store.Row(1).IsMissing.ShouldBeTrue();
        var merge = new ContainerMerge(store.Known());
        merge.MarkSeen([1]);
        store.Apply([.. merge.Merge([new RemoteTable("a", "1", 0).Discovered()]), .. merge.Complete()]);
        store.Row(1).IsMissing.ShouldBeFalse();
    }

    [Fact]
    public void A_missing_row_is_not_marked_missing_again()
    {
        var store = Crawl.Run(Stored(new RemoteTable("a", "1", 0)), [], CrawlPlan.Plain);
        new ContainerMerge(store.Known()).Complete().ShouldBeEmpty();
    }

    [Fact]
    public void What_is_not_there_can_not_be_met_unchanged()
    {
        var store = Crawl.Run(Stored(new RemoteTable("a", "1", 0), new RemoteTable("b", "2", 0)), [new RemoteTable("b", "2", 0)], CrawlPlan.Plain);
        var merge = new ContainerMerge(store.Known());
        merge.MeetUnchanged("a").ShouldBeNull("it is missing");
        merge.MeetUnchanged("z").ShouldBeNull("nothing has the name");
        merge.MeetUnchanged("b").ShouldBe(store.Named("b").Id);
        merge.Complete().ShouldBeEmpty();
    }

    [Fact]
    public void Two_stored_rows_with_one_id_are_no_reason_to_fail()
    {
        KnownObject Row(long id, string name, bool missing, bool replaced) =>
            new(id, name, "1", new RemoteTable(name, "1", 0).Discovered().Fingerprint, missing, replaced, new RemoteTable(name, "1", 0).Stamp);
        KnownObject[] rows = [Row(1, "a", false, false), Row(2, "b", false, false), Row(3, "c", true, false), Row(4, "b", true, true)];
        foreach (var known in new[] { rows, [.. rows.Reverse()] })
        {
            foreach (var name in new[] { "a", "b" })
            {
                var merge = new ContainerMerge(known);
                merge.Merge([new RemoteTable(name, "1", 0).Discovered()]).ShouldBeEmpty("the present row of that name and id is the one");
                merge.Complete().ShouldBe([new CatalogChange.MarkMissing(name == "a" ? 2 : 1)]);
            }

            var other = new ContainerMerge(known);
            other.Merge([new RemoteTable("z", "1", 0).Discovered()]).ShouldBeEmpty();
            var changes = other.Complete();
            var moved = changes.OfType<CatalogChange.Update>().ShouldHaveSingleItem();
            moved.Id.ShouldBeOneOf(1, 2);
            changes.OfType<CatalogChange.MarkMissing>().ShouldHaveSingleItem().Id.ShouldBe(moved.Id == 1 ? 2 : 1);
        }
    }

    [Fact]
    public void A_page_counts_even_when_its_changes_are_read_late_or_twice()
    {
        var merge = new ContainerMerge([]);
        var changes = merge.Merge([new RemoteTable("a", "1", 0).Discovered()]);
        changes.Count().ShouldBe(1);
        changes.Count().ShouldBe(1);
        merge = new ContainerMerge(Stored(new RemoteTable("a", "1", 0)).Known());
        _ = merge.Merge([new RemoteTable("a", "1", 0).Discovered()]);
        merge.Seen.ShouldBe([1]);
    }

    private static NaiveStore Stored(params RemoteTable[] tables) => Crawl.Run(new NaiveStore(), tables, CrawlPlan.Plain);
}
