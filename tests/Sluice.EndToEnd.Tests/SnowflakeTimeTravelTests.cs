using static Sluice.EndToEnd.Tests.Enforced;
using static Sluice.EndToEnd.Tests.SnowflakeCopyTests;

namespace Sluice.EndToEnd.Tests;

/// <summary>What is read as it was, dropped and brought back, and exchanged, at Snowflake's stand-in: masked all the while.</summary>
public sealed class SnowflakeTimeTravelTests
{
    // https://docs.snowflake.com/en/user-guide/security-row-intro, "Time Travel": the policies of now hold for the data of then.
    [Fact]
    public async Task What_was_is_masked_as_what_is()
    {
        const string then = "SELECT ID, EMAIL FROM SHOP.S.ORDERS AT(OFFSET => -1) ORDER BY ID";
        await using var account = await StartAsync();
        // The table has to be a second old.
        await UntilAsync(async () => await account.ReadAsync("BEN", then) != "000707");
        (await account.ReadAsync("ADA", then)).ShouldBe(Masked);
        (await account.ReadAsync("BEN", then)).ShouldBe(Clear);
    }

    // https://docs.snowflake.com/en/sql-reference/sql/undrop-table
    [Fact]
    public async Task What_was_dropped_comes_back_masked()
    {
        await using var account = await StartAsync();
        using var api = account.Server.Api();
        account.Change("DROP TABLE SHOP.S.ORDERS");
        account.Change("UNDROP TABLE SHOP.S.ORDERS");
        (await ReadAsync(account, "ADA", "ORDERS")).ShouldNotBe(Clear);
        await LookAsync(account, api, "ORDERS", Refused, Masked);
        (await ReadAsync(account, "ADA", "ORDERS")).ShouldBe(Masked);
    }

    [Fact]
    public async Task What_was_gone_when_it_was_crawled_is_read_again_once_it_is_back()
    {
        await using var account = await StartAsync();
        using var api = account.Server.Api();
        account.Change("DROP TABLE SHOP.S.ORDERS");
        await LookAsync(account, api, "ORDERS", Refused);
        account.Change("UNDROP TABLE SHOP.S.ORDERS");
        await LookAsync(account, api, "ORDERS", Refused, Masked);
        (await ReadAsync(account, "ADA", "ORDERS")).ShouldBe(Masked);
        (await ReadAsync(account, "BEN", "ORDERS")).ShouldBe(Clear);
    }

    // https://docs.snowflake.com/en/sql-reference/sql/alter-table: names are exchanged, in one transaction, with all that belongs to the tables.
    [Fact]
    public async Task What_is_exchanged_is_masked_under_the_name_that_is_tagged()
    {
        await using var account = await StartAsync("CREATE TABLE SHOP.S.STAGE (ID NUMBER(38,0), REGION VARCHAR, EMAIL VARCHAR)", "INSERT INTO SHOP.S.STAGE VALUES (7, 'EU', 'g@x.example')");
        using var api = account.Server.Api();
        account.Change($"GRANT REFERENCES ON TABLE SHOP.S.STAGE TO ROLE {SnowflakeAccount.Role}");
        await LookAsync(account, api, "STAGE");
        await SucceedAsync(api.DeleteAsync("/api/v1/objects/snow/discovered-new"));
        account.Change("ALTER TABLE SHOP.S.ORDERS SWAP WITH SHOP.S.STAGE");
        (await ReadAsync(account, "ADA", "STAGE")).ShouldBe(Masked, "the mask goes with its table");
        await LookAsync(account, api, "ORDERS");
        (await ReadAsync(account, "ADA", "ORDERS")).ShouldBe("7,***");
    }
}
