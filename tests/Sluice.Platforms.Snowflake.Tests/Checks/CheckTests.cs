using Sluice.Platforms.Snowflake.Setup;
using Sluice.Platforms.Snowflake.Tests.Fakes;

namespace Sluice.Platforms.Snowflake.Checks;

/// <summary>Each check by its name: what passes, and what is missing with the GRANT that would mend it.</summary>
public sealed class CheckTests
{
    private static readonly string[] GrantColumns = ["created_on", "privilege", "granted_on", "name", "granted_to", "grantee_name", "grant_option", "granted_by"];

    [Fact]
    public async Task A_setup_that_is_whole_passes()
    {
        await using var account = await AccountAsync();

        var checks = await ChecksAsync(account);

        checks.Values.Where(c => c.Status != CheckStatus.Passed).Select(c => c.Name).ShouldBe(["sign-in"]);
        checks.Keys.Order().ShouldBe(
            [
                "login", "sign-in", "warehouse", "USAGE on databases", "USAGE on schemas", "REFERENCES on tables and views", "SELECT on tables and views",
                "system role", "database", "APPLY MASKING POLICY on account", "APPLY ROW ACCESS POLICY on account", "MANAGE GRANTS on account",
                "CREATE ROLE on account", "USAGE on warehouse for the system role", "USAGE on schema SYSTEM", "CREATE TABLE on schema SYSTEM", "CREATE VIEW on schema SYSTEM",
                "USAGE on schema POLICIES", "CREATE MASKING POLICY on schema POLICIES", "CREATE ROW ACCESS POLICY on schema POLICIES", "USAGE on schema FUNCTIONS",
                "CREATE FUNCTION on schema FUNCTIONS",
                "edition", "account views", "grants to users",
            ],
            ignoreOrder: true);
        checks["login"].Result.ShouldContain("SLUICE with role CRAWLER");
    }

    [Fact]
    public async Task A_missing_system_role_fails_with_the_remedy()
    {
        await using var account = await AccountAsync();
        account.OnLogin = asked => asked.Query["roleName"] == "GOVERNED_SYSTEM"
            ? FakeAccount.Refusal("390189", "Role 'GOVERNED_SYSTEM' specified in the connect string does not exist or not authorized.")
            : null;

        var checks = await ChecksAsync(account);

        checks["system role"].Status.ShouldBe(CheckStatus.Failed);
        checks["system role"].Message!.ShouldContain("GRANT ROLE \"GOVERNED_SYSTEM\" TO USER \"SLUICE\"");
        checks["privileges of the system role"].Status.ShouldBe(CheckStatus.Skipped);
    }

    [Fact]
    public async Task A_missing_warehouse_fails_with_the_grant()
    {
        await using var account = await AccountAsync();
        account.On("CURRENT_WAREHOUSE()", FakeAccount.Rows(["U", "R", "W", "V"], ["SLUICE", "CRAWLER", null, "9.1"]));
        account.On("SHOW WAREHOUSES", FakeAccount.Rows(["name", "state", "auto_resume"]));

        var check = (await ChecksAsync(account))["warehouse"];

        check.Status.ShouldBe(CheckStatus.Failed);
        check.Message!.ShouldContain("GRANT USAGE ON WAREHOUSE \"WH\" TO ROLE \"CRAWLER\"");
    }

    [Theory]
    [InlineData("SUSPENDED", "false", null, CheckStatus.Warning, "AUTO_RESUME = TRUE")]
    [InlineData("SUSPENDED", "false", "000606", CheckStatus.Failed, "AUTO_RESUME")]
    [InlineData("SUSPENDED", "true", null, CheckStatus.Passed, null)]
    [InlineData("RESUMING", "true", null, CheckStatus.Passed, null)]
    public async Task A_warehouse_that_sleeps(string state, string resumes, string? refusal, CheckStatus status, string? words)
    {
        await using var account = await AccountAsync();
        account.On("SHOW WAREHOUSES", FakeAccount.Rows(["name", "state", "auto_resume"], ["WH", state, resumes]));
        if (refusal is not null) account.Refuses("INFORMATION_SCHEMA.SCHEMATA", refusal, "No active warehouse selected in the current session.");

        var check = (await ChecksAsync(account))["warehouse"];

        check.Status.ShouldBe(status);
        check.Result.ShouldContain(state.ToLowerInvariant());
        if (words is not null) check.Message!.ShouldContain(words);
    }

    [Fact]
    public async Task A_role_that_sees_nothing_is_told_what_it_saw()
    {
        await using var account = await AccountAsync(catalog => catalog.Databases.RemoveAll(d => d.Name == "SALES"));

        var check = (await ChecksAsync(account))["USAGE on databases"];

        check.Status.ShouldBe(CheckStatus.Failed);
        check.Result.ShouldContain("SNOWFLAKE");
        check.Message!.ShouldContain("GRANT USAGE ON DATABASE … TO ROLE \"CRAWLER\"");
    }

    [Theory]
    [InlineData("APPLY MASKING POLICY", "APPLY MASKING POLICY on account", "GRANT APPLY MASKING POLICY ON ACCOUNT TO ROLE \"GOVERNED_SYSTEM\"")]
    [InlineData("CREATE ROLE", "CREATE ROLE on account", "GRANT CREATE ROLE ON ACCOUNT TO ROLE \"GOVERNED_SYSTEM\"")]
    [InlineData("WH", "USAGE on warehouse for the system role", "GRANT USAGE ON WAREHOUSE \"WH\" TO ROLE \"GOVERNED_SYSTEM\"")]
    [InlineData("CREATE MASKING POLICY", "CREATE MASKING POLICY on schema POLICIES", "can't mask columns. Remedy: run the setup script, or GRANT CREATE MASKING POLICY ON SCHEMA \"GOVERNED\".\"POLICIES\" TO ROLE \"GOVERNED_SYSTEM\"")]
    [InlineData("CREATE ROW ACCESS POLICY", "CREATE ROW ACCESS POLICY on schema POLICIES", "can't hide rows. Remedy: run the setup script, or GRANT CREATE ROW ACCESS POLICY ON SCHEMA")]
    [InlineData("CREATE FUNCTION", "CREATE FUNCTION on schema FUNCTIONS", "GRANT CREATE FUNCTION ON SCHEMA \"GOVERNED\".\"FUNCTIONS\"")]
    [InlineData("CREATE TABLE", "CREATE TABLE on schema SYSTEM", "GRANT CREATE TABLE ON SCHEMA \"GOVERNED\".\"SYSTEM\"")]
    [InlineData("CREATE VIEW", "CREATE VIEW on schema SYSTEM", "GRANT CREATE VIEW ON SCHEMA \"GOVERNED\".\"SYSTEM\"")]
    [InlineData("GOVERNED.POLICIES", "USAGE on schema POLICIES", "GRANT USAGE ON SCHEMA \"GOVERNED\".\"POLICIES\" TO ROLE \"GOVERNED_SYSTEM\"")]
    public async Task A_missing_privilege_of_the_system_role_fails_with_the_grant(string missing, string name, string remedy)
    {
        await using var account = await AccountAsync();
        account.On("SHOW GRANTS TO ROLE \"GOVERNED_SYSTEM\"", SystemGrants(missing));

        var check = (await ChecksAsync(account))[name];

        check.Status.ShouldBe(CheckStatus.Failed);
        check.Message!.ShouldContain(remedy);
    }

    [Fact]
    public async Task What_a_role_has_by_another_role_counts()
    {
        await using var account = await AccountAsync();
        account.On("SHOW GRANTS TO ROLE \"CRAWLER\"", FakeAccount.Rows(GrantColumns, Grant("USAGE", "ROLE", "READER"), Grant("USAGE", "ROLE", "CRAWLER")));
        account.On("SHOW GRANTS TO ROLE \"READER\"", FakeAccount.Rows(GrantColumns, Grant("REFERENCES", "TABLE", "SALES.EU.ORDERS")));

        var checks = await ChecksAsync(account);

        checks["REFERENCES on tables and views"].Status.ShouldBe(CheckStatus.Passed);
        checks["SELECT on tables and views"].Status.ShouldBe(CheckStatus.Warning);
        checks["SELECT on tables and views"].Message!.ShouldContain("GRANT SELECT ON ALL TABLES IN DATABASE … TO ROLE \"CRAWLER\"");
    }

    [Fact]
    public async Task A_database_that_is_not_ours_fails()
    {
        await using var account = await AccountAsync(comment: "the finance department's");

        var check = (await ChecksAsync(account))["database"];

        check.Status.ShouldBe(CheckStatus.Failed);
        check.Result.ShouldBe("GOVERNED exists already and is not Sluice's");
    }

    [Fact]
    public async Task A_role_that_is_not_ours_fails()
    {
        await using var account = await AccountAsync();
        account.On("SHOW ROLES", FakeAccount.Rows(["name", "comment"], ["GOVERNED_SYSTEM", "the finance department's"]));

        (await ChecksAsync(account))["system role"].Status.ShouldBe(CheckStatus.Failed);
    }

    [Fact]
    public async Task What_another_instance_marked_fails_and_names_it()
    {
        var other = new InstanceMark("ffff").Comment;
        await using var account = await AccountAsync(comment: other);
        account.On("SHOW ROLES", FakeAccount.Rows(["name", "comment"], ["GOVERNED_SYSTEM", other]));

        var checks = await ChecksAsync(account);

        checks["database"].Status.ShouldBe(CheckStatus.Failed);
        checks["database"].Result.ShouldBe("GOVERNED is another Sluice's, of instance ffff");
        checks["system role"].Status.ShouldBe(CheckStatus.Failed);
        checks["system role"].Result.ShouldBe("GOVERNED_SYSTEM is another Sluice's, of instance ffff");
    }

    [Fact]
    public async Task A_role_that_is_not_shown_is_not_taken_for_ours()
    {
        await using var account = await AccountAsync();
        account.On("SHOW ROLES", FakeAccount.Rows(["name", "comment"]));

        (await ChecksAsync(account))["system role"].Status.ShouldBe(CheckStatus.Failed);
    }

    [Fact]
    public async Task An_edition_without_masking_policies_is_a_warning()
    {
        await using var account = await AccountAsync();
        account.Refuses("SHOW MASKING POLICIES", "000002", "Unsupported feature 'MASKING POLICY'.");

        (await ChecksAsync(account))["edition"].Message!.ShouldContain("Enterprise");
    }

    [Fact]
    public async Task Views_that_are_closed_are_a_warning_with_the_grant()
    {
        await using var account = await AccountAsync();
        account.Refuses("ACCOUNT_USAGE", "002003", "Object 'SNOWFLAKE.ACCOUNT_USAGE.TAG_REFERENCES' does not exist or not authorized.");

        var check = (await ChecksAsync(account))["account views"];

        check.Status.ShouldBe(CheckStatus.Warning);
        check.Message!.ShouldContain("GRANT DATABASE ROLE SNOWFLAKE.GOVERNANCE_VIEWER TO ROLE \"GOVERNED_SYSTEM\"");
    }

    private static async Task<FakeAccount> AccountAsync(Action<FakeCatalog>? change = null, string? comment = null)
    {
        var account = await FakeAccount.StartAsync();
        var catalog = new FakeCatalog(account);
        catalog.Add("SALES").Schema("EU", "ORDERS");
        catalog.Add("GOVERNED").Schema("SYSTEM");
        catalog.Add("SNOWFLAKE", "APPLICATION");
        change?.Invoke(catalog);
        account.On("CURRENT_WAREHOUSE()", asked => FakeAccount.Rows(["U", "R", "W", "V"], ["SLUICE", "CRAWLER", "WH", "9.1"]));
        account.On("SHOW WAREHOUSES", FakeAccount.Rows(["name", "state", "auto_resume"], ["WH", "STARTED", "true"], ["WH2", "SUSPENDED", "false"]));
        account.On("SHOW DATABASES STARTS WITH 'GOVERNED'", FakeAccount.Rows(["name", "origin", "comment", "kind"], ["GOVERNED", "", comment ?? Payload.Mark.Comment, "STANDARD"]));
        account.On("INFORMATION_SCHEMA.SCHEMATA", FakeAccount.Rows(["COUNT"], ["1"]));
        account.On("SHOW MASKING POLICIES", FakeAccount.Rows(["name"]));
        account.On("SHOW ROLES", FakeAccount.Rows(["name", "comment"], ["GOVERNED_SYSTEM", Payload.Mark.Comment], ["GOVERNED_SYSTEM_2", "x"]));
        account.On("ACCOUNT_USAGE", FakeAccount.Rows(["TAG_NAME"]));
        account.On("SHOW GRANTS TO ROLE \"CRAWLER\"", FakeAccount.Rows(
            GrantColumns, Grant("USAGE", "DATABASE", "SALES"), Grant("USAGE", "SCHEMA", "SALES.EU"), Grant("REFERENCES", "TABLE", "SALES.EU.ORDERS"),
            Grant("SELECT", "EXTERNAL_TABLE", "SALES.EU.FILES")));
        account.On("SHOW GRANTS TO ROLE \"GOVERNED_SYSTEM\"", SystemGrants(missing: null));
        return account;
    }

    private static FakeAccount.Answer SystemGrants(string? missing)
    {
        string?[][] grants =
        [
            .. SystemPrivileges.OnAccount.Select(p => Grant(p, "ACCOUNT", "PROD")), Grant("USAGE", "WAREHOUSE", "WH"), Grant("USAGE", "DATABASE", "GOVERNED"),
            .. SystemPrivileges.OnSchema("SYSTEM").Select(p => Grant(p, "SCHEMA", "GOVERNED.SYSTEM")),
            .. SystemPrivileges.OnSchema("POLICIES").Select(p => Grant(p, "SCHEMA", "GOVERNED.POLICIES")),
            .. SystemPrivileges.OnSchema("FUNCTIONS").Select(p => Grant(p, "SCHEMA", "\"GOVERNED\".\"FUNCTIONS\"")),
        ];
        return FakeAccount.Rows(GrantColumns, [.. grants.Where(g => missing is null || (g[1] != missing && g[3] != missing))]);
    }

    private static string?[] Grant(string privilege, string on, string name) => ["t", privilege, on, name, "ROLE", "R", "false", "OWNER"];

    private static async Task<Dictionary<string, Check>> ChecksAsync(FakeAccount account)
    {
        await using var session = account.Open();
        var checks = await session.CheckAsync(TestContext.Current.CancellationToken);
        checks.Where(c => c.Status != CheckStatus.Passed).ShouldAllBe(c => c.Message != null);
        return checks.ToDictionary(c => c.Name, StringComparer.Ordinal);
    }
}
