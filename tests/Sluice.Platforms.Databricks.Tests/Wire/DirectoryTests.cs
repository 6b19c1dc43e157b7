using Sluice.Platforms.Databricks.Connections;
using Sluice.Platforms.Databricks.Tests.Enforcing;
using Sluice.Platforms.Databricks.Tests.Fakes;
using Sluice.Platforms.Databricks.Wire;
using Sluice.Platforms.Egress;

namespace Sluice.Platforms.Databricks.Tests.Wire;

/// <summary>Lists of people that others change between two pages.</summary>
public sealed class DirectoryTests : IAsyncLifetime
{
    private static readonly string[] All = [.. Enumerable.Range(1, 9).Select(static i => $"p{i}@acme.example")];

    private FakeWorkspace _workspace = null!;
    private FakeAccount _account = null!;
    private SessionWiring _wiring = null!;
    private DirectoryClient _directory = null!;
    private int _asked;

    public async ValueTask InitializeAsync()
    {
        _workspace = await FakeWorkspace.StartAsync();
        _account = new FakeAccount(_workspace, All);
        var token = $""" "token": "{_workspace.Token}" """;
        var (spec, _) = Payload.Read(
            $$"""
            {
              "connection": { "technology": "Databricks", "hostname": "http://127.0.0.1", "port": {{_workspace.Address.Port}}, "httpPath": "{{FakeWorkspace.Warehouse}}", "authenticationType": "token", {{token}} },
              "nativeIntegration": { "type": "Databricks", "autoBootstrap": false, "unityCatalog": true, "config": { "host": "http://127.0.0.1", "port": {{_workspace.Address.Port}}, "authenticationType": "token", {{token}}, "catalog": "sluice" } }
            }
            """,
            policy: FakeWorkspace.Loopback);
        _wiring = new SessionWiring(new EgressGuard(FakeWorkspace.Loopback), _workspace.Options, TimeProvider.System, DatabricksConnection.FromDocument(spec!.Document, new EgressGuard(FakeWorkspace.Loopback)), _workspace.Token);
        _directory = new DirectoryClient(_wiring.Workspace, 100, DirectoryClient.OfAccount);
    }

    public async ValueTask DisposeAsync()
    {
        _wiring.Dispose();
        await _workspace.DisposeAsync();
    }

    // As many are listed as there are, all of them different: only that the pages don't meet tells that somebody is missing.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_is_there_all_the_while_is_listed_though_others_come_and_go(bool isFollowed)
    {
        _account.Before = _ =>
        {
            if (++_asked != 2) return null;
            _account.Remove(All[0]);
            if (isFollowed) _account.Join("late@acme.example");
            return null;
        };

        var listed = await _directory.UsersAsync(TestContext.Current.CancellationToken);

        All[1..].Except(listed.Select(static u => u.Name)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""[{"id":"1","userName":"a@acme.example"},{"id":"2","userName":"b@acme.example"}]""", """[{"id":"2","userName":"b@acme.example"}]""")]
    [InlineData("""[{"id":"1","userName":"a@acme.example"},{"id":"2","userName":"b@acme.example"}]""", """[{"id":"2","userName":"b@acme.example"},{"id":"1","userName":"a@acme.example"}]""")]
    [InlineData("""[{"id":"1","userName":"a@acme.example"},{"id":"2","userName":"b@acme.example"}]""", "[]")]
    [InlineData("""[{"id":"1","userName":"a@acme.example"}]""", "[]")]
    [InlineData("[]", "[]")]
    public async Task A_list_that_never_comes_whole_is_none(string first, string next)
    {
        _account.Before = asked => new FakeWorkspace.Answer($$"""{"totalResults":3,"startIndex":1,"itemsPerPage":2,"Resources":{{(asked.Query["startIndex"] == "1" ? first : next)}}}""");

        var refused = await Should.ThrowAsync<PlatformException>(() => _directory.UsersAsync(TestContext.Current.CancellationToken));

        refused.IsTransient.ShouldBeTrue();
        refused.Message.ShouldContain("Users that don't fit together");
        _workspace.Requests.Count(static r => r.Query["startIndex"] == "1").ShouldBe(5);
    }

    [Fact]
    public async Task A_list_of_many_pages_is_read_once()
    {
        (await _directory.UsersAsync(TestContext.Current.CancellationToken)).Select(static u => u.Name).ShouldBe(All);

        _workspace.Requests.Count(static r => r.Query["startIndex"] == "1").ShouldBe(1);
    }
}
