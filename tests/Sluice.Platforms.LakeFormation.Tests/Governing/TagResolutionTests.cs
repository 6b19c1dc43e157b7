using CsCheck;
using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Governing;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Tests.Governing;

public sealed class TagResolutionTests
{
    private static readonly string[] Keys = ["a", "b", "c"];
    private static readonly string[] Columns = ["x", "y"];

    // What is assigned at one level: a value for some keys.
    private static readonly Gen<Dictionary<string, string>> Level =
        Gen.Int[0, 2].Array[Keys.Length].Select(values =>
            Keys.Zip(values).Where(p => p.Second > 0).ToDictionary(p => p.First, p => $"{p.Second}"));

    // Which values the principal may describe; the others are shown to it nowhere.
    private static readonly Gen<HashSet<string>> Seen = Gen.Bool.Array[Keys.Length * 2].Select(seen =>
        Keys.SelectMany(k => (string[])[$"{k}=1", $"{k}=2"]).Zip(seen).Where(p => p.Second).Select(p => p.First).ToHashSet());

    [Fact]
    public void Each_key_comes_from_the_nearest_level_whether_a_search_lists_inherited_tags_or_not() =>
        Gen.Select(Level, Level, Level, Level, Gen.Shuffle(Keys)).Sample((database, table, x, y, order) =>
        {
            foreach (var listsInherited in (bool[])[false, true])
            {
                var lake = new Lake(database, table, [x, y], null);
                var tags = Searched(lake, order, listsInherited);
                if (listsInherited) TagResolution.HiddenOnTable(tags, OfDatabase(database)).ShouldBeNull("all is shown, so there is no doubt");
                tags = Settled(lake, tags);

                var ofTable = tags.Where(t => t.Column is null).ToDictionary(t => t.Key, t => t.Value);
                ofTable.OrderBy(t => t.Key).ShouldBe(Over(database, table).OrderBy(t => t.Key));
                TagResolution.HiddenOnTable(tags, OfDatabase(database)).ShouldBeNull();
                for (var i = 0; i < Columns.Length; i++)
                {
                    var own = tags.Where(t => t.Column == Columns[i]).ToDictionary(t => t.Key, t => t.Value);
                    own.ShouldAllBe(t => !ofTable.ContainsKey(t.Key) || ofTable[t.Key] != t.Value, "only what differs from the table is listed");
                    Over(ofTable, own).OrderBy(t => t.Key).ShouldBe(Over(Over(database, table), i == 0 ? x : y).OrderBy(t => t.Key));
                }
            }
        });

    [Fact]
    public void A_value_that_is_overridden_by_a_hidden_one_is_never_taken_for_the_tables() =>
        Gen.Select(Level, Level, Level, Level, Seen, Gen.Bool).Sample((database, table, x, y, seen, listsInherited) =>
        {
            var lake = new Lake(database, table, [x, y], seen);
            var shown = OfDatabase(lake.Shown(database));
            var inForce = Over(database, table);

            var tags = Settled(lake, Searched(lake, Keys, listsInherited));
            var hidden = TagResolution.HiddenOnTable(tags, shown);

            foreach (var tag in tags.Where(t => t.Column is null)) inForce[tag.Key].ShouldBe(tag.Value);
            (hidden is not null).ShouldBe(lake.Shown(database).Keys.Any(k => !lake.Shown(inForce).ContainsKey(k)));
        });

    [Fact]
    public void A_column_that_lists_what_it_inherits_and_lacks_a_key_of_its_table_has_a_hidden_value()
    {
        var table = Assigned(("a", "1"), ("b", "1"));

        Hidden(table, [Assigned(("a", "1"))]).ShouldBe("b");
        Hidden(table, [Assigned(("b", "1"), ("c", "2"))]).ShouldBe("a");
        Hidden(table, [table, Assigned(("a", "1"), ("b", "2"))]).ShouldBeNull();
        Hidden(table, [Assigned(("a", "2"))]).ShouldBeNull("only what was assigned to the column may be listed");
        Hidden(table, []).ShouldBeNull();
    }

    private static string? Hidden(Dictionary<string, string> table, Dictionary<string, string>[] columns) =>
        TagResolution.HiddenOnColumn(Resource([], table, columns));

    private static ObjectTag[] OfDatabase(Dictionary<string, string> database) => [.. database.Select(t => new ObjectTag(null, t.Key, t.Value))];

    // A search finds the table by what is in force on it or on a column, and answers with all that may be seen.
    private static ObjectTag[] Searched(Lake lake, string[] keys, bool listsInherited) => keys
        .Where(key => lake.InForce().Any(t => lake.Shown(t).ContainsKey(key)))
        .Select(key => Resolve(lake.Answer(listsInherited), key))
        .Aggregate(Array.Empty<ObjectTag>(), TagResolution.Merge);

    // What a search leaves in doubt is asked for.
    private static ObjectTag[] Settled(Lake lake, ObjectTag[] searched) =>
        TagResolution.HiddenOnTable(searched, OfDatabase(lake.Shown(lake.Database))) is null ? searched : Resolve(lake.Answer(listsInherited: true), null);

    private static ObjectTag[] Resolve(TaggedResource answer, string? searched) => [.. TagResolution.OfTable(answer, searched, new LakePool(), [])];

    private static TaggedResource Resource(
        Dictionary<string, string> database, Dictionary<string, string> table, IEnumerable<Dictionary<string, string>> columns)
    {
        var resource = new TaggedResource { Database = "d", Table = "t" };
        resource.OnDatabase = [.. database.Select(t => new LFTag(t.Key, [t.Value]))];
        resource.OnTable = [.. table.Select(t => new LFTag(t.Key, [t.Value]))];
        resource.OnColumns.AddRange(columns.SelectMany((c, i) => c.Select(t => (Columns[i], new LFTag(t.Key, [t.Value])))));
        return resource;
    }

    private static Dictionary<string, string> Assigned(params (string Key, string Value)[] tags) => tags.ToDictionary(t => t.Key, t => t.Value);

    private static Dictionary<string, string> Over(Dictionary<string, string> below, Dictionary<string, string> above) =>
        below.Where(b => !above.ContainsKey(b.Key)).Concat(above).ToDictionary(t => t.Key, t => t.Value);

    /// <summary>What is assigned at each level, and the values that may be seen; null for all.</summary>
    private sealed record Lake(
        Dictionary<string, string> Database, Dictionary<string, string> Table, Dictionary<string, string>[] OnColumns, HashSet<string>? Seen)
    {
        public Dictionary<string, string> Shown(Dictionary<string, string> tags) =>
            tags.Where(t => Seen?.Contains($"{t.Key}={t.Value}") != false).ToDictionary(t => t.Key, t => t.Value);

        public IEnumerable<Dictionary<string, string>> InForce()
        {
            var table = Over(Database, Table);
            return OnColumns.Select(c => Over(table, c)).Prepend(table);
        }

        public TaggedResource Answer(bool listsInherited)
        {
            var table = listsInherited ? Over(Database, Table) : Table;
            return Resource(Shown(Database), Shown(table), OnColumns.Select(c => Shown(listsInherited ? Over(table, c) : c)));
        }
    }
}
