using CsCheck;
using Sluice.Sandbox.Aws.Catalog;

namespace Sluice.Sandbox.Aws.Tests.Catalog;

public sealed class GeneratedTablesTests
{
    private static readonly GeneratedTables Tables = new(seed: 7, database: 3, count: 500, columns: 10);

    [Fact]
    public void Names_stand_in_ordinal_order()
    {
        var names = Enumerable.Range(0, Tables.Count).Select(Tables.NameAt).ToList();
        names.ShouldBe(names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_name_is_found_at_its_index_and_any_other_where_it_would_stand()
    {
        var names = Enumerable.Range(0, Tables.Count).Select(Tables.NameAt).ToArray();
        var near = Gen.Select(Gen.Int[0, 499], Gen.Int[0, 3].Select(choice => new[] { "", "!", "a", "~" }[choice])).Select((index, suffix) => names[index] + suffix);
        var mangled = Gen.Select(Gen.Int[0, 499], Gen.Int[0, 15]).Select((index, cut) => names[index][..Math.Min(cut, names[index].Length)]);
        Gen.OneOf(near, mangled, Gen.String).Sample(name => Tables.IndexOf(name) == Array.BinarySearch(names, name, StringComparer.Ordinal));
    }

    [Fact]
    public void The_same_seed_makes_the_same_tables_and_another_makes_others()
    {
        var again = new GeneratedTables(7, 3, 500, 10);
        var other = new GeneratedTables(8, 3, 500, 10);
        var columns = (GeneratedTables tables) => Enumerable.Range(0, 500).Select(index => string.Join(',', tables.At(index).AllColumns.Select(column => column.Name))).ToList();
        columns(again).ShouldBe(columns(Tables));
        columns(other).ShouldNotBe(columns(Tables));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(150)]
    public void Every_table_has_as_many_differently_named_columns_as_asked_for(int columns)
    {
        var tables = new GeneratedTables(1, 0, 200, columns);
        for (var index = 0; index < tables.Count; index++)
        {
            var names = tables.At(index).AllColumns.Select(column => column.Name).ToList();
            names.Count.ShouldBe(columns);
            names.ShouldBeUnique();
        }
    }

    [Fact]
    public void Tables_are_spread_over_all_databases_without_remainder()
    {
        var seed = CatalogSeed.For(AwsSandboxCatalog.Generated(tables: 1003, databases: 4));
        seed.Databases.Select(database => database.Source.Count).ShouldBe([251, 251, 251, 250]);
    }

    [Fact]
    public void Ten_million_tables_take_no_more_memory_than_a_few()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var tables = new GeneratedTables(1, 0, 9_999_999, 10);
        tables.At(9_000_000).Name.ShouldStartWith("t9000000_");
        tables.IndexOf(tables.NameAt(5_000_000)).ShouldBe(5_000_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64 * 1024);
    }
}
