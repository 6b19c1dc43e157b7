using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Storage.Server;

namespace Sluice.Storage.Tests.Server;

public sealed class ServerFactsTests
{
    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Servers_that_race_agree_on_one_value_for_ever(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var servers = Enumerable.Range(0, 3).Select(_ => database.StartServer()).ToList();
        var values = new ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () => values.Add(
            await servers[i % 3].GetRequiredService<IServerFacts>().GetOrAddAsync("instanceId", () => $"v{i}", TestDatabase.Ending)))));
        values.Distinct().Count().ShouldBe(1);
        (await database.Facts.GetOrAddAsync("instanceId", () => throw new InvalidOperationException("it is known"), TestDatabase.Ending))
            .ShouldBe(values.First());
        (await database.Facts.GetOrAddAsync("other", () => "x", TestDatabase.Ending)).ShouldBe("x");
    }
}
