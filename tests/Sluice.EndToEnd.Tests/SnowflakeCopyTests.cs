using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>
/// Somebody makes tables anew, clones and renames them at Snowflake's stand-in. A second person reads all the while: what a policy hides is seen by nobody but where the platform itself leaves it
/// open, and after the next look all is as policies say.
/// </summary>
public sealed class SnowflakeCopyTests
{
    internal const string Refused = "002003", Masked = "1,***;2,***;3,***", Clear = "1,a@x.example;2,b@x.example;3,c@x.example";
    private const string Rows = "SELECT 1 AS ID, 'EU' AS REGION, 'a@x.example' AS EMAIL UNION ALL SELECT 2, 'US', 'b@x.example' UNION ALL SELECT 3, 'EU', 'c@x.example'";
    private const string Orders = "snow/SHOP/S/ORDERS";

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

    // https://docs.snowflake.com/en/sql-reference/sql/create-table: a table that is made anew has no policies; with COPY GRANTS it has the grants of the one it replaces.
    [Fact]
    public async Task A_table_that_is_made_anew_is_masked_before_it_is_read()
    {
        await using var account = await StartAsync();
        using var api = account.Server.Api();
        account.Change($"CREATE OR REPLACE TABLE SHOP.S.ORDERS AS {Rows}");
        (await ReadAsync(account, "ADA", "ORDERS")).ShouldBe(Refused);
        await LookAsync(account, api, "ORDERS", Refused, Masked);
        (await ReadAsync(account, "ADA", "ORDERS")).ShouldBe(Masked);

        // Until the next look the platform leaves it open to who could read it before.
        account.Change($"CREATE OR REPLACE TABLE SHOP.S.ORDERS COPY GRANTS AS {Rows}");
        (await ReadAsync(account, "ADA", "ORDERS")).ShouldBe(Clear);
        (await ReadAsync(account, "CAT", "ORDERS")).ShouldBe(Refused);
        await LookAsync(account, api, "ORDERS");
        (await ReadAsync(account, "ADA", "ORDERS")).ShouldBe(Masked);
    }

    // https://docs.snowflake.com/en/sql-reference/sql/create-view
    [Fact]
    public async Task A_view_that_is_made_anew_is_masked_before_it_is_read_and_never_shows_what_its_table_masks()
    {
        await using var account = await StartAsync("CREATE VIEW SHOP.S.V AS SELECT ID, EMAIL, REGION FROM SHOP.S.ORDERS", $"GRANT REFERENCES ON VIEW SHOP.S.V TO ROLE {SnowflakeAccount.Role}");
        using var api = account.Server.Api();
        await SucceedAsync(api.PutAsync("/api/v1/objects/snow/SHOP/S/V/columns/REGION/tags", """{"tags": ["PII"]}"""));
        await ReconciledAsync(api, GovernedAccount.Key);
        const string all = "SELECT ID, EMAIL, REGION FROM SHOP.S.V ORDER BY ID", masked = "1,***,***;2,***,***;3,***,***", below = "1,***,EU;2,***,US;3,***,EU";
        (await account.ReadAsync("ADA", all)).ShouldBe(masked);

        account.Change("CREATE OR REPLACE VIEW SHOP.S.V AS SELECT ID, EMAIL, REGION FROM SHOP.S.ORDERS", $"GRANT REFERENCES ON VIEW SHOP.S.V TO ROLE {SnowflakeAccount.Role}");
        (await account.ReadAsync("ADA", all)).ShouldBe(Refused);
        await LookAsync(account, api, () => account.ReadAsync("ADA", all), Refused, masked);
        (await account.ReadAsync("ADA", all)).ShouldBe(masked);

        account.Change("CREATE OR REPLACE VIEW SHOP.S.V COPY GRANTS AS SELECT ID, EMAIL, REGION FROM SHOP.S.ORDERS");
        (await account.ReadAsync("ADA", all)).ShouldBe(below, "the table's own mask holds through whatever view");
        await LookAsync(account, api, () => account.ReadAsync("ADA", all), below, masked);
        (await account.ReadAsync("ADA", all)).ShouldBe(masked);
    }

    // https://docs.snowflake.com/en/user-guide/security-row-intro: a clone has the policies of what it was cloned from.
    [Fact]
    public async Task A_clone_stays_masked_until_somebody_has_looked_at_it()
    {
        await using var account = await StartAsync();
        using var api = account.Server.Api();
        account.Change("CREATE TABLE SHOP.S.COPY CLONE SHOP.S.ORDERS", $"GRANT REFERENCES ON TABLE SHOP.S.COPY TO ROLE {SnowflakeAccount.Role}");
        (await ReadAsync(account, "ADA", "COPY")).ShouldBe(Refused, "grants are not cloned with a single table");
        await LookAsync(account, api, "COPY", Refused, Masked);
        (await ReadAsync(account, "ADA", "COPY")).ShouldBe(Masked);
        (await ReadAsync(account, "BEN", "COPY")).ShouldBe(Clear, "who is exempt there is exempt here");

        // Nothing tags it: looked at, it is as policies say.
        await SucceedAsync(api.DeleteAsync("/api/v1/objects/snow/SHOP/S/COPY/discovered-new"));
        await ReconciledAsync(api, GovernedAccount.Key);
        (await ReadAsync(account, "ADA", "COPY")).ShouldBe(Clear);
        (await ReadAsync(account, "ADA", "ORDERS")).ShouldBe(Masked);
    }

    // https://docs.snowflake.com/en/sql-reference/sql/alter-table: policies and grants go with what is renamed.
    [Fact]
    public async Task What_is_renamed_stays_masked_until_somebody_has_looked_at_it()
    {
        await using var account = await StartAsync();
        using var api = account.Server.Api();
        account.Change("ALTER TABLE SHOP.S.ORDERS RENAME COLUMN EMAIL TO MAIL");
        const string mail = "SELECT ID, MAIL FROM SHOP.S.ORDERS ORDER BY ID";
        (await account.ReadAsync("ADA", mail)).ShouldBe(Masked);
        (await GovernedAccount.PlanAsync(api))["changes"]!.AsArray().Where(static c => c!["verb"]!.GetValue<string>() == "remove").ShouldBeEmpty("nobody has crawled it yet");
        await LookAsync(account, api, () => account.ReadAsync("ADA", mail), Masked);
        (await account.ReadAsync("ADA", mail)).ShouldBe(Masked);

        account.Change("ALTER TABLE SHOP.S.ORDERS RENAME TO SHOP.S.SALES");
        const string sales = "SELECT ID, MAIL FROM SHOP.S.SALES ORDER BY ID";
        (await account.ReadAsync("ADA", sales)).ShouldBe(Masked);
        await LookAsync(account, api, () => account.ReadAsync("ADA", sales), Masked);
        (await account.ReadAsync("ADA", sales)).ShouldBe(Masked);

        account.Change("ALTER SCHEMA SHOP.S RENAME TO SHOP.T");
        const string moved = "SELECT ID, MAIL FROM SHOP.T.SALES ORDER BY ID";
        (await account.ReadAsync("ADA", moved)).ShouldBe(Masked);
        await LookAsync(account, api, () => account.ReadAsync("ADA", moved), Masked);
        (await account.ReadAsync("ADA", moved)).ShouldBe(Masked);
    }

    internal static async Task<GovernedAccount> StartAsync(params string[] statements)
    {
        var groups = new Dictionary<string, string[]> { ["Analysts"] = ["ada", "ben"], ["Privacy"] = ["ben"] };
        // Whoever makes a table anew has the crawl see it.
        var account = await GovernedAccount.StartAsync(
            groups, statements: [.. statements, $"GRANT REFERENCES ON FUTURE TABLES IN DATABASE SHOP TO ROLE {SnowflakeAccount.Role}", $"GRANT USAGE ON FUTURE SCHEMAS IN DATABASE SHOP TO ROLE {SnowflakeAccount.Role}"]);
        using var api = account.Server.Api();
        await SucceedAsync(api.DeleteAsync("/api/v1/objects/snow/discovered-new"));
        await SucceedAsync(api.PostAsync("/api/v1/tags", """{"name": "PII"}"""));
        await SucceedAsync(api.PutAsync($"/api/v1/objects/{Orders}/columns/EMAIL/tags", """{"tags": ["PII"]}"""));
        await GovernedAccount.PutAsync(api, Policies);
        await ReconciledAsync(api, GovernedAccount.Key);
        (await ReadAsync(account, "ADA", "ORDERS")).ShouldBe(Masked);
        return account;
    }

    internal static Task<string> ReadAsync(GovernedAccount account, string user, string table) => account.ReadAsync(user, $"SELECT ID, EMAIL FROM SHOP.S.{table} ORDER BY ID");

    internal static Task LookAsync(GovernedAccount account, Api api, string table, params string[] allowed) => LookAsync(account, api, () => ReadAsync(account, "ADA", table), allowed);

    // Until the plan after it is empty. Somebody reads all the while.
    private static async Task LookAsync(GovernedAccount account, Api api, Func<Task<string>> read, params string[] allowed)
    {
        using var ending = new CancellationTokenSource();
        var reading = ReadingAsync();
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/snow/SHOP", null));
        await ReconciledAsync(api, GovernedAccount.Key);
        await ending.CancelAsync();
        var seen = await reading;
        if (allowed.Length > 0) seen.ShouldBeSubsetOf(allowed);
        account.Server.Output.ShouldNotContain(static l => l.Contains("could not be made", StringComparison.Ordinal));

        async Task<HashSet<string>> ReadingAsync()
        {
            var values = new HashSet<string>(StringComparer.Ordinal);
            // Without a pause the reader would take the machine from the server that it watches.
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            do
            {
                values.Add(await read());
                await pause.WaitForNextTickAsync(CancellationToken.None);
            }
            while (!ending.IsCancellationRequested);
            return values;
        }
    }
}
