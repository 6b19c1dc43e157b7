using Microsoft.Extensions.DependencyInjection;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Storage.History;

namespace Sluice.Storage.Tests.History;

public sealed class OwnGrantTests
{
    private static readonly FactKey[] Grants =
    [
        .. from table in (string[])["orders", "odd/\"name"] from person in (string[])["ada", "bob"] select new FactKey(FactKind.Grant, new ObjectPath("lake", "sales", table), person, "SELECT"),
    ];

    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Grants_go_with_what_is_renamed_and_with_what_lies_below_it(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var own = database.StartServer().GetRequiredService<IOwnGrantStore>();
        var id = await tree.AddDatabaseAsync("odd'/\"näme", "d-1");
        var table = await tree.AddTableAsync("odd'/\"näme", "t", "n-1");
        FactKey Key(string subject, params string[] names) => new(FactKind.Grant, tree.Path(names), subject, "SELECT");
        await own.AddAsync(tree.Connection.Id, [Key("ada", "odd'/\"näme"), Key("ada", "odd'/\"näme", "t"), Key("ada", "odd'/\"näme2", "t")], Ending);
        await own.SetDirectAsync(tree.Connection.Id, [Key("ada", "odd'/\"näme", "t")], true, Ending);

        await tree.UpdateAsync(new CatalogChange.Update(id, Samples.Found(tree.Path("new"), ObjectKind.Database, "d-1"), ContentChanged: false, Renamed: true, Reappeared: false));
        await tree.UpdateAsync(new CatalogChange.Update(table, Samples.Found(tree.Path("new", "u"), ObjectKind.Table, "n-1"), ContentChanged: false, Renamed: true, Reappeared: false));

        (await own.OfConnectionAsync(tree.Connection.Id, Ending)).ShouldBe(
            [new OwnGrant(Key("ada", "new"), false), new OwnGrant(Key("ada", "new", "u"), true), new OwnGrant(Key("ada", "odd'/\"näme2", "t"), false)], ignoreOrder: true);
        await own.RemoveAsync(tree.Connection.Id, [Key("ada", "new", "u")], Ending);
        (await own.OfConnectionAsync(tree.Connection.Id, Ending)).Count.ShouldBe(2);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Grants_are_on_the_list_until_they_are_taken_off_and_go_with_their_connection(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var own = database.StartServer().GetRequiredService<IOwnGrantStore>();
        var connection = (await TestTree.CreateAsync(database, "lake")).Connection.Id;
        var other = (await TestTree.CreateAsync(database, "other")).Connection.Id;
        await own.AddAsync(connection, [.. Grants[..3], Grants[0]], Ending);
        await own.AddAsync(other, Grants[..1], Ending);
        await own.SetDirectAsync(connection, Grants[..2], true, Ending);

        // What is there stays as it is.
        await own.AddAsync(connection, Grants, Ending);
        (await own.OfConnectionAsync(connection, Ending)).ShouldBe(
            [new OwnGrant(Grants[0], true), new OwnGrant(Grants[1], true), new OwnGrant(Grants[2], false), new OwnGrant(Grants[3], false)], ignoreOrder: true);

        await own.SetDirectAsync(connection, Grants[..1], false, Ending);
        await own.RemoveAsync(connection, Grants[1..3], Ending);
        (await own.OfConnectionAsync(connection, Ending)).ShouldBe([new OwnGrant(Grants[0], false), new OwnGrant(Grants[3], false)], ignoreOrder: true);
        (await own.OfConnectionAsync(other, Ending)).ShouldBe([new OwnGrant(Grants[0], false)]);

        await database.Connections.DeleteAsync(connection, null, Samples.Ada, Ending);
        (await own.OfConnectionAsync(connection, Ending)).ShouldBeEmpty();
        (await own.OfConnectionAsync(other, Ending)).Count.ShouldBe(1);
    }
}
