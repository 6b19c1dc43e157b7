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

    [Fact]
    public void Each_key_comes_from_the_nearest_level_whether_aws_lists_inherited_tags_or_not() =>
        Gen.Select(Level, Level, Level, Level).Sample((database, table, x, y) =>
        {
            var assigned = Resolve(database, table, [x, y]);
            var effective = Resolve(database, Over(database, table), [Over(Over(database, table), x), Over(Over(database, table), y)]);

            foreach (var tags in (IReadOnlyList<ObjectTag>[])[assigned, effective])
            {
                var ofTable = tags.Where(t => t.Column is null).ToDictionary(t => t.Key, t => t.Value);
                ofTable.OrderBy(t => t.Key).ShouldBe(Over(database, table).OrderBy(t => t.Key));
                for (var i = 0; i < Columns.Length; i++)
                {
                    var own = tags.Where(t => t.Column == Columns[i]).ToDictionary(t => t.Key, t => t.Value);
                    own.ShouldAllBe(t => !ofTable.ContainsKey(t.Key) || ofTable[t.Key] != t.Value, "only what differs from the table is listed");
                    Over(ofTable, own).OrderBy(t => t.Key).ShouldBe(Over(Over(database, table), i == 0 ? x : y).OrderBy(t => t.Key));
                }
            }
        });

    [Fact]
    public void Answers_about_the_same_table_add_up_in_any_order() =>
        Gen.Select(Level, Level, Gen.Shuffle(Keys)).Sample((database, table, order) =>
        {
            // A search for one key may list that key alone.
            var merged = order.Select(k => Tags(Only(database, k), Only(table, k), [])).Aggregate(Array.Empty<ObjectTag>(), TagResolution.Merge);

            merged.OrderBy(t => t.Key).ShouldBe(Tags(database, table, []).OrderBy(t => t.Key));
        });

    [Fact]
    public void A_table_the_search_did_not_find_has_its_databases_tags()
    {
        var pool = new TextPool();
        var inherited = TagResolution.Inherited([new ObjectTag(null, "a", "1")], pool);

        TagResolution.Complete([], inherited).ShouldBe([new ObjectTag(null, "a", "1", Inherited: true)]);
        TagResolution.Complete([new ObjectTag(null, "a", "2")], inherited).ShouldBe([new ObjectTag(null, "a", "2")]);
        TagResolution.Complete([new ObjectTag("x", "a", "2")], inherited).ShouldBe(
            [new ObjectTag("x", "a", "2"), new ObjectTag(null, "a", "1", Inherited: true)]);
    }

    private static IReadOnlyList<ObjectTag> Resolve(
        Dictionary<string, string> database, Dictionary<string, string> table, Dictionary<string, string>[] columns)
    {
        var pool = new TextPool();
        var ofDatabase = database.Select(t => new ObjectTag(null, t.Key, t.Value)).ToList();
        return TagResolution.Complete(Tags(database, table, columns), TagResolution.Inherited(ofDatabase, pool));
    }

    private static ObjectTag[] Tags(Dictionary<string, string> database, Dictionary<string, string> table, Dictionary<string, string>[] columns)
    {
        var resource = new TaggedResource { Database = "d", Table = "t" };
        resource.OnDatabase = [.. database.Select(t => new LFTag(t.Key, [t.Value]))];
        resource.OnTable = [.. table.Select(t => new LFTag(t.Key, [t.Value]))];
        resource.OnColumns.AddRange(columns.SelectMany((c, i) => c.Select(t => (Columns[i], new LFTag(t.Key, [t.Value])))));
        return [.. TagResolution.OfTable(resource, new TextPool(), [])];
    }

    private static Dictionary<string, string> Over(Dictionary<string, string> below, Dictionary<string, string> above) =>
        below.Where(b => !above.ContainsKey(b.Key)).Concat(above).ToDictionary(t => t.Key, t => t.Value);

    private static Dictionary<string, string> Only(Dictionary<string, string> tags, string key) =>
        tags.Where(t => t.Key == key).ToDictionary(t => t.Key, t => t.Value);
}
