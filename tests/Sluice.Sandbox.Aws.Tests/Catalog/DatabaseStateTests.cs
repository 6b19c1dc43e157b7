using CsCheck;
using Sluice.Sandbox.Aws.Catalog;

namespace Sluice.Sandbox.Aws.Tests.Catalog;

public sealed class DatabaseStateTests
{
    [Fact]
    public void Sparse_changes_come_to_the_same_as_changing_a_sorted_list()
    {
        var operation = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 39], Gen.Bool.Select(marked => marked ? "x" : ""));
        Gen.Select(operation.Array[0, 40], Gen.Int[0, 60]).Sample((operations, cursor) =>
        {
            var source = new GeneratedTables(1, 0, 20, 2);
            var database = new DatabaseState(new() { Name = "d" }, source, TagAssignment.NoTags);
            var model = new SortedSet<string>(Enumerable.Range(0, 20).Select(source.NameAt), StringComparer.Ordinal);
            string Name(int index, string suffix) => new GeneratedTables(1, 0, 40, 2).NameAt(index) + suffix;
            foreach (var (kind, index, suffix) in operations)
            {
                var name = Name(index, suffix);
                if (kind == 0)
                {
                    database.Put(new() { Name = name, Columns = [] });
                    model.Add(name);
                }
                else if (model.Remove(name))
                {
                    database.Remove(name);
                }
            }

            var last = cursor >= 40 ? null : Name(cursor, "");
            var expected = model.Where(name => last is null || string.CompareOrdinal(name, last) > 0);
            return database.After(last).Select(table => table.Name).SequenceEqual(expected)
                && model.All(name => database.Find(name) is not null)
                && database.Find("missing") is null;
        });
    }

    [Fact]
    public void A_table_made_anew_does_not_get_back_the_tags_of_the_dropped_one()
    {
        var source = new GeneratedTables(1, 0, 20, 2);
        var name = source.NameAt(4);
        var database = new DatabaseState(new() { Name = "d" }, source, TagAssignment.NoTags);
        database.Find(name)!.Value.Assigned.Table.ShouldContainKey("sensitivity");
        database.Remove(name);
        database.Put(new() { Name = name, Columns = [] });
        database.Find(name)!.Value.Assigned.ShouldBe(TagAssignment.None);
    }
}
