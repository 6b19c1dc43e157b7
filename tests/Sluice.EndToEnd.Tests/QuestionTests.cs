using System.Net;
using Sluice.Testing;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>The questions of the command line, asked of what is enforced on a real PostgreSQL.</summary>
public sealed class QuestionTests : IAsyncDisposable
{
    private const string Policies = """
        policyKey: shop-for-analysts
        type: subscription
        circumstances: [{type: objectPath, path: [pg, shop]}]
        actions: {type: entitlements, entitlements: {operator: all, groups: [Analysts]}}
        ---
        policyKey: mask-pii
        type: data
        actions:
          - rules:
              - type: Masking
                config: {fields: [{type: columnTags, columnTag: PII}], maskingConfig: {type: Hash}}
                exceptions: {operator: any, groups: [Privacy Office]}
        ---
        policyKey: own-region
        type: data
        circumstances: [{type: columnTags, columnTag: Region}]
        actions:
          - rules:
              - type: Row Restriction By User Entitlements
                config: {operator: all, matches: [{column: {type: columnTags, columnTag: Region}, attribute: Region}]}
                exceptions: {operator: any, groups: [Privacy Office]}
        """;

    private PostgresCluster? _cluster;
    private HostedServer? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_what_why_and_what_if()
    {
        using var api = await BeginAsync();

        (await AskAsync("who", "pg/shop/public/customers")).ShouldBe(["ada  rule  ada", "eve  rule  eve"]);
        (await AskAsync("what", "ada")).ShouldBe(["pg/shop/public/customers  read by rule", "pg/shop/public/orders  read by rule"]);
        (await AskAsync("what", "mallory")).ShouldBeEmpty();
        var why = await AskAsync("explain", "ada", "pg/shop/public/customers", "--observe");
        why.ShouldContain("  read: yes, by rule");
        why.ShouldContain("      @isInGroups('Analysts'): holds");
        why.ShouldContain("  column email: Hash, by mask-pii");
        why.ShouldContain("  rows: those where region IN ('EU')");
        why.ShouldContain("  on the platform: PostgreSQL masks no values: who isn't exempt from the masks of mask-pii is not granted the column email; with settings.masks: view a view shows them masked");
        (await AskAsync("explain", "eve", "pg/shop/public/customers")).ShouldContain("  rows: all");
        (await AskAsync("explain", "mallory", "pg/shop/public/customers")).ShouldContain("      @isInGroups('Analysts'): does not hold");

        (await AskAsync("simulate", "--set-attribute", "ada:Region=EU,US")).ShouldBe(
            [.. Counts(0, 0, 1, 0, 0), "+ ada  sees more of the rows  pg/shop/public/customers"]);
        (await AskAsync("simulate", "--tag", "pg/shop/public/orders#total:PII")).ShouldBe(
            [.. Counts(0, 0, 0, 1, 1), "- ada  sees less of total  pg/shop/public/orders"]);
        (await AskAsync("simulate", "--remove", "mask-pii")).ShouldBe(
            [.. Counts(0, 0, 1, 0, 1), "+ ada  sees more of email  pg/shop/public/customers"]);
        (await AskAsync("simulate", "--remove", "shop-for-analysts")).Take(3).ShouldBe([.. Counts(0, 4, 0, 0, 0), "- ada  READ  pg/shop/public/customers"]);
        var draft = Path.Combine(Directory.CreateTempSubdirectory("sluice-draft-").FullName, "guardrail.yaml");
        await File.WriteAllTextAsync(draft, "policyKey: officers\ntype: subscription\nactions: {type: entitlements, mode: guardrail, entitlements: {operator: all, groups: [Privacy Office]}}\n", Token);
        (await AskAsync("simulate", "-f", draft)).ShouldBe(
            [.. Counts(0, 2, 0, 0, 0), "- ada  READ  pg/shop/public/customers", "- ada  READ  pg/shop/public/orders"]);

        // Nothing was touched: the plan is empty, and everybody is where they were.
        (await IsReconciledAsync(api)).ShouldBeTrue();
        (await AskAsync("who", "pg/shop/public/customers")).ShouldBe(["ada  rule  ada", "eve  rule  eve"]);
    }

    [Fact]
    public async Task A_simulation_counts_those_who_are_subscribed_by_hand()
    {
        using var api = await BeginAsync();
        const string byHand = """
            policyKey: by-hand
            type: subscription
            circumstances: [{type: objectPath, path: [pg, shop, public, orders]}]
            actions: {type: manual}
            """;
        await SucceedAsync(api.SendAsync(HttpMethod.Post, "/api/v2/policy", byHand, "application/yaml"));
        await SucceedAsync(api.PostAsync("/api/v1/objects/pg/shop/public/orders/subscriptions", """{"user": "mallory"}"""));

        (await AskAsync("what", "mallory")).ShouldBe(["pg/shop/public/orders  read by subscription"]);
        (await AskAsync("simulate", "--remove", "by-hand")).ShouldBe([.. Counts(0, 1, 0, 0, 0), "- mallory  READ  pg/shop/public/orders"]);
    }

    [Fact]
    public async Task What_is_supposed_of_nothing_there_is_refused()
    {
        using var api = await BeginAsync();

        (await RefusedAsync("simulate", "--tag", "pg/shop/public/nope:PII")).ShouldContain("there is no object pg/shop/public/nope");
        (await RefusedAsync("simulate", "--tag", "pg/shop/public/orders#nope:PII")).ShouldContain("there is no column 'nope' on pg/shop/public/orders");
        (await RefusedAsync("simulate", "--set-attribute", "nobody:Region=EU")).ShouldContain("there is nobody called 'nobody'");
        (await RefusedAsync("simulate", "--remove", "nope")).ShouldContain("there is no policy 'nope'");

        // Whatever is wrong is told in one answer, each where it stands.
        var refused = await api.PostAsync(
            "/api/v1/access/simulate",
            """
            {
              "policies": [
                {"policyKey": "a", "type": "subscription", "circumstances": [{"type": "objectPath", "path": ["pg"]}], "actions": {"type": "anyone"}},
                {"policyKey": "b", "type": "subscription", "circumstances": [{"type": "objectPath", "path": ["pg"]}], "actions": {"type": "entitlements", "entitlements": {"operator": "all", "groups": ["Nope"]}}}
              ],
              "attributes": [{"user": "nobody", "name": "Region", "values": ["EU"]}],
              "tags": [{"objectPath": ["pg", "nope"], "add": ["PII"]}],
              "unknown": 1
            }
            """);
        refused.Status.ShouldBe(HttpStatusCode.BadRequest, refused.Text);
        foreach (var path in (string[])["$.policies[1].actions.entitlements.groups[0]", "$.attributes[0].user", "$.tags[0].objectPath", "$.unknown"])
            refused.Text.ShouldContain($"\"{path}\"", customMessage: refused.Text);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    private static string[] Counts(int gained, int lost, int more, int less, int changed) =>
    [
        $"{gained} pairs of person and object gained, {lost} lost.",
        $"In {more} somebody sees more than before, in {less} less; masks or row rules of {changed} objects change.",
    ];

    private async Task<string[]> AskAsync(params string[] question)
    {
        var (code, output, error) = await SluiceCommand.RunAsync([.. question, "--server", _server!.Url, "--key-file", Path.Combine(_server.Directory, "admin.key")]);
        code.ShouldBe(0, error + output);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private async Task<string> RefusedAsync(params string[] question)
    {
        var (code, output, error) = await SluiceCommand.RunAsync([.. question, "--server", _server!.Url, "--key-file", Path.Combine(_server.Directory, "admin.key")]);
        code.ShouldNotBe(0, output);
        return error;
    }

    private async Task<Api> BeginAsync()
    {
        await Requires.PostgreSqlAsync();
        _cluster = await PostgresCluster.StartAsync(Token);
        await _cluster.ExecuteAsync("CREATE DATABASE shop", ct: Token);
        await _cluster.ExecuteAsync(
            """
            CREATE TABLE public.customers (id int PRIMARY KEY, region text, email text);
            CREATE TABLE public.orders (id int PRIMARY KEY, total int);
            CREATE ROLE ada LOGIN; CREATE ROLE eve LOGIN; CREATE ROLE mallory LOGIN;
            """,
            "shop", Token);
        _server = await HostedServer.StartAsync();
        var api = _server.Api();
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", Payloads.PostgreSql(_cluster, "pg", _cluster.SuperuserPassword)));
        var settings = await api.PutAsync("/data/settings/pg/shop", """{"isActive": true}""");
        await api.CompleteAsync(settings.Json["bulkId"]!.GetValue<string>());
        await PutPeopleAndTagsAsync(api);
        await SucceedAsync(api.SendAsync(HttpMethod.Post, "/api/v2/policy", Policies, "application/yaml"));
        await ReconciledAsync(api);
        return api;
    }
}
