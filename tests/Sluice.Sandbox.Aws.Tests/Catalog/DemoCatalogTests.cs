using Sluice.Sandbox.Aws.Catalog;

namespace Sluice.Sandbox.Aws.Tests.Catalog;

public sealed class DemoCatalogTests
{
    private static readonly CatalogSeed Seed = DemoCatalog.Load();

    private static IEnumerable<TableEntry> Tables => Seed.Databases.SelectMany(database => database.After(null));

    [Fact]
    public void It_is_large_enough_to_be_worth_governing()
    {
        Seed.Databases.Count.ShouldBe(7);
        Tables.Count().ShouldBe(77);
        Tables.Sum(table => table.Definition.AllColumns.Count()).ShouldBe(665);
    }

    [Fact]
    public void One_database_is_left_under_iam_and_no_table_of_it_is_registered_or_tagged()
    {
        var legacy = Seed.Databases.Where(database => database.Definition.UnderIam).ShouldHaveSingleItem();
        legacy.Name.ShouldBe("legacy_lake");
        legacy.Tags.ShouldBeEmpty();
        foreach (var table in legacy.After(null))
        {
            table.Definition.Registered.ShouldBeFalse(table.Name);
            table.Assigned.ShouldBe(TagAssignment.None);
        }
    }

    [Fact]
    public void Every_tag_in_use_is_defined_with_its_value()
    {
        var used = Seed.Databases.Select(database => database.Tags)
            .Concat(Tables.SelectMany(table => table.Assigned.Columns.Values.Append(table.Assigned.Table)))
            .SelectMany(tags => tags);
        foreach (var (key, value) in used) Seed.Tags[key].ShouldContain(value);
    }

    [Fact]
    public void Column_names_are_unique_in_their_table_and_typed()
    {
        foreach (var table in Tables)
        {
            var columns = table.Definition.AllColumns.ToList();
            columns.Select(column => column.Name).ShouldBeUnique($"{table.Database.Name}.{table.Name}");
            if (table.Definition.Target is null) columns.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void Every_kind_of_table_is_there()
    {
        Tables.Select(table => table.Definition.Kind).Distinct().Count().ShouldBe(Enum.GetValues<TableKind>().Length);
    }
}
