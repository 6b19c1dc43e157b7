using CsCheck;
using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;

namespace Sluice.Storage.Tests.Catalog;

public sealed class OddNamesTests
{
    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Names_of_any_kind_are_told_apart_and_found(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        string[] names =
        [
            "a/b", "%2F", ".", "..", "'", "\"", "a\"b", "--", ";DROP TABLE data_objects", "\\", "%", "_", " ", "\t", "\n", "é", "e\u0301", "ß", "SS", "İ", "i",
            "😀", "👨‍👩‍👧", "\u202Eabc", "\uFFFD", "\uFFFF", "NULL", "{}", "@n1", "?1", "$1",
            new string('x', 1024), new string('漢', 1024), new string('漢', 1023) + "字", string.Concat(Enumerable.Repeat("😀", 512)), new string('é', 256), new string('é', 257),
            RandomHan(1024, 1), RandomHan(1024, 2),
        ];
        names.Distinct().Count().ShouldBe(names.Length);
        var inserts = new List<ObjectInsert>();
        foreach (var name in names) inserts.Add(await tree.InsertAsync(Samples.Found(tree.Path("d", name), ObjectKind.Table)));
        await tree.ApplyAsync(w => w with { Inserts = inserts });

        foreach (var insert in inserts)
        {
            var stored = await database.Catalog.FindAsync(insert.Found.Path, TestDatabase.Ending);
            stored.ShouldNotBeNull(insert.Found.Path.Name).Id.ShouldBe(insert.Id);
            stored.Path.Name.ShouldBe(insert.Found.Path.Name);
        }

        (await tree.FindAsync("d", "X")).ShouldBeNull();
        (await tree.FindAsync("d", "a\0")).ShouldBeNull();
        (await tree.FindAsync("d", "\uD800")).ShouldBeNull();
        (await database.Catalog.SearchAsync(new ObjectQuery { Parent = tree.Path("d"), Size = 1000 }, TestDatabase.Ending))
            .Hits.Select(h => h.Path.Name).ShouldBe(names, ignoreOrder: true);
        (await database.Catalog.ChildrenAsync((await tree.GetAsync("d")).Id, TestDatabase.Ending)).Select(c => c.Name).ShouldBe(names, ignoreOrder: true);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_key_is_found_ignoring_case_and_shown_as_it_was_registered(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database, "My Lake");
        await tree.AddDatabaseAsync("d");
        var stored = (await database.Catalog.FindAsync(new ObjectPath("MY lake", "d"), TestDatabase.Ending)).ShouldNotBeNull();
        stored.Path.ShouldBe(new ObjectPath("My Lake", "d"));
        (await database.Catalog.FindAsync(new ObjectPath("My Lake", "D"), TestDatabase.Ending)).ShouldBeNull();
    }

    [Fact]
    public void A_name_key_is_short_enough_for_an_index_and_as_unique_as_the_name() =>
        Gen.Select(Gen.String[Gen.Char['a', '\uD7FF'], 1, 1024], Gen.Bool).Sample((name, change) =>
        {
            var other = change ? name[..^1] + (name[^1] == 'x' ? 'y' : 'x') : name;
            (NameKey.Of(name) == NameKey.Of(other)).ShouldBe(name == other);
            System.Text.Encoding.UTF8.GetByteCount(NameKey.Of(name)).ShouldBeLessThanOrEqualTo(512 + 64);
        });

    [Fact]
    public void Seen_ids_come_back_in_their_order() =>
        Gen.Long.Array.Sample(ids => SeenIds.Unpack(SeenIds.Pack(ids)).ShouldBe(ids));

    [Fact]
    public void Neighbouring_seen_ids_take_a_byte_each() =>
        SeenIds.Pack([.. Enumerable.Range(1_000_000, 500).Select(i => (long)i)]).Length.ShouldBeLessThan(510);

    [Fact]
    public void Kinds_mean_the_same_in_SQL_and_in_code()
    {
        foreach (var kind in Enum.GetValues<ObjectKind>())
        {
            var number = (int)kind;
            ObjectSql.IsReadable.ShouldBe("(o.kind >= 10 AND o.kind <> 18)");
            kind.IsReadable().ShouldBe(number >= 10 && number != 18, kind.ToString());
            ObjectSql.IsContainer.ShouldBe("(o.kind < 10 OR o.kind = 18)");
            (!kind.IsReadable()).ShouldBe(number is < 10 or 18, kind.ToString());
        }
    }

    private static string RandomHan(int length, int seed)
    {
        var random = new Random(seed);
        return string.Create(length, random, static (chars, r) =>
        {
            for (var i = 0; i < chars.Length; i++) chars[i] = (char)r.Next(0x4E00, 0x9FFF);
        });
    }
}
