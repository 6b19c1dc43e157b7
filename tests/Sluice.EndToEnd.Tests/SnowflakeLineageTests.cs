using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>Somebody copies data at Snowflake's stand-in; the tags of what it came from go along, and protect the copy.</summary>
public sealed class SnowflakeLineageTests
{
    private const string Copy = "snow/SHOP/S/COPY", Mails = "snow/SHOP/S/MAILS", Orders = "snow/SHOP/S/ORDERS";
    private const string OfCopy = "SELECT ID, EMAIL FROM SHOP.S.COPY ORDER BY ID", OfMails = "SELECT WHO, MAIL FROM SHOP.S.MAILS ORDER BY WHO";
    private const string Clear = "1,a@x.example;2,b@x.example;3,c@x.example", Masked = "1,***;2,***;3,***";
    private const string Insert = "INSERT INTO SHOP.S.MAILS SELECT ID, EMAIL FROM SHOP.S.COPY WHERE ID > 0";

    private const string Policies = """
        policyKey: analysts
        name: Analysts
        type: subscription
        circumstances: [{type: objectPath, path: [snow, SHOP]}]
        actions: {type: entitlements, entitlements: {operator: all, groups: [Analysts]}}
        ---
        policyKey: mask-pii
        name: What identifies people
        type: data
        actions:
          - rules:
              - type: Masking
                config: {fields: [{type: columnTags, columnTag: PII}], maskingConfig: {type: Constant, constant: "***"}}
                exceptions: {operator: any, groups: [Privacy]}
        """;

    // Somebody who works on the platform itself copies a table, and a part of the copy.
    private static readonly string[] Copies = ["USE ROLE APP", "CREATE TABLE SHOP.S.COPY AS SELECT ID, EMAIL FROM SHOP.S.ORDERS", "CREATE TABLE SHOP.S.MAILS (WHO NUMBER(38,0), MAIL VARCHAR)", Insert];

    [Fact]
    public async Task A_copy_of_what_is_tagged_is_tagged_and_masked_like_it_until_a_governor_takes_the_lineage_away()
    {
        await using var account = await StartAsync(lineage: true);
        using var api = account.Server.Api();
        await CopyAsync(account, api);
        await Carried.ReadAsync(api, "snow");
        (await Carried.TagsAsync(api, Copy)).ShouldBe([$"EMAIL: PII of {Orders}#EMAIL"]);
        (await Carried.TagsAsync(api, Mails)).ShouldBe([$"MAIL: PII of {Orders}#EMAIL"], "along two steps, under another name");
        (await Carried.FoundAsync(api, "snow", "PII")).ShouldBe(["COPY*", "MAILS*", "ORDERS"]);
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("ADA", OfCopy)).ShouldBe(Masked);
        (await account.ReadAsync("ADA", OfMails)).ShouldBe(Masked);
        (await account.ReadAsync("BEN", OfMails)).ShouldBe(Clear, "who is exempt from the mask there is exempt from it here");

        // Round a cycle it goes nowhere, which is told.
        await account.RunAsync(GovernedAccount.Stranger, "USE ROLE APP", "INSERT INTO SHOP.S.ORDERS (ID, EMAIL) SELECT WHO, MAIL FROM SHOP.S.MAILS WHERE WHO = 99");
        var job = await Carried.ReadAsync(api, "snow");
        job["output"]!["suspended"]!.AsArray().ShouldHaveSingleItem()!.ToJsonString().ShouldBe($$"""{"tag":"PII","of":"{{Orders}}#EMAIL","by":"{{Mails}}#MAIL"}""");
        account.Server.Output.ShouldContain(static l => l.Contains("Data went round in circles on connection 'snow'", StringComparison.Ordinal));
        (await Carried.TagsAsync(api, Orders)).ShouldBeEmpty();

        // The lineage is taken away: what it protected opens, and not before a confirmation where it is more than the guard lets pass.
        await SucceedAsync(api.PutAsync("/data/connection/snow", """{"settings": {"guard": {"maxLost": 100, "maxGained": 0}}}"""));
        (await Carried.RemoveAsync(api, Mails, Copy)).ShouldBe(2);
        (await Carried.TagsAsync(api, Mails)).ShouldBeEmpty();
        (await Carried.EdgesAsync(api, Mails)).ShouldNotContain($"{Copy}#EMAIL > {Mails}#MAIL");
        var held = await Carried.HeldAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("ADA", OfMails)).ShouldBe(Masked);
        await SucceedAsync(api.PostAsync($"/api/v1/plans/{held}/confirm", "{}"));
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("ADA", OfMails)).ShouldBe(Clear);
        (await account.ReadAsync("ADA", OfCopy)).ShouldBe(Masked);
        var trail = await api.GetAsync("/api/v1/audit?action=object.lineage.removed");
        trail.Json["hits"]!.AsArray().ShouldHaveSingleItem()!["details"]!.ToJsonString().ShouldContain("COPY");

        // Read again the same queries bring nothing back; a new one does.
        await Carried.ReadAsync(api, "snow");
        (await Carried.TagsAsync(api, Mails)).ShouldBeEmpty();
        await account.RunAsync(GovernedAccount.Stranger, "USE ROLE APP", Insert);
        await Carried.ReadAsync(api, "snow");
        (await Carried.TagsAsync(api, Mails)).ShouldBe([$"MAIL: PII of {Orders}#EMAIL"]);
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("ADA", "SELECT DISTINCT MAIL FROM SHOP.S.MAILS")).ShouldBe("***");
    }

    [Fact]
    public async Task Without_lineage_nothing_is_carried_and_switched_off_it_is_no_longer()
    {
        await using var account = await StartAsync(lineage: false);
        using var api = account.Server.Api();
        await CopyAsync(account, api);
        (await Carried.ReadAsync(api, "snow"))["output"]!["taken"]!.AsObject().Select(static t => t.Key).ShouldBe(["queryHistory"]);
        (await Carried.EdgesAsync(api, Copy)).ShouldBeEmpty();
        (await Carried.TagsAsync(api, Copy)).ShouldBeEmpty();
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("ADA", OfCopy)).ShouldBe(Clear);

        // Switched on it tells of what was copied before.
        await account.LineageAsync(api, isOn: true);
        await Carried.ReadAsync(api, "snow");
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("ADA", OfCopy)).ShouldBe(Masked);

        await account.LineageAsync(api, isOn: false);
        await UntilAsync(async () => (await Carried.TagsAsync(api, Copy)).Count == 0);
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("ADA", OfCopy)).ShouldBe(Clear);
    }

    private static async Task<GovernedAccount> StartAsync(bool lineage)
    {
        var groups = new Dictionary<string, string[]> { ["Analysts"] = ["ada", "ben", "cat"], ["Privacy"] = ["ben"] };
        var account = await GovernedAccount.StartAsync(groups, lineage, statements: ["GRANT CREATE TABLE ON SCHEMA SHOP.S TO ROLE APP", "GRANT INSERT ON TABLE SHOP.S.ORDERS TO ROLE APP"]);
        using var api = account.Server.Api();
        await SucceedAsync(api.PutAsync("/data/connection/snow", $$$"""{"settings": {"exemptRoles": ["{{{GovernedAccount.Stranger}}}"]}}"""));
        await SucceedAsync(api.PostAsync("/api/v1/tags", """{"name": "PII"}"""));
        await SucceedAsync(api.PutAsync($"/api/v1/objects/{Orders}/columns/EMAIL/tags", """{"tags": ["PII"]}"""));
        await GovernedAccount.PutAsync(api, Policies);
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("ADA", "SELECT ID, EMAIL FROM SHOP.S.ORDERS ORDER BY ID")).ShouldBe(Masked);
        return account;
    }

    private static async Task CopyAsync(GovernedAccount account, Api api)
    {
        await account.RunAsync(GovernedAccount.Stranger, Copies);
        account.Change($"GRANT REFERENCES ON ALL TABLES IN SCHEMA SHOP.S TO ROLE {SnowflakeAccount.Role}");
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/snow/SHOP", null));
        await ReconciledAsync(api, GovernedAccount.Key);
    }
}
