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
