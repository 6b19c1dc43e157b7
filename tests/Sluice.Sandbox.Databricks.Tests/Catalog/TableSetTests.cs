using CsCheck;
using Sluice.Sandbox.Databricks.Catalog;

namespace Sluice.Sandbox.Databricks.Tests.Catalog;

public sealed class TableSetTests
{
    /// <summary>A set over generated tables behaves as a sorted dictionary, whatever is put, replaced and removed.</summary>
    [Fact]
    public void Changes_over_what_was_born_are_kept_in_order()
    {
        var change = Gen.Select(Gen.Int[0, 30], Gen.Bool, Gen.Bool);
        change.Array[0, 30].Sample(changes =>
        {
            var born = new GeneratedTables(seed: 1, schema: 0, count: 20, columns: 2);
            var set = new TableSet(born);
            var model = new SortedDictionary<string, TableObject>(Enumerable.Range(0, 20).ToDictionary(born.NameAt, born.At), StringComparer.Ordinal);
            foreach (var (index, bornName, puts) in changes)
            {
                var name = bornName && index < 20 ? born.NameAt(index) : $"x{index:D2}";
                var table = born.At(0) with { Name = name, Comment = "changed" };
                if (puts)
                {
                    set = set.With(table);
                    model[name] = table;
                }
                else
                {
                    set = set.Without(name);
                    model.Remove(name);
                }
            }

            set.After(null).Select(table => (table.Name, table.Comment)).ShouldBe(model.Values.Select(table => (table.Name, table.Comment)));
            foreach (var name in model.Keys) set.After(name).Select(table => table.Name).FirstOrDefault().ShouldBe(model.Keys.FirstOrDefault(key => string.CompareOrdinal(key, name) > 0));
            foreach (var name in model.Keys) set.Find(name).ShouldNotBeNull().Name.ShouldBe(name);
            set.IsEmpty.ShouldBe(model.Count == 0);
        });
    }

    [Fact]
    public void Generated_tables_are_found_by_name_and_differ_in_id()
    {
        var tables = new GeneratedTables(seed: 3, schema: 7, count: 1000, columns: 10);
        for (var index = 0; index < 1000; index++) tables.IndexOf(tables.NameAt(index)).ShouldBe(index);
        tables.IndexOf("a").ShouldBe(~0);
        tables.IndexOf("u").ShouldBe(~1000);
        Enumerable.Range(0, 1000).Select(index => tables.At(index).Id).Distinct().Count().ShouldBe(1000);
        var again = new GeneratedTables(seed: 3, schema: 7, count: 1000, columns: 10).At(5);
        (again.Id, again.CreatedAt, again.Comment).ShouldBe((tables.At(5).Id, tables.At(5).CreatedAt, tables.At(5).Comment));
        again.Columns.Select(column => column.Name).ShouldBe(tables.At(5).Columns.Select(column => column.Name));
        tables.At(5).Columns.Length.ShouldBe(10);
    }
}
