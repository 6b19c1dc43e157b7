using Sluice.Sandbox.Snowflake.Tests.Policies;

namespace Sluice.Sandbox.Snowflake.Tests.Sessions;

/// <summary>
/// https://docs.snowflake.com/en/sql-reference/sql/use-secondary-roles, https://docs.snowflake.com/en/user-guide/session-policies-using and
/// https://docs.snowflake.com/en/sql-reference/sql/create-session-policy.
/// </summary>
public sealed class SecondaryRoleTests
{
    [Fact]
    public async Task Secondary_roles_are_in_force_as_the_session_asks()
    {
        await using var bench = await Bench.StartAsync(Scene());
        var chief = await bench.As("CHIEF");
        (await chief.QueryAsync("SELECT COUNT(*) FROM D.S.PEOPLE")).ShouldFail("002003");
        (await Roles(chief)).ShouldBe("false");
        (await chief.QueryAsync("USE SECONDARY ROLES ALL")).ShouldSucceed();
        (await Roles(chief)).ShouldBe("true");
        (await chief.QueryAsync("SELECT COUNT(*) FROM D.S.PEOPLE")).ShouldSucceed();
        (await chief.QueryAsync("USE SECONDARY ROLES NONE")).ShouldSucceed();
        (await chief.QueryAsync("SELECT COUNT(*) FROM D.S.PEOPLE")).ShouldFail("002003");
        (await chief.QueryAsync("USE SECONDARY ROLES ANALYST")).ShouldSucceed();
        (await Roles(chief)).ShouldBe("true");
        (await chief.QueryAsync("USE SECONDARY ROLES GOVERNOR")).ShouldFail("003013");
    }

    [Fact]
    public async Task DEFAULT_SECONDARY_ROLES_is_what_a_session_begins_with()
    {
        await using var bench = await Bench.StartAsync(Scene());
        await bench.Run("USE ROLE ACCOUNTADMIN", "ALTER USER CHIEF SET DEFAULT_SECONDARY_ROLES = ('ALL')");
        (await Roles(await bench.As("CHIEF"))).ShouldBe("true");
        await bench.Run("ALTER USER CHIEF SET DEFAULT_SECONDARY_ROLES = ()");
        (await Roles(await bench.As("CHIEF"))).ShouldBe("false");
        (await bench.Admin.QueryAsync("SHOW USERS LIKE 'CHIEF'")).ShouldSucceed().Column("default_secondary_roles").ShouldBe(["[]"]);
        await bench.Run("ALTER USER CHIEF UNSET DEFAULT_SECONDARY_ROLES");
        (await Roles(await bench.As("CHIEF"))).ShouldBe("true");
    }

    [Fact]
    public async Task A_session_policy_forbids_secondary_roles()
    {
        await using var bench = await Bench.StartAsync(Scene());
        await bench.Run("USE ROLE ACCOUNTADMIN", "ALTER USER CHIEF SET DEFAULT_SECONDARY_ROLES = ('ALL')");
        var before = await bench.As("CHIEF");
        await bench.Run("CREATE SESSION POLICY D.GOV.NONE_AT_ALL ALLOWED_SECONDARY_ROLES = ()", "ALTER USER CHIEF SET SESSION POLICY D.GOV.NONE_AT_ALL");
        var chief = await bench.As("CHIEF");
        (await Roles(chief)).ShouldBe("false");
        (await Roles(before)).ShouldBe("false", "secondary roles are told anew with each statement");
        (await chief.QueryAsync("USE SECONDARY ROLES ALL")).Message!.ShouldContain("not allowed as per session policy");
        (await chief.QueryAsync("USE SECONDARY ROLES (ANALYST)")).Message!.ShouldContain("USE SECONDARY ROLES '[ANALYST]' not allowed as per session policy.");
        (await chief.QueryAsync("USE SECONDARY ROLES NONE")).ShouldSucceed();
        (await Roles(await bench.As("READER"))).ShouldBe("true", "the role is the reader's primary one");

        const string References = "SELECT POLICY_NAME, POLICY_KIND, REF_ENTITY_NAME, REF_ENTITY_DOMAIN FROM TABLE(D.INFORMATION_SCHEMA.POLICY_REFERENCES(";
        string?[][] references = [["NONE_AT_ALL", "SESSION_POLICY", "CHIEF", "USER"]];
        (await bench.Admin.QueryAsync($"{References}REF_ENTITY_NAME => 'CHIEF', REF_ENTITY_DOMAIN => 'USER'))")).ShouldSucceed().Rows.ShouldBe(references);
        (await bench.Admin.QueryAsync($"{References}POLICY_NAME => 'D.GOV.NONE_AT_ALL'))")).ShouldSucceed().Rows.ShouldBe(references);
        (await bench.Admin.QueryAsync($"{References}REF_ENTITY_NAME => 'READER', REF_ENTITY_DOMAIN => 'USER'))")).ShouldSucceed().Rows.ShouldBeEmpty();
        (await bench.Admin.QueryAsync("DROP SESSION POLICY D.GOV.NONE_AT_ALL")).ShouldFail("003546");
        await bench.Run("ALTER SESSION POLICY D.GOV.NONE_AT_ALL SET ALLOWED_SECONDARY_ROLES = (ANALYST)");
        (await chief.QueryAsync("USE SECONDARY ROLES ALL")).ShouldSucceed();
        (await Roles(chief)).ShouldBe("true");
        await bench.Run("ALTER SESSION POLICY D.GOV.NONE_AT_ALL SET BLOCKED_SECONDARY_ROLES = (ANALYST)");
        (await Roles(chief)).ShouldBe("false");
        (await chief.QueryAsync("USE SECONDARY ROLES ANALYST")).ShouldSucceed();
        (await Roles(chief)).ShouldBe("false", "of the roles asked for those are in force that are allowed");
        (await chief.QueryAsync("USE SECONDARY ROLES ALL")).ShouldSucceed();
        await bench.Run("CREATE ROLE OVER", "GRANT ROLE ANALYST TO ROLE OVER", "ALTER SESSION POLICY D.GOV.NONE_AT_ALL SET BLOCKED_SECONDARY_ROLES = (OVER)");
        (await Roles(chief)).ShouldBe("false", "what is granted to a blocked role is blocked too");
        await bench.Run("ALTER SESSION POLICY D.GOV.NONE_AT_ALL UNSET BLOCKED_SECONDARY_ROLES", "ALTER USER CHIEF UNSET SESSION POLICY", "DROP SESSION POLICY D.GOV.NONE_AT_ALL");
        (await Roles(chief)).ShouldBe("true");
    }

    [Fact]
    public async Task A_users_session_policy_stands_in_place_of_the_accounts()
    {
        await using var bench = await Bench.StartAsync(Scene());
        await bench.Run(
            "USE ROLE ACCOUNTADMIN", "ALTER USER CHIEF SET DEFAULT_SECONDARY_ROLES = ('ALL')", "CREATE SESSION POLICY D.GOV.NONE_AT_ALL ALLOWED_SECONDARY_ROLES = ()", "CREATE SESSION POLICY D.GOV.EACH",
            "ALTER ACCOUNT SET SESSION POLICY D.GOV.NONE_AT_ALL");
        var chief = await bench.As("CHIEF");
        (await Roles(chief)).ShouldBe("false");
        (await bench.Admin.QueryAsync("ALTER ACCOUNT SET SESSION POLICY D.GOV.EACH")).ShouldFail("001008");
        (await chief.QueryAsync("ALTER USER CHIEF SET SESSION POLICY D.GOV.EACH")).ShouldFail("003001");
        await bench.Run("GRANT APPLY SESSION POLICY ON USER CHIEF TO ROLE GOVERNOR", "GRANT APPLY ON SESSION POLICY D.GOV.EACH TO ROLE GOVERNOR");
        var keeper = await bench.As("KEEPER");
        (await keeper.QueryAsync("ALTER USER CHIEF SET SESSION POLICY D.GOV.EACH")).ShouldSucceed();
        (await keeper.QueryAsync("ALTER USER READER SET SESSION POLICY D.GOV.EACH")).ShouldFail("003001");
        (await keeper.QueryAsync("ALTER USER CHIEF UNSET SESSION POLICY")).ShouldSucceed();
        await bench.Run("ALTER USER CHIEF SET SESSION POLICY D.GOV.EACH");
        (await Roles(chief)).ShouldBe("true");
        await bench.Run("ALTER USER CHIEF UNSET SESSION POLICY", "ALTER ACCOUNT UNSET SESSION POLICY");
        (await Roles(chief)).ShouldBe("true");
    }

    /// <summary>The chief's primary role can't read the table that an analyst can.</summary>
    private static SnowflakeSandboxOptions Scene() => PolicyScene.With("GRANT USAGE, CREATE SESSION POLICY ON SCHEMA D.GOV TO ROLE ACCOUNTADMIN", "USE ROLE ACCOUNTADMIN", "REVOKE SELECT ON ALL TABLES IN SCHEMA D.S FROM ROLE PAYROLL");

    private static async Task<string?> Roles(WireClient client) => (await client.QueryAsync("SELECT TO_VARCHAR(IS_ROLE_IN_SESSION('ANALYST'))")).ShouldSucceed().Rows[0][0];
}
