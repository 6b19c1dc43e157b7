using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Tests.Sessions;

public sealed class LoginTests
{
    private static readonly SnowflakeSandboxOptions Empty = new()
    {
        Catalog = SnowflakeSandboxCatalog.Empty,
        Users =
        [
            new("ADA") { Password = "right", Roles = ["ANALYST"], DefaultRole = "ANALYST", DefaultWarehouse = SnowflakeSandbox.WarehouseName, AccessTokens = ["pat-secret"] },
        ],
        Setup = ["CREATE DATABASE D", "GRANT USAGE ON DATABASE D TO ROLE ANALYST", "GRANT USAGE ON ALL SCHEMAS IN DATABASE D TO ROLE ANALYST", "GRANT USAGE ON WAREHOUSE SLUICE_WH TO ROLE ANALYST"],
    };

    [Fact]
    public async Task A_password_opens_a_session_with_what_the_connect_string_names()
    {
        await using var bench = await Bench.StartAsync(Empty);
        var answer = (await bench.Client().PasswordAsync("ada", "right", "&databaseName=D&schemaName=PUBLIC")).ShouldSucceed();
        var session = answer.Data.GetProperty("sessionInfo");
        session.GetProperty("roleName").GetString().ShouldBe("ANALYST");
        session.GetProperty("warehouseName").GetString().ShouldBe("SLUICE_WH");
        session.GetProperty("databaseName").GetString().ShouldBe("D");
        session.GetProperty("schemaName").GetString().ShouldBe("PUBLIC");
        answer.Data.GetProperty("validityInSeconds").GetInt64().ShouldBe(3600);
        answer.Data.GetProperty("masterValidityInSeconds").GetInt64().ShouldBe(14_400);
        answer.Data.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()).ShouldContain("TIMEZONE");
    }

    [Theory]
    [InlineData("ADA", "wrong", "", "390100")]
    [InlineData("NOBODY", "right", "", "390100")]
    [InlineData("ADA", "right", "&roleName=ACCOUNTADMIN", "390189")]
    [InlineData("ADA", "right", "&roleName=NOPE", "390189")]
    public async Task A_login_is_refused(string user, string password, string query, string code)
    {
        await using var bench = await Bench.StartAsync(Empty);
        (await bench.Client().PasswordAsync(user, password, query)).ShouldFail(code);
        bench.Sandbox.Requests.Errors[code].ShouldBe(1);
    }

    [Theory]
    [InlineData("pat-secret", null)]
    [InlineData("pat-wrong", "394400")]
    public async Task An_access_token_is_a_password_and_an_authenticator_of_its_own(string token, string? code)
    {
        await using var bench = await Bench.StartAsync(Empty);
        var answer = await bench.Client().LoginAsync(new { LOGIN_NAME = "ADA", AUTHENTICATOR = "PROGRAMMATIC_ACCESS_TOKEN", TOKEN = token });
        if (code is null)
        {
            answer.ShouldSucceed();
            (await bench.Client().PasswordAsync("ADA", token)).ShouldSucceed();
        }
        else answer.ShouldFail(code);
    }

    [Fact]
    public async Task A_service_user_does_not_come_in_by_a_password()
    {
        await using var bench = await Bench.StartAsync(Empty);
        await bench.Run("ALTER USER ADA SET TYPE = SERVICE");
        (await bench.Client().PasswordAsync("ADA", "right")).ShouldFail("390100");
        (await bench.Client().PasswordAsync("ADA", "pat-secret")).ShouldSucceed();
    }

    [Fact]
    public async Task A_disabled_user_does_not_come_in()
    {
        await using var bench = await Bench.StartAsync(Empty);
        await bench.Run("ALTER USER ADA SET DISABLED = TRUE");
        (await bench.Client().PasswordAsync("ADA", "right")).ShouldFail("390101");
    }

    [Fact]
    public async Task A_session_token_expires_and_is_renewed_until_the_master_token_does()
    {
        var clock = ManualClock.Started();
        await using var bench = await Bench.StartAsync(Empty with { Clock = clock });
        clock.Advance(TimeSpan.FromMinutes(61));
        (await bench.Admin.QueryAsync("SELECT 1")).ShouldFail("390112").Status.ShouldBe(200);
        (await bench.Admin.RenewAsync()).ShouldSucceed();
        (await bench.Admin.QueryAsync("SELECT 1")).ShouldSucceed();
        clock.Advance(TimeSpan.FromHours(5));
        (await bench.Service.RenewAsync()).ShouldFail("390114");
    }

    [Fact]
    public async Task A_heartbeat_keeps_the_master_token_alive()
    {
        var clock = ManualClock.Started();
        await using var bench = await Bench.StartAsync(Empty with { Clock = clock, SessionLifetime = TimeSpan.FromHours(24) });
        clock.Advance(TimeSpan.FromHours(3));
        (await bench.Admin.PostAsync("/session/heartbeat", new { })).ShouldSucceed();
        clock.Advance(TimeSpan.FromHours(3));
        (await bench.Admin.RenewAsync()).ShouldSucceed();
        (await bench.Service.RenewAsync()).ShouldFail("390114");
    }

    [Fact]
    public async Task A_closed_session_is_gone_and_an_unknown_token_is_no_session()
    {
        await using var bench = await Bench.StartAsync(Empty);
        (await bench.Admin.PostAsync("/session?delete=true", null)).ShouldSucceed();
        (await bench.Admin.QueryAsync("SELECT 1")).ShouldFail("390111");
        bench.Service.Token = "ver:1-hint:0-nothing";
        (await bench.Service.QueryAsync("SELECT 1")).ShouldFail("390104").Status.ShouldBe(401);
        bench.Service.Token = "";
        (await bench.Service.QueryAsync("SELECT 1")).ShouldFail("390101");
    }

    [Fact]
    public async Task Session_parameters_of_the_login_and_of_ALTER_SESSION_are_in_force()
    {
        await using var bench = await Bench.StartAsync(Empty);
        var client = bench.Client();
        (await client.LoginAsync(new { LOGIN_NAME = "ADA", PASSWORD = "right", SESSION_PARAMETERS = new { QUERY_TAG = "from login" } })).ShouldSucceed();
        (await client.QueryAsync("SHOW PARAMETERS LIKE 'query_tag'")).Rows[0][..2].ShouldBe(["QUERY_TAG", "from login"]);
        (await client.QueryAsync("ALTER SESSION SET QUERY_TAG = 'changed', MULTI_STATEMENT_COUNT = 0")).ShouldSucceed();
        (await client.QueryAsync("SELECT 1; SHOW PARAMETERS LIKE 'QUERY_TAG'")).ShouldSucceed();
        (await client.QueryAsync("ALTER SESSION UNSET QUERY_TAG")).ShouldSucceed();
        (await client.QueryAsync("SHOW PARAMETERS LIKE 'QUERY_TAG'")).Column("value").ShouldBe([""]);
    }
}
