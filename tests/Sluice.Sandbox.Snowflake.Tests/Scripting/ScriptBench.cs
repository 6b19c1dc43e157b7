using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Tests.Scripting;

/// <summary>A database to run scripts in, as its administrator.</summary>
internal static class ScriptBench
{
    public static Task<Bench> StartAsync(params string[] more) => Bench.StartAsync(new()
    {
        Catalog = SnowflakeSandboxCatalog.Empty,
        AccountUsageLag = TimeSpan.Zero,
        Setup =
        [
            "CREATE DATABASE D", "GRANT OWNERSHIP ON DATABASE D TO ROLE ACCOUNTADMIN", "CREATE TABLE D.PUBLIC.INVOICES (ID NUMBER, PRICE NUMBER(12,2), NOTE VARCHAR)",
            "GRANT OWNERSHIP ON SCHEMA D.PUBLIC TO ROLE ACCOUNTADMIN", "GRANT OWNERSHIP ON TABLE D.PUBLIC.INVOICES TO ROLE ACCOUNTADMIN",
            "INSERT INTO D.PUBLIC.INVOICES VALUES (1, 11.11, 'one'), (2, 22.22, 'two')", .. more,
        ],
    });

    /// <summary>Sends a script in D.PUBLIC.</summary>
    public static async Task<Answer> ScriptAsync(this Bench bench, string script, object? more = null)
    {
        (await bench.Admin.QueryAsync("USE D.PUBLIC")).ShouldSucceed();
        return await bench.Admin.QueryAsync(script, more);
    }

    /// <summary>What a script returns, in the one column that the answer of a block has.</summary>
    public static async Task<string?> ReturnedAsync(this Bench bench, string script)
    {
        var answer = (await bench.ScriptAsync(script)).ShouldSucceed();
        answer.Columns.ShouldBe(["anonymous block"]);
        return answer.Rows.ShouldHaveSingleItem()[0];
    }

    public static async Task<string?[]> NotesAsync(this Bench bench) => (await bench.ScriptAsync("SELECT NOTE FROM INVOICES ORDER BY NOTE")).ShouldSucceed().Column("NOTE");
}
