using Sluice.Platforms.Databricks.Tests.Fakes;

namespace Sluice.Platforms.Databricks.Tests.Checks;

public sealed class CheckTests : IAsyncLifetime
{
    private FakeWorkspace _workspace = null!;

    public async ValueTask InitializeAsync()
    {
        _workspace = await FakeWorkspace.StartAsync();
        _workspace.Store.Add("sales", new FakeSchema("orders"));
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Everything_in_order_passes()
    {
        var checks = await ChecksAsync();

        checks.Keys.ShouldBe(
            [
                "credentials", "metastore", "warehouse", "SQL", "catalog", "privileges on catalog sluice", "visible catalogs", "privileges on catalog sales",
                "system.information_schema", "system.information_schema.column_masks", "system.information_schema.row_filters", "SELECT on system.access.table_lineage", "SELECT on system.access.column_lineage", "SELECT on system.access.audit",
                "SELECT on system.query.history", "functions in sluice.functions",
            ]);
        checks.Values.ShouldAllBe(c => c.Status == CheckStatus.Passed);
        checks.Values.ShouldAllBe(c => c.Message == null);
    }

    [Fact]
    public async Task Credentials_that_are_not_taken_end_the_checks()
    {
        _workspace.On("GET", "/api/2.0/preview/scim/v2/Me", """{"error_code":"403","message":"Invalid access token."}""", 403);

        var checks = await ChecksAsync();

        checks.ShouldHaveSingleItem().Value.ShouldBe(new Check(
            "credentials", CheckStatus.Failed, "Databricks: Invalid access token.", "The token must be one of this workspace, not expired and not revoked"));
    }

    [Theory]
    [InlineData("""{"name":"Starter","state":"STOPPED"}""", 200, CheckStatus.Passed, "Starter: STOPPED; a statement starts it")]
    [InlineData("""{"name":"Starter","state":"STARTING"}""", 200, CheckStatus.Passed, "Starter: STARTING")]
    [InlineData("""{"name":"Starter","state":"DELETED"}""", 200, CheckStatus.Failed, "Starter: DELETED")]
    [InlineData("""{"name":"Starter","state":"RUNNING","health":{"status":"FAILED","summary":"no capacity"} }""", 200, CheckStatus.Warning, "Starter: RUNNING")]
    [InlineData("""{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"The warehouse wh1 was not found."}""", 404, CheckStatus.Failed, "Databricks: RESOURCE_DOES_NOT_EXIST: The warehouse wh1 was not found.")]
    [InlineData("""{"error_code":"PERMISSION_DENIED","message":"no"}""", 403, CheckStatus.Warning, "Databricks: PERMISSION_DENIED: no")]
    [InlineData("""{"error_code":"TEMPORARILY_UNAVAILABLE","message":"later"}""", 503, CheckStatus.Skipped, "could not be asked just now")]
    public async Task The_warehouse_is_judged_by_its_state(string json, int status, CheckStatus expected, string result)
    {
        _workspace.On("GET", "/api/2.0/sql/warehouses/wh1", json, status);

        var checks = await ChecksAsync();

        checks["warehouse"].Status.ShouldBe(expected);
        checks["warehouse"].Result.ShouldBe(result);
        if (expected == CheckStatus.Failed) checks["SQL"].Status.ShouldBe(CheckStatus.Skipped);
    }

    [Fact]
    public async Task A_warehouse_that_is_still_starting_is_no_verdict()
    {
        _workspace.Options = _workspace.Options with { CheckTimeout = TimeSpan.FromMilliseconds(20) };
        _workspace.OnStatement(_ => new FakeWorkspace.Answer("""{"statement_id":"s1","status":{"state":"PENDING"} }"""));
        _workspace.On("GET", "/api/2.0/sql/statements/s1", """{"statement_id":"s1","status":{"state":"PENDING"} }""");
        _workspace.On("POST", "/api/2.0/sql/statements/s1/cancel", "{}");

        var checks = await ChecksAsync();

        checks["SQL"].Status.ShouldBe(CheckStatus.Skipped);
        checks["SQL"].Message.ShouldNotBeNull().ShouldContain("it is starting");
        checks["system.information_schema"].Status.ShouldBe(CheckStatus.Skipped);
    }

    [Theory]
    [InlineData(null, "sluice was not made by Sluice's setup script: it has no mark in its comment")]
    [InlineData("somebody's", "sluice was not made by Sluice's setup script: it has no mark in its comment")]
    [InlineData("Made by Sluice, instance instance-2. For its service principal alone; leave this comment as it is.", "sluice belongs to another Sluice instance (instance-2)")]
    public async Task A_catalog_that_is_not_ours_is_refused(string? comment, string result)
    {
        _workspace.Store.Catalogs.Single(c => c.Name == "sluice").Comment = comment;

        var check = (await ChecksAsync())["catalog"];

        check.Status.ShouldBe(CheckStatus.Failed);
        check.Result.ShouldBe(result);
    }

    [Theory]
    [InlineData("""{"error_code":"REQUEST_LIMIT_EXCEEDED","message":"slow down"}""", 429, true)]
    [InlineData("""{"error_code":"TEMPORARILY_UNAVAILABLE","message":"later"}""", 503, true)]
    [InlineData("""{"error_code":"INVALID_PARAMETER_VALUE","message":"no"}""", 400, false)]
    public async Task A_catalog_that_is_not_proven_to_be_ours_is_refused(string json, int status, bool isInconclusive)
    {
        _workspace.On("GET", "/api/2.1/unity-catalog/catalogs/sluice", json, status);

        var check = (await ChecksAsync())["catalog"];

        check.Status.ShouldBe(CheckStatus.Failed);
        check.Message.ShouldNotBeNull().ShouldContain("could not be proven");
        check.IsInconclusive.ShouldBe(isInconclusive);
    }

    [Theory]
    [InlineData("aaaaaaaa-bbbb-cccc-dddd-ffffffffffff", CheckStatus.Failed)]
    [InlineData("AAAAAAAA-bbbb-cccc-dddd-eeeeeeeeeeee", CheckStatus.Passed)]
    public async Task Credentials_of_another_than_clientId_are_refused(string name, CheckStatus expected)
    {
        _workspace.On("POST", "/oidc/v1/token", $$"""{"access_token":"{{_workspace.Token}}","token_type":"Bearer","expires_in":3600}""");
        _workspace.On("GET", "/api/2.0/preview/scim/v2/Me", $$"""{"userName":"{{name}}"}""");
        await using var session = _workspace.Open(authority: $"{_workspace.Address}oidc/v1/token");

        var check = (await session.CheckAsync(default)).Single(c => c.Name == "credentials");

        check.Status.ShouldBe(expected);
        if (expected == CheckStatus.Failed) check.Result.ShouldBe($"They belong to {name}, and clientId is {FakeWorkspace.Principal}");
    }

    [Fact]
    public async Task Privileges_are_read_to_the_last_page()
    {
        _workspace.On("GET", "/api/2.1/unity-catalog/effective-permissions/catalog/sales", asked =>
        {
            asked.Query["max_results"].ShouldBe("0");
            return new FakeWorkspace.Answer(asked.Query.ContainsKey("page_token")
                ? """{"privilege_assignments":[{"privileges":[{"privilege":"MANAGE"}]}]}"""
                : """{"privilege_assignments":[{"privileges":[{"privilege":"ALL_PRIVILEGES"}]}],"next_page_token":"2"}""");
        });

        (await ChecksAsync())["privileges on catalog sales"].Status.ShouldBe(CheckStatus.Passed);
    }

    [Fact]
    public async Task A_catalog_that_is_not_there_names_the_script()
    {
        _workspace.Store.Catalogs.RemoveAll(c => c.Name == "sluice");

        var check = (await ChecksAsync())["catalog"];

        check.Status.ShouldBe(CheckStatus.Failed);
        check.Message.ShouldNotBeNull().ShouldContain("POST /integrations/scripts/create");
    }

    [Fact]
    public async Task A_principal_that_sees_nothing_is_refused_with_the_grant()
    {
        _workspace.Store.Catalogs.RemoveAll(c => c.Name == "sales");

        var check = (await ChecksAsync())["visible catalogs"];

        check.Status.ShouldBe(CheckStatus.Failed);
        check.Result.ShouldBe($"{FakeWorkspace.Principal} sees no catalog to govern; it sees sluice");
        check.Message.ShouldNotBeNull().ShouldContain($"GRANT USE CATALOG, MANAGE, USE SCHEMA, MODIFY, SELECT ON CATALOG <catalog> TO `{FakeWorkspace.Principal}`");
    }

    [Fact]
    public async Task A_missing_privilege_is_named_with_the_grant_that_mends_it()
    {
        _workspace.On(
            "GET", "/api/2.1/unity-catalog/effective-permissions/catalog/sales",
            """{"privilege_assignments":[{"principal":"x","privileges":[{"privilege":"USE_CATALOG"},{"privilege":"SELECT"}]}]}""");

        var check = (await ChecksAsync())["privileges on catalog sales"];

        check.Status.ShouldBe(CheckStatus.Warning);
        check.Result.ShouldBe("MANAGE, USE SCHEMA, MODIFY missing on the catalog itself");
        check.Message.ShouldNotBeNull().ShouldEndWith($"GRANT MANAGE, USE SCHEMA, MODIFY ON CATALOG `sales` TO `{FakeWorkspace.Principal}`");
    }

    [Fact]
    public async Task All_privileges_are_not_manage()
    {
        _workspace.On(
            "GET", "/api/2.1/unity-catalog/effective-permissions/catalog/sales", """{"privilege_assignments":[{"privileges":[{"privilege":"ALL_PRIVILEGES"}]}]}""");

        (await ChecksAsync())["privileges on catalog sales"].Result.ShouldBe("MANAGE missing on the catalog itself");
    }

    [Fact]
    public async Task A_system_table_that_cant_be_read_is_a_warning_with_the_grant()
    {
        _workspace.OnStatement(sql => sql.Contains("system.query", StringComparison.Ordinal)
            ? FakeWorkspace.StatementFailed("[INSUFFICIENT_PERMISSIONS] no", sqlState: "42501")
            : FakeWorkspace.Succeeded([]));

        var check = (await ChecksAsync())["SELECT on system.query.history"];

        check.Status.ShouldBe(CheckStatus.Warning);
        check.Message.ShouldNotBeNull().ShouldContain($"GRANT SELECT ON TABLE system.query.history TO `{FakeWorkspace.Principal}`");
    }

    [Theory]
    [InlineData("""["1234567890"]""", CheckStatus.Passed, "1234567890 is the workspace that is connected to", null)]
    [InlineData("""["71", "72"]""", CheckStatus.Failed, "1234567890, the workspace that is connected to, is not among them", "add the one that is connected to")]
    [InlineData("""["71", "1234567890", "72"]""", CheckStatus.Skipped, "1234567890 is the workspace that is connected to; not verified: 71, 72", "See in the account console that they have ")]
    public async Task Of_workspaceIds_only_the_connected_workspace_can_be_judged_and_the_others_are_named(string ids, CheckStatus expected, string result, string? message)
    {
        var check = (await ChecksAsync(ids))["workspaceIds"];

        (check.Status, check.Result).ShouldBe((expected, result));
        if (message is null) check.Message.ShouldBeNull();
        else check.Message.ShouldNotBeNull().ShouldContain(message);
    }

    private async Task<Dictionary<string, Check>> ChecksAsync(string? workspaceIds = null)
    {
        await using var session = _workspace.Open(workspaceIds: workspaceIds);
        return (await session.CheckAsync(default)).ToDictionary(c => c.Name, StringComparer.Ordinal);
    }
}
