using CsCheck;
using Sluice.Core.Catalog;

namespace Sluice.Core.Tests.Catalog;

public sealed class ColumnMergeTests
{
    [Fact]
    public void Unchanged_columns_are_nothing_new_in_any_order()
    {
        DiscoveredColumn[] columns = [new("id", "bigint", "1"), new("name", "text", "2", "a comment"), new("day", "date", null, null, true)];
        ShouldBe(ColumnMerge.Of(columns, columns), [], []);
        ShouldBe(ColumnMerge.Of(columns, [.. columns.Reverse()]), [], []);
        ShouldBe(ColumnMerge.Of([], []), [], []);
    }

    [Fact]
    public void A_comment_or_partition_key_alone_is_nothing_new() => ShouldBe(
        ColumnMerge.Of([new("id", "bigint", "1")], [new("id", "bigint", "1", "now with a comment", true)]), [], []);

    [Fact]
    public void A_new_column_is_new() => ShouldBe(ColumnMerge.Of([new("id", "bigint")], [new("id", "bigint"), new("ssn", "text")]), ["ssn"], []);

    [Fact]
    public void A_changed_type_is_new() => ShouldBe(ColumnMerge.Of([new("id", "bigint", "1")], [new("id", "text", "1")]), ["id"], []);

    [Fact]
    public void A_type_is_compared_exactly() => ShouldBe(ColumnMerge.Of([new("id", "bigint")], [new("id", "BIGINT")]), ["id"], []);

    [Fact]
    public void A_vanished_column_is_nothing_new() => ShouldBe(ColumnMerge.Of([new("id", "bigint"), new("gone", "text")], [new("id", "bigint")]), [], []);

    [Fact]
    public void A_rename_by_id_is_no_new_column() =>
        ShouldBe(ColumnMerge.Of([new("old", "text", "7")], [new("new", "text", "7")]), [], [("new", "old")]);

    [Fact]
    public void A_renamed_and_retyped_column_is_both() =>
        ShouldBe(ColumnMerge.Of([new("old", "text", "7")], [new("new", "int", "7")]), ["new"], [("new", "old")]);

    [Fact]
    public void Two_columns_may_swap_names() => ShouldBe(
        ColumnMerge.Of([new("a", "text", "1"), new("b", "text", "2")], [new("b", "text", "1"), new("a", "text", "2")]), [], [("b", "a"), ("a", "b")]);

    [Fact]
    public void A_dropped_and_re_created_column_is_new() =>
        ShouldBe(ColumnMerge.Of([new("ssn", "text", "1")], [new("ssn", "text", "2")]), ["ssn"], []);

    [Fact]
    public void Without_ids_the_name_tells() => ShouldBe(ColumnMerge.Of([new("old", "text")], [new("new", "text")]), ["new"], []);

    [Fact]
    public void A_platform_that_gains_or_loses_ids_makes_nothing_new()
    {
        ShouldBe(ColumnMerge.Of([new("id", "bigint")], [new("id", "bigint", "1")]), [], []);
        ShouldBe(ColumnMerge.Of([new("id", "bigint", "1")], [new("id", "bigint")]), [], []);
    }

    [Fact]
    public void A_column_that_took_the_name_of_a_renamed_one_is_new() => ShouldBe(
        ColumnMerge.Of([new("a", "text", "1")], [new("b", "text", "1"), new("a", "text")]), ["a"], [("b", "a")]);

    [Fact]
    public void Names_are_compared_exactly() => ShouldBe(ColumnMerge.Of([new("Id", "bigint")], [new("id", "bigint")]), ["id"], []);

    [Fact]
    public void Two_columns_of_one_id_or_name_are_no_reason_to_fail()
    {
        DiscoveredColumn[] odd = [new("a", "text", "1"), new("b", "text", "1"), new("a", "int"), new("a", "text")];
        Should.NotThrow(() => ColumnMerge.Of(odd, odd));
    }

    [Fact]
    public void Any_change_agrees_with_a_naive_comparison()
    {
        // Unique names and ids, as platforms have them; every column has an id or none has.
        int[] ids = [1, 2, 3, 4, 5];
        string[] names = ["a", "b", "c", "d", "e"];
        var columns = Gen.Select(Gen.Bool, Gen.Shuffle(ids), Gen.Shuffle(names), Gen.OneOf("int", "text").Array[5], Gen.Int[0, 5]);
        Gen.Select(columns, columns).Sample(
            (before, after) =>
            {
                var (stored, found) = (Columns(before), Columns(after));
                var withIds = before.Item1 && after.Item1;
                List<string> fresh = [];
                List<(string, string)> renamed = [];
                foreach (var column in found)
                {
                    var old = stored.SingleOrDefault(s => withIds ? s.NativeId == column.NativeId : s.Name == column.Name);
                    if (old is null || old.Type != column.Type) fresh.Add(column.Name);
                    if (old is not null && old.Name != column.Name) renamed.Add((column.Name, old.Name));
                }

                ShouldBe(ColumnMerge.Of(stored, found), fresh, renamed);
            },
            iter: 5_000);

        static List<DiscoveredColumn> Columns((bool Ids, int[] Id, string[] Name, string[] Type, int Count) c) =>
            [.. Enumerable.Range(0, c.Count).Select(i => new DiscoveredColumn(c.Name[i], c.Type[i], c.Ids ? $"{c.Id[i]}" : null))];
    }

    private static void ShouldBe(ColumnMerge merge, IEnumerable<string> fresh, IEnumerable<(string Now, string Before)> renamed)
    {
        merge.New.ShouldBe(fresh);
        merge.Renamed.Select(r => (r.Key, r.Value)).ShouldBe(renamed, ignoreOrder: true);
    }
}
