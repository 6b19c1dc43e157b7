using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Engine.Callers;
using Sluice.Engine.Connections;
using Sluice.Engine.Errors;
using Sluice.Platforms;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Tests;

public sealed class ConnectionTests
{
    private static Caller With(params string[] permissions) => new("bob", "Bob", "bob@example.com", new HashSet<string>(permissions)) { SpeaksForHolder = true };

    [Fact]
    public async Task A_key_is_taken_in_any_case_and_a_platform_once()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAsync("Prod", "one");

        var sameKey = await Should.ThrowAsync<RequestRefusedException>(() => engine.RegisterAsync("PROD", "two"));
        var samePlatform = await Should.ThrowAsync<RequestRefusedException>(() => engine.RegisterAsync("other", "one"));

        sameKey.Code.ShouldBe(ErrorCode.ConnectionKeyTaken);
        samePlatform.Code.ShouldBe(ErrorCode.PlatformRegistered);
        samePlatform.Message.ShouldContain("'Prod'");
    }

    [Fact]
    public async Task Racing_registrations_of_one_platform_leave_one_connection()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await engine.RegisterAsync($"key{i}", "one");
                return null;
            }
            catch (RequestRefusedException e)
            {
                return e.Code;
            }
        }));

        tries.Count(t => t is null).ShouldBe(1);
        tries.Where(t => t is not null).ShouldAllBe(t => t == ErrorCode.PlatformRegistered);
    }

    [Fact]
    public async Task Wrong_credentials_store_nothing()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());

        var refusal = await Should.ThrowAsync<RequestRefusedException>(() => engine.RegisterAsync(password: "wrong"));

        refusal.Code.ShouldBe(ErrorCode.PlatformRefused);
        refusal.Message.ShouldBe("password authentication failed");
        (await Should.ThrowAsync<RequestRefusedException>(() => engine.ReadAsync("pg"))).Code.ShouldBe(ErrorCode.NotFound);
        (await engine.RegisterAndCrawlAsync()).State.ShouldBe(JobState.Completed);
    }

    [Fact]
    public async Task A_failed_check_refuses_and_names_every_failed_check()
    {
        var platform = new FakePlatform
        {
            Checks =
            [
                new Check("a", CheckStatus.Failed, "no", "Grant A."), new Check("b", CheckStatus.Failed, "no", "Grant B."), new Check("c", CheckStatus.Warning, "meh"),
            ],
        };
        await using var engine = await EngineHost.StartAsync(platform);

        var refusal = await Should.ThrowAsync<RequestRefusedException>(() => engine.RegisterAsync());

        refusal.Code.ShouldBe(ErrorCode.PlatformRefused);
        refusal.Problems!.Select(p => p.Message).ShouldBe(["no. Grant A.", "no. Grant B."]);
    }

    [Fact]
    public async Task A_platform_that_never_answers_is_422_within_the_limit()
    {
        var platform = new FakePlatform { BeforeIdentify = static token => Task.Delay(Timeout.Infinite, token) };
        await using var engine = await EngineHost.StartAsync(platform, options: new EngineOptions { RegistrationTimeout = TimeSpan.FromMilliseconds(200) });

        (await Should.ThrowAsync<RequestRefusedException>(() => engine.RegisterAsync())).Code.ShouldBe(ErrorCode.PlatformUnreachable);
    }

    [Fact]
    public async Task A_dry_run_stores_nothing()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());

        var report = await engine.Connections.TryAsync(EngineHost.Payload("pg", "db"), EngineHost.Admin, default);

        report.Checks.ShouldHaveSingleItem();
        (await Should.ThrowAsync<RequestRefusedException>(() => engine.ReadAsync("pg"))).Code.ShouldBe(ErrorCode.NotFound);
    }

    [Fact]
    public async Task An_update_that_moves_the_secret_must_bring_it_again()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync();

        var refusal = await Should.ThrowAsync<RequestRefusedException>(() => engine.Connections.UpdateAsync(
            "pg", EngineHost.Json("""{"connection": {"technology": "PostgreSQL", "hostname": "thief@db"}}"""), null, EngineHost.Admin, default));

        refusal.Code.ShouldBe(ErrorCode.SecretsMustBeBroughtAgain);
        refusal.Problems!.ShouldHaveSingleItem().Path.ShouldBe("$.connection.password");
        engine.Platform.PasswordsUsed.ShouldAllBe(p => p == FakePlatform.Password);
    }

    [Fact]
    public async Task Rotated_credentials_are_used_from_then_on_and_kept_ones_stay()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync();

        var rotation = """{"connection": {"technology": "PostgreSQL", "hostname": "db", "password": "rotated"}}""";
        await engine.WaitAsync(await engine.Connections.UpdateAsync("pg", EngineHost.Json(rotation), null, EngineHost.Admin, default));
        var kept = """{"connection": {"technology": "PostgreSQL", "hostname": "db", "password": "[REDACTED]"}, "options": {"forceRecursiveCrawl": false}}""";
        await engine.WaitAsync(await engine.Connections.UpdateAsync("pg", EngineHost.Json(kept), null, EngineHost.Admin, default));

        engine.Platform.PasswordsUsed.Last().ShouldBe("rotated");
        (await engine.Connections.ReadAsync("pg", EngineHost.Admin, default)).Stored.Options.ForceRecursiveCrawl.ShouldBeFalse();
    }

    [Fact]
    public async Task A_budget_of_groups_is_tried_before_it_is_stored()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform { Technology = Technology.Databricks });
        var body = $$$"""{"connectionKey":"unity","connection":{"technology":"Databricks","hostname":"db","password":"{{{FakePlatform.Password}}}"}}""";
        await engine.WaitAsync(await engine.Connections.RegisterAsync(EngineHost.Json(body), EngineHost.Admin, default));
        var scope = engine.Platform.SettingsUsed.Select(static s => s.Scope).Distinct().ShouldHaveSingleItem();
        scope.Length.ShouldBe(16);
        engine.Platform.SettingsUsed.Clear();

        engine.Platform.Checks = [new Check("account groups", CheckStatus.Failed, "no", "Be an admin.")];
        var refusal = await Should.ThrowAsync<RequestRefusedException>(() => BudgetAsync(7));
        refusal.Problems.ShouldNotBeNull().ShouldHaveSingleItem().Message.ShouldBe("no. Be an admin.");
        engine.Platform.SettingsUsed.ShouldHaveSingleItem().ShouldSatisfyAllConditions(s => s.Settings.GroupBudget.ShouldBe(7), s => s.Scope.ShouldBe(scope));

        engine.Platform.Checks = [new Check("account groups", CheckStatus.Passed, "yes")];
        await engine.WaitAsync(await BudgetAsync(7));
        (await engine.Connections.ReadAsync("unity", EngineHost.Admin, default)).Stored.SettingsJson.ShouldContain("\"groupBudget\":7");
        engine.Platform.SettingsUsed.Clear();
        engine.Platform.Checks = [new Check("account groups", CheckStatus.Failed, "no", "Be an admin.")];
        await engine.WaitAsync(await BudgetAsync(0));

        Task<Accepted> BudgetAsync(int budget) => engine.Connections.UpdateAsync("unity", EngineHost.Json($$$"""{"settings":{"groupBudget":{{{budget}}}}}"""), null, EngineHost.Admin, default);
    }

    [Fact]
    public async Task Settings_by_which_more_would_be_seen_are_a_governor_s()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync();
        var laxer = EngineHost.Json("""{"settings": {"exemptRoles": ["mine"], "unregistered": "pass", "objectSyncEvery": "PT12H"}}""");

        var refusal = await Should.ThrowAsync<RequestRefusedException>(() => engine.Connections.UpdateAsync("pg", laxer, null, With(Permission.ApplicationAdmin), default));
        refusal.Code.ShouldBe(ErrorCode.Forbidden);
        refusal.Message.ShouldContain("settings.unregistered, settings.exemptRoles would let more be seen");
        (await engine.Connections.ReadAsync("pg", EngineHost.Admin, default)).Stored.SettingsJson.ShouldNotContain("mine");

        await engine.WaitAsync(await engine.Connections.UpdateAsync("pg", laxer, null, With(Permission.ApplicationAdmin, Permission.Governance), default));
        var stricter = EngineHost.Json("""{"settings": {"exemptRoles": [], "unregistered": "protect", "onResidual": "refuse"}}""");
        await engine.WaitAsync(await engine.Connections.UpdateAsync("pg", stricter, null, With(Permission.ApplicationAdmin), default));
        (await engine.Connections.ReadAsync("pg", EngineHost.Admin, default)).Stored.SettingsJson.ShouldNotContain("mine");
    }

    [Theory]
    [InlineData("userRolePattern", "exclude", """["ETL"]""", """["ETL", "BI"]""", "BI")]
    [InlineData("groupPattern", "deny", "\"one\"", "\"other\"", "other")]
    public async Task Who_exempts_more_from_data_policies_by_the_native_integration_is_a_governor(string pattern, string member, string before, string after, string named)
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.WaitAsync(await engine.Connections.RegisterAsync(Exempting(before), EngineHost.Admin, default));
        var administrator = With(Permission.ApplicationAdmin);

        var refusal = await Should.ThrowAsync<RequestRefusedException>(() => engine.Connections.UpdateAsync("pg", Exempting(after), null, administrator, default));
        (refusal.Code, refusal.Message.Contains($"nativeIntegration.config.{pattern}.{member}: {named}", StringComparison.Ordinal)).ShouldBe((ErrorCode.Forbidden, true));

        await engine.WaitAsync(await engine.Connections.UpdateAsync("pg", Exempting(before), null, administrator, default));
        await engine.WaitAsync(await engine.Connections.UpdateAsync("pg", Exempting(after), null, EngineHost.Admin, default));

        JsonElement Exempting(string value)
        {
            var payload = JsonSerializer.SerializeToNode(EngineHost.Payload("pg", "db"))!;
            payload["nativeIntegration"] = JsonNode.Parse($$$"""{"type": "PostgreSQL", "config": {"database": "d", "{{{pattern}}}": {"{{{member}}}": {{{value}}}} }}""");
            return JsonSerializer.SerializeToElement(payload);
        }
    }

    [Fact]
    public async Task An_update_to_another_platform_or_of_an_old_revision_is_refused()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync();
        var other = """{"connection": {"technology": "PostgreSQL", "hostname": "other", "password": "x"}}""";

        (await Should.ThrowAsync<RequestRefusedException>(() => engine.Connections.UpdateAsync("pg", EngineHost.Json(other), null, EngineHost.Admin, default)))
            .Code.ShouldBe(ErrorCode.WrongState);
        (await Should.ThrowAsync<RequestRefusedException>(() => engine.Connections.UpdateAsync("pg", EngineHost.Json("{}"), [99], EngineHost.Admin, default)))
            .Code.ShouldBe(ErrorCode.RevisionChanged);
    }

    [Fact]
    public async Task Every_problem_of_a_payload_is_named_at_once()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        var body = """{"connectionKey": "search", "connection": {"technology": "PostgreSQL", "colour": 1}, "settings": {"isActive": "yes"}, "extra": {}}""";

        var refusal = await Should.ThrowAsync<RequestRefusedException>(() => engine.Connections.RegisterAsync(EngineHost.Json(body), EngineHost.Admin, default));

        refusal.Problems!.Select(p => p.Path).Order(StringComparer.Ordinal)
            .ShouldBe(["$.connection.colour", "$.connection.hostname", "$.connectionKey", "$.extra", "$.settings.isActive"]);
    }

    [Theory]
    [InlineData("Snowflake")]
    [InlineData("Databricks")]
    public async Task Technologies_to_come_say_so(string technology)
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        var body = $$$"""{"connectionKey": "x", "connection": {"technology": "{{{technology}}}"}}""";

        var refusal = await Should.ThrowAsync<RequestRefusedException>(() => engine.Connections.RegisterAsync(EngineHost.Json(body), EngineHost.Admin, default));

        refusal.Code.ShouldBe(ErrorCode.NotAvailableYet);
    }

    [Fact]
    public async Task A_data_owner_reads_and_crawls_what_they_own_and_nothing_else()
    {
        var platform = new FakePlatform();
        platform.Add("db0");
        platform.Add("db0/t0");
        platform.Add("db1");
        await using var engine = await EngineHost.StartAsync(platform);
        await engine.RegisterAndCrawlAsync();
        var owned = new ObjectPath("pg", "db0");
        var settings = await engine.Catalog.ChangeSettingsAsync(owned, EngineHost.Json("""{"dataOwners": ["BOB@example.com"]}"""), null, EngineHost.Admin, default);
        await engine.WaitAsync(settings.Accepted);
        var bob = With();

        (await engine.Catalog.ReadAsync(owned.Child("t0"), bob, default)).Object.Path.Name.ShouldBe("t0");
        await engine.Catalog.CrawlAsync(owned, default, null, bob, default);
        foreach (var forbidden in new[] { new ObjectPath("pg"), new ObjectPath("pg", "db1"), new ObjectPath("pg", "nowhere") })
            (await Should.ThrowAsync<RequestRefusedException>(() => engine.Catalog.ReadAsync(forbidden, bob, default))).Code.ShouldBe(ErrorCode.Forbidden);
        (await Should.ThrowAsync<RequestRefusedException>(() => engine.Catalog.DeleteAsync(owned, null, bob, default))).Code.ShouldBe(ErrorCode.Forbidden);
    }

    [Fact]
    public async Task Jobs_are_seen_by_their_requester_and_administrators()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        var accepted = await engine.RegisterAsync();
        await engine.WaitAsync(accepted);

        (await engine.Jobs.ListAsync(accepted.BulkId, With(Permission.Governance), default)).ShouldBeEmpty();
        (await engine.Jobs.ListAsync(accepted.BulkId, EngineHost.Admin, default)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_connection_keeps_an_activity_of_its_own()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync();

        var refusal = await Should.ThrowAsync<RequestRefusedException>(() =>
            engine.Catalog.ChangeSettingsAsync(new ObjectPath("pg"), EngineHost.Json("""{"isActive": null}"""), null, EngineHost.Admin, default));
        await engine.Catalog.ChangeSettingsAsync(new ObjectPath("pg"), EngineHost.Json("""{"isActive": true}"""), null, EngineHost.Admin, default);

        refusal.Problems!.ShouldHaveSingleItem().Path.ShouldBe("$.isActive");
        (await engine.Connections.ReadAsync("pg", EngineHost.Admin, default)).Stored.SettingsJson.ShouldContain("\"isActive\":true");
    }

    [Fact]
    public async Task A_stored_document_that_somebody_bent_gets_no_secret()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync();
        var used = engine.Platform.PasswordsUsed.Count;
        await using (var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(engine.Directory, "sluice.db")}"))
        {
            await database.OpenAsync();
            var bend = database.CreateCommand();
            bend.CommandText = "UPDATE connections SET document = replace(document, '\"db\"', '\"thief\"'), secret_destination = 'thief'";
            (await bend.ExecuteNonQueryAsync()).ShouldBe(1);
        }

        var job = await engine.CrawlAsync("pg");

        job.State.ShouldNotBe(JobState.Completed);
        engine.Platform.PasswordsUsed.Count.ShouldBe(used);
    }

    [Fact]
    public async Task A_platform_that_says_more_of_itself_at_the_same_address_is_the_same_platform()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync();
        engine.Platform.IdentityPrefix = "fake-with-id";
        var rotation = """{"connection": {"technology": "PostgreSQL", "hostname": "db", "password": "rotated"}}""";

        await engine.WaitAsync(await engine.Connections.UpdateAsync("pg", EngineHost.Json(rotation), null, EngineHost.Admin, default));

        (await engine.Connections.ReadAsync("pg", EngineHost.Admin, default)).Stored.IdentityKey.ShouldBe("fake-with-id:db");
    }

    [Fact]
    public async Task An_update_that_leads_to_the_platform_of_another_connection_names_that_platform()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        engine.Platform.IdentityPrefix = "blue";
        await engine.WaitAsync(await engine.RegisterAsync("one", host: "a@db"));
        engine.Platform.IdentityPrefix = "green";
        await engine.WaitAsync(await engine.RegisterAsync("two", host: "b@db"));
        engine.Platform.IdentityPrefix = "blue";
        var rotation = """{"connection": {"technology": "PostgreSQL", "hostname": "b@db", "password": "rotated"}}""";

        var refusal = await Should.ThrowAsync<RequestRefusedException>(() => engine.Connections.UpdateAsync("two", EngineHost.Json(rotation), null, EngineHost.Admin, default));

        refusal.Message.ShouldBe("blue at b@db is registered already, as connection 'one'.");
    }

    [Fact]
    public async Task Owners_are_bounded()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync();
        var many = System.Text.Json.JsonSerializer.SerializeToElement(new { dataOwners = Enumerable.Range(0, 101).Select(i => $"o{i}") });

        var refusal = await Should.ThrowAsync<RequestRefusedException>(() => engine.Catalog.ChangeSettingsAsync(new ObjectPath("pg"), many, null, EngineHost.Admin, default));

        refusal.Problems!.ShouldHaveSingleItem().Path.ShouldBe("$.dataOwners");
    }

    [Fact]
    public async Task A_wrong_owner_is_named_by_its_place()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync();
        var owners = EngineHost.Json("""{"dataOwners": ["a", "", " c ", "d"]}""");

        var refusal = await Should.ThrowAsync<RequestRefusedException>(() => engine.Catalog.ChangeSettingsAsync(new ObjectPath("pg"), owners, null, EngineHost.Admin, default));

        refusal.Problems!.Select(p => p.Path).ShouldBe(["$.dataOwners[1]", "$.dataOwners[2]"]);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_not_touched()
    {
        var directory = EngineHost.NewDirectory();
        await (await EngineHost.StartAsync(new FakePlatform(), directory)).DisposeAsync();
        await using (var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(directory, "sluice.db")}"))
        {
            await database.OpenAsync();
            var newer = database.CreateCommand();
            newer.CommandText = "INSERT INTO __EFMigrationsHistory SELECT '99990101000000_Later', \"ProductVersion\" FROM __EFMigrationsHistory LIMIT 1";
            (await newer.ExecuteNonQueryAsync()).ShouldBe(1);
        }

        (await Should.ThrowAsync<Storage.DatabaseTooNewException>(() => EngineHost.StartAsync(new FakePlatform(), directory))).Message.ShouldContain("99990101000000_Later");
    }
}
