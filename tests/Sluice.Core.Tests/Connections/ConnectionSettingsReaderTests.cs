using Sluice.Core.Connections;
using Sluice.Core.Tests.Payloads;

namespace Sluice.Core.Tests.Connections;

public sealed class ConnectionSettingsReaderTests
{
    private static readonly ConnectionSettings Stored = new()
    {
        IsActive = true,
        Mode = EnforcementMode.Observe,
        ProtectUnregistered = false,
        RefuseOnResidual = true,
        ObjectSyncEvery = TimeSpan.FromHours(6),
        Prefix = "ACME",
        ExemptRoles = ["dba"],
        MasksInView = true,
        GroupBudget = 7,
        MaskFunctionSchemas = ["GOV.MASKS"],
        TrustPlatformTags = true,
        AcceptUnknownGovernance = true,
        GuardMaxLost = 10,
        GuardMaxGained = 0,
    };

    [Fact]
    public void Every_member_is_read()
    {
        Read("""
            {"isActive": true, "mode": "observe", "unregistered": "pass", "onResidual": "refuse", "objectSyncEvery": "PT6H", "prefix": "ACME",
             "exemptRoles": ["dba"], "masks": "view", "groupBudget": 7, "maskFunctionSchemas": ["GOV.MASKS"], "trustPlatformTags": true, "acceptUnknownGovernance": true, "guard": {"maxLost": 10, "maxGained": 0}}
            """, null).ShouldBe(Stored);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"isActive\": false, \"guard\": {}, \"exemptRoles\": []}")]
    [InlineData("{\"isActive\": null, \"mode\": null, \"guard\": null, \"exemptRoles\": null, \"prefix\": null, \"objectSyncEvery\": null}")]
    public void On_a_registration_absent_members_get_the_documented_defaults(string json)
    {
        Read(json, null).ShouldBe(new ConnectionSettings());
        var settings = Read(json, null);
        settings.IsActive.ShouldBeFalse();
        settings.Mode.ShouldBe(EnforcementMode.Sync);
        settings.ProtectUnregistered.ShouldBeTrue();
        settings.RefuseOnResidual.ShouldBeFalse();
        settings.ObjectSyncEvery.ShouldBe(TimeSpan.FromDays(1));
        settings.Prefix.ShouldBe("SLUICE");
        settings.ExemptRoles.ShouldBeEmpty();
        settings.MasksInView.ShouldBeFalse();
        settings.GroupBudget.ShouldBe(0);
        settings.MaskFunctionSchemas.ShouldBeEmpty();
        settings.TrustPlatformTags.ShouldBeFalse();
        settings.AcceptUnknownGovernance.ShouldBeFalse();
        settings.GuardMaxLost.ShouldBeNull();
        settings.GuardMaxGained.ShouldBeNull();
    }

    [Fact]
    public void A_payload_without_settings_has_the_defaults_or_what_is_stored()
    {
        ConnectionSettingsReader.Read(null).ShouldBe(new ConnectionSettings());
        ConnectionSettingsReader.Read(null, Stored).ShouldBe(Stored);
    }

    [Fact]
    public void On_an_update_absent_members_keep_what_is_stored()
    {
        Read("{}", Stored).ShouldBe(Stored);
        Read("""{"isActive": null, "guard": null, "prefix": null}""", Stored).ShouldBe(Stored);
        Read("""{"isActive": false}""", Stored).ShouldBe(Stored with { IsActive = false });
        Read("""{"mode": "sync"}""", Stored).ShouldBe(Stored with { Mode = EnforcementMode.Sync });
        Read("""{"unregistered": "protect"}""", Stored).ShouldBe(Stored with { ProtectUnregistered = true });
        Read("""{"onResidual": "report"}""", Stored).ShouldBe(Stored with { RefuseOnResidual = false });
        Read("""{"objectSyncEvery": "P1D"}""", Stored).ShouldBe(Stored with { ObjectSyncEvery = TimeSpan.FromDays(1) });
        Read("""{"prefix": "SLUICE"}""", Stored).ShouldBe(Stored with { Prefix = "SLUICE" });
        Read("""{"exemptRoles": []}""", Stored).ShouldBe(Stored with { ExemptRoles = [] });
        Read("""{"masks": "columns"}""", Stored).ShouldBe(Stored with { MasksInView = false });
        Read("""{"groupBudget": 0}""", Stored).ShouldBe(Stored with { GroupBudget = 0 });
        Read("""{"maskFunctionSchemas": []}""", Stored).ShouldBe(Stored with { MaskFunctionSchemas = [] });
        Read("""{"trustPlatformTags": false}""", Stored).ShouldBe(Stored with { TrustPlatformTags = false });
        Read("""{"acceptUnknownGovernance": false}""", Stored).ShouldBe(Stored with { AcceptUnknownGovernance = false });
        Read("""{"guard": {"maxLost": 1}}""", Stored).ShouldBe(Stored with { GuardMaxLost = 1 });
        Read("""{"guard": {"maxGained": 1}}""", Stored).ShouldBe(Stored with { GuardMaxGained = 1 });
    }

    [Theory]
    [InlineData("Snowflake")]
    [InlineData("Databricks")]
    [InlineData("Glue")]
    public void Only_PostgreSQL_has_views_for_masks(string technology)
    {
        var settings = Body.Of("""{"masks": "view"}""");
        ConnectionSettingsReader.Read(settings, null, new Technology(technology));
        settings.Problems.Told().ShouldHaveSingleItem().ShouldContain($"can be 'view' with technology PostgreSQL alone, not with {technology}");

        // What is printed can be sent back.
        var columns = Body.Of("""{"masks": "columns"}""");
        ConnectionSettingsReader.Read(columns, null, new Technology(technology)).ShouldBe(new ConnectionSettings());
        columns.Problems.Told().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Snowflake")]
    [InlineData("PostgreSQL")]
    [InlineData("Glue")]
    public void Only_Databricks_has_a_budget_of_groups(string technology)
    {
        var settings = Body.Of("""{"groupBudget": 3}""");
        ConnectionSettingsReader.Read(settings, null, new Technology(technology));
        settings.Problems.Told().ShouldHaveSingleItem().ShouldContain($"can be more than 0 with technology Databricks alone, not with {technology}");

        var none = Body.Of("""{"groupBudget": 0}""");
        ConnectionSettingsReader.Read(none, null, new Technology(technology)).ShouldBe(new ConnectionSettings());
        none.Problems.Told().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1001")]
    [InlineData("1.5")]
    [InlineData("\"many\"")]
    public void A_budget_of_groups_is_a_whole_number_up_to_a_thousand(string budget)
    {
        var settings = Body.Of($$"""{"groupBudget": {{budget}}}""");
        ConnectionSettingsReader.Read(settings, null, Technology.Databricks);
        settings.Problems.Told().ShouldHaveSingleItem().ShouldContain("groupBudget");
        Read("""{"groupBudget": 1000}""", null).GroupBudget.ShouldBe(1000);
    }

    [Fact]
    public void A_null_in_the_guard_is_the_default_rule_again()
    {
        Read("""{"guard": {"maxLost": null}}""", Stored).ShouldBe(Stored with { GuardMaxLost = null });
        Read("""{"guard": {"maxGained": null, "maxLost": 3}}""", Stored).ShouldBe(Stored with { GuardMaxLost = 3, GuardMaxGained = null });
    }

    [Theory]
    [InlineData("sync", EnforcementMode.Sync)]
    [InlineData("upsert-only", EnforcementMode.UpsertOnly)]
    [InlineData("create-only", EnforcementMode.CreateOnly)]
    [InlineData("observe", EnforcementMode.Observe)]
    public void Every_mode_has_its_spelling(string spelling, EnforcementMode mode) =>
        Read($$"""{"mode": "{{spelling}}"}""", null).Mode.ShouldBe(mode);

    [Theory]
    [InlineData("P1D", 24 * 60 * 60)]
    [InlineData("PT1M", 60)]
    [InlineData("PT15M", 15 * 60)]
    [InlineData("PT12H", 12 * 60 * 60)]
    [InlineData("P1DT1H1M1S", (25 * 60 * 60) + 61)]
    [InlineData("PT90S", 90)]
    [InlineData("PT1440M", 24 * 60 * 60)]
    [InlineData("P366D", 366 * 24 * 60 * 60)]
    public void An_interval_is_a_duration(string text, int seconds) =>
        Read($$"""{"objectSyncEvery": "{{text}}"}""", null).ObjectSyncEvery.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("P1Y")]
    [InlineData("P1M")]
    [InlineData("P1Y2M3D")]
    [InlineData("P0M1D")]
    [InlineData("P1MT1M")]
    public void An_interval_of_years_or_months_is_refused(string text) => Problems($$"""{"objectSyncEvery": "{{text}}"}""").ShouldBe(
        ["$.settings.objectSyncEvery must not count in years or months, whose length varies: write days, as in P30D"]);

    [Theory]
    [InlineData("PT59S")]
    [InlineData("PT59.9999999S")]
    [InlineData("P366DT1S")]
    [InlineData("P367D")]
    [InlineData("PT0S")]
    [InlineData("-P1D")]
    [InlineData("P99999999999999999999D")]
    [InlineData("1 day")]
    [InlineData("24:00:00")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData(" P1D")]
    [InlineData("P1D ")]
    [InlineData("p1d")]
    [InlineData("P1W")]
    [InlineData("PT1H30")]
    [InlineData("P１D")]
    [InlineData("PT000000000000000000000000000000000000000000001H")]
    public void An_interval_that_is_none_or_out_of_bounds_is_refused(string text) =>
        Problems($$"""{"objectSyncEvery": "{{text}}"}""").ShouldHaveSingleItem()
            .ShouldStartWith("$.settings.objectSyncEvery must be an ISO 8601 duration");

    [Theory]
    [InlineData("S")]
    [InlineData("Sluice_2")]
    [InlineData("ABCDEFGHIJKLMNOPQRST")]
    public void A_prefix_is_a_plain_identifier(string prefix) => Read($$"""{"prefix": "{{prefix}}"}""", null).Prefix.ShouldBe(prefix);

    [Theory]
    [InlineData("1A")]
    [InlineData("_A")]
    [InlineData("A-B")]
    [InlineData("A B")]
    [InlineData("A\\n")]
    [InlineData("A\\\"; DROP")]
    [InlineData("Ä")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTU")]
    public void Another_prefix_is_refused(string prefix) => Problems($$"""{"prefix": "{{prefix}}"}""").ShouldBe(
        ["$.settings.prefix must have 1 to 20 ASCII letters, digits and '_', the first of them a letter"]);

    [Theory]
    [InlineData("Snowflake", "[\"GOV.MASKS\", \"gov.\\\"masks\\\"\"]", null)]
    [InlineData("Databricks", "[\"gov.masks\", \"`gov`.`other`\"]", null)]
    [InlineData("Snowflake", "[\"GOV\"]", "holds 'GOV', which is no schema: write two names, as in GOVERNANCE.MASKS, a database and a schema")]
    [InlineData("Databricks", "[\"a.b.c\"]", "holds 'a.b.c', which is no schema: write two names, as in governance.masks, a catalog and a schema")]
    [InlineData("Snowflake", "[\"GOV.MASKS\", \"gov.masks\"]", "holds the schema GOV.MASKS twice")]
    [InlineData("Snowflake", "[\"GOV.MASKS; DROP\"]", "holds 'GOV.MASKS; DROP', which must be names joined by dots, each of ASCII letters, digits and '_' and not beginning with a digit, or else in double quotes")]
    [InlineData("PostgreSQL", "[\"gov.masks\"]", "can be listed with technology Snowflake and Databricks alone, not with PostgreSQL")]
    [InlineData("Glue", "[\"gov.masks\"]", "can be listed with technology Snowflake and Databricks alone, not with Glue")]
    [InlineData("Glue", "[]", null)]
    public void Schemas_of_mask_functions_are_two_names_of_the_platforms_own_dialect(string technology, string schemas, string? problem)
    {
        var settings = Body.Of($$"""{"maskFunctionSchemas": {{schemas}}}""");
        ConnectionSettingsReader.Read(settings, null, new Technology(technology));
        settings.Problems.Told().ShouldBe(problem is null ? [] : [$"$.maskFunctionSchemas {problem}"]);
    }

    [Fact]
    public void Exempt_roles_are_exact_names_each_once()
    {
        Read("""{"exemptRoles": ["Role", "role", " role", "arn:aws:iam::123456789012:role/x", "🦫"]}""", null).ExemptRoles
            .ShouldBe(["Role", "role", " role", "arn:aws:iam::123456789012:role/x", "🦫"]);
        Problems("""{"exemptRoles": ["a", "a"]}""").ShouldBe(["$.settings.exemptRoles holds a name twice"]);
        Problems("""{"exemptRoles": ["a", ""]}""").ShouldBe(["$.settings.exemptRoles holds a name that is empty"]);
        Problems("""{"exemptRoles": ["a\u0000"]}""").ShouldBe(["$.settings.exemptRoles holds a name that holds a NUL character"]);
        Problems("""{"exemptRoles": ["\ud800"]}""").ShouldBe(["$.settings.exemptRoles[0] is not well-formed Unicode"]);
        Problems("""{"exemptRoles": "a"}""").ShouldBe(["$.settings.exemptRoles must be a list of strings, not a string"]);
        var many = string.Join(',', Enumerable.Range(0, 1001).Select(i => $"\"r{i}\""));
        Problems($$"""{"exemptRoles": [{{many}}]}""").ShouldBe(["$.settings.exemptRoles must hold at most 1000 names, not 1001"]);
    }

    [Theory]
    [InlineData("-1", "must be from 0 to 2147483647, not -1")]
    [InlineData("1.5", "must be a whole number from 0 to 2147483647")]
    [InlineData("2147483648", "must be a whole number from 0 to 2147483647")]
    [InlineData("\"1\"", "must be a whole number from 0 to 2147483647, not a string")]
    public void A_guard_counts_from_nought(string number, string problem)
    {
        Problems($$$"""{"guard": {"maxLost": {{{number}}}}}""").ShouldBe([$"$.settings.guard.maxLost {problem}"]);
        Problems($$$"""{"guard": {"maxGained": {{{number}}}}}""").ShouldBe([$"$.settings.guard.maxGained {problem}"]);
    }

    [Fact]
    public void Every_problem_is_told_at_once() => Problems("""
        {"isActive": "yes", "mode": "Sync", "unregistered": "deny", "onResidual": 1, "objectSyncEvery": "PT1S", "prefix": "", "exemptRoles": [1],
         "trustPlatformTags": 0, "acceptUnknownGovernance": "no", "guard": {"maxLost": -1, "maxGained": [], "maxlost": 1}, "objectSyncEvry": 1}
        """).ShouldBe(
        [
            "$.settings.mode must be one of sync, upsert-only, create-only, observe, not 'Sync'",
            "$.settings.unregistered must be one of protect, pass, not 'deny'",
            "$.settings.onResidual must be a string, not a number",
            "$.settings.isActive must be true or false, not a string",
            "$.settings.objectSyncEvery must be an ISO 8601 duration of days, hours, minutes and seconds such as P1D, PT12H or PT15M, "
                + "from one minute (PT1M) to 366 days (P366D)",
            "$.settings.prefix must not be empty",
            "$.settings.exemptRoles[0] must be a string, not a number",
            "$.settings.trustPlatformTags must be true or false, not a number",
            "$.settings.acceptUnknownGovernance must be true or false, not a string",
            "$.settings.guard.maxLost must be from 0 to 2147483647, not -1",
            "$.settings.guard.maxGained must be a whole number from 0 to 2147483647, not a list",
            "$.settings.guard.maxlost is not a known member; did you mean 'maxLost'?",
            "$.settings.objectSyncEvry is not a known member; did you mean 'objectSyncEvery'?",
        ]);

    [Theory]
    [InlineData("[]", "$.settings must be an object, not a list")]
    [InlineData("{\"guard\": 5}", "$.settings.guard must be an object, not a number")]
    public void What_is_no_object_is_a_problem(string json, string problem) => Problems(json).ShouldBe([problem]);

    private static ConnectionSettings Read(string json, ConnectionSettings? stored)
    {
        var payload = Body.Of($$"""{"settings": {{json}}}""");
        var settings = ConnectionSettingsReader.Read(payload.OptionalObject("settings"), stored);
        payload.Problems.Told().ShouldBeEmpty();
        return settings;
    }

    private static string[] Problems(string json)
    {
        var payload = Body.Of($$"""{"settings": {{json}}}""");
        ConnectionSettingsReader.Read(payload.OptionalObject("settings"), Stored);
        return payload.Problems.Told();
    }
}
