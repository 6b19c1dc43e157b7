using System.Net;

namespace Sluice.EndToEnd.Tests;

/// <summary>What the scripts do where somebody or something is in their way: they touch nothing that is not this instance's.</summary>
public sealed class SnowflakeScriptTests
{
    [Fact]
    public async Task A_database_that_somebody_else_made_ends_the_script_and_is_refused_by_the_checks()
    {
        await using var account = await SnowflakeAccount.StartAsync();
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        using var installer = await account.InstallerAsync();
        account.Sandbox.Change("USE ROLE SYSADMIN", $"CREATE DATABASE {SnowflakeAccount.Database} COMMENT = 'of the finance department'");
        var (credentials, _) = account.Ways("userPassword");
        var script = await SnowflakeLifecycleTests.ScriptAsync(api, "/integrations/scripts/create", account.Payloads.Script(credentials));

        var error = await SnowflakeLifecycleTests.RunAsync(installer, script);

        error.ShouldBe("100038: Numeric value 'STOP: this database is there already and was not made by this Sluice' is not recognized");
        (await installer.RunAsync($"SHOW ROLES LIKE '{SnowflakeAccount.SystemRole}'")).ShouldBeEmpty();

        // With a role as well, the registration is refused.
        account.Sandbox.Change($"CREATE ROLE {SnowflakeAccount.SystemRole}", $"GRANT ROLE {SnowflakeAccount.SystemRole} TO USER {SnowflakeAccount.User}");
        var refused = await api.PostAsync("/data/connection", account.Payloads.Register("snow", credentials));
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, refused.Text);
        refused.Json["errors"]!["$.connection (system role)"]!.ToJsonString().ShouldContain("is not Sluice");
        (await api.GetAsync("/data/connection/snow")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_role_that_somebody_else_made_is_given_nothing_even_by_a_runner_that_goes_on_after_an_error(bool isMarkedByAnotherInstance)
    {
        await using var account = await SnowflakeAccount.StartAsync();
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        using var installer = await account.InstallerAsync();
        var comment = isMarkedByAnotherInstance ? "Made by Sluice, instance 0123456789abcdef0123456789abcdef. Theirs." : "of the finance department";
        account.Sandbox.Change("USE ROLE USERADMIN", $"CREATE ROLE {SnowflakeAccount.SystemRole} COMMENT = '{comment}'");
        var script = await SnowflakeLifecycleTests.ScriptAsync(api, "/integrations/scripts/create", account.Payloads.Script(account.Ways("keyPair").First));

        // A variable of an earlier run must not lead to the role either.
        await installer.RunAsync($"SET sluice_role = '{SnowflakeAccount.SystemRole}'");
        var errors = new List<string>();
        foreach (var statement in SnowflakeSql.Statements(script))
            if ((await installer.TryAsync(statement)).Error is { } error) errors.Add(error);

        errors[0].ShouldContain("STOP: this role is there already");
        using var administrator = await account.AdministratorAsync();
        (await administrator.RunAsync($"SHOW GRANTS TO ROLE {SnowflakeAccount.SystemRole}")).ShouldBeEmpty();
        (await administrator.RunAsync($"SHOW GRANTS OF ROLE {SnowflakeAccount.SystemRole}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_database_that_another_instance_set_up_is_left_as_it_is_even_by_a_runner_that_goes_on_after_an_error()
    {
        await using var account = await SnowflakeAccount.StartAsync();
        await using var first = await HostedServer.StartAsync();
        await using var second = await HostedServer.StartAsync();
        using var installer = await account.InstallerAsync();
        using var administrator = await account.AdministratorAsync();
        var (credentials, _) = account.Ways("keyPair");
        using (var api = first.Api())
            (await SnowflakeLifecycleTests.RunAsync(installer, await SnowflakeLifecycleTests.ScriptAsync(api, "/integrations/scripts/create", account.Payloads.Script(credentials)))).ShouldBeNull();
        var made = await EverythingAsync();
        string script;
        using (var api = second.Api())
            script = await SnowflakeLifecycleTests.ScriptAsync(api, "/integrations/scripts/create", account.Payloads.Script(credentials));

        // In the session in which the first one's script ran, whose variables name all of it.
        var errors = new List<string>();
        foreach (var statement in SnowflakeSql.Statements(script))
            if ((await installer.TryAsync(statement)).Error is { } error) errors.Add(error);

        errors[0].ShouldContain("STOP: this database is there already");
        (await EverythingAsync()).ShouldBe(made);

        // What a script names is there at most once more: a function that was replaced would have the second one's comment.
        async Task<List<string>> EverythingAsync()
        {
            var functions = await administrator.RunAsync($"SHOW USER FUNCTIONS IN DATABASE {SnowflakeAccount.Database}");
            return
            [
                .. await SnowflakeLifecycleTests.MadeAsync(administrator),
                .. functions.Select(f => $"{f["schema_name"]}.{f["name"]} {f["created_on"]} {f["description"]}"),
            ];
        }
    }

    [Fact]
    public async Task Another_name_that_an_underscore_or_the_case_could_stand_for_is_not_taken_for_ours()
    {
        await using var account = await SnowflakeAccount.StartAsync();
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        using var installer = await account.InstallerAsync();
        account.Sandbox.Change(
            "USE ROLE USERADMIN", "CREATE ROLE SLUICEXGOVERNANCEXSYSTEM COMMENT = 'x'", "CREATE ROLE \"sluice_governance_system\" COMMENT = 'x'",
            $"CREATE ROLE {SnowflakeAccount.SystemRole}_2 COMMENT = 'x'", "USE ROLE SYSADMIN", "CREATE DATABASE \"sluice_governance\" COMMENT = 'x'");
        var payload = account.Payloads.Script(account.Ways("userPassword").First);
        var before = (await installer.RunAsync("SHOW ROLES")).Select(r => r["name"]).ToList();

        var script = await SnowflakeLifecycleTests.ScriptAsync(api, "/integrations/scripts/create", payload);
        (await SnowflakeLifecycleTests.RunAsync(installer, script)).ShouldBeNull();
        var cleanup = await SnowflakeLifecycleTests.ScriptAsync(api, "/integrations/scripts/cleanup", payload);
        (await SnowflakeLifecycleTests.RunAsync(installer, cleanup)).ShouldBeNull();

        var roles = (await installer.RunAsync("SHOW ROLES")).Select(r => r["name"]).ToList();
        roles.ShouldBe(before, ignoreOrder: true);
        foreach (var other in (string[])["SLUICEXGOVERNANCEXSYSTEM", "sluice_governance_system", $"{SnowflakeAccount.SystemRole}_2"]) roles.ShouldContain(other);
        (await installer.RunAsync("SHOW DATABASES")).Select(d => d["name"]).ShouldContain("sluice_governance");
    }

    [Fact]
    public async Task A_setup_that_never_became_a_connection_is_taken_away_with_the_user_it_made()
    {
        await using var account = await SnowflakeAccount.StartAsync();
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        using var installer = await account.InstallerAsync();
        using var administrator = await account.AdministratorAsync();
        var payload = (account.Payloads with { User = "MADE_BY_SCRIPT" }).Script(account.Ways("keyPair").First);
        var script = await SnowflakeLifecycleTests.ScriptAsync(api, "/integrations/scripts/create", payload);
        (await SnowflakeLifecycleTests.RunAsync(installer, script)).ShouldBeNull();
        (await SnowflakeLifecycleTests.MadeAsync(administrator)).ShouldContain(m => m.StartsWith("USERS MADE_BY_SCRIPT: Made by Sluice, instance ", StringComparison.Ordinal));

        // Another instance's cleanup leaves it alone.
        await using var other = await HostedServer.StartAsync();
        using var otherApi = other.Api();
        var made = await SnowflakeLifecycleTests.MadeAsync(administrator);
        (await SnowflakeLifecycleTests.RunAsync(installer, await SnowflakeLifecycleTests.ScriptAsync(otherApi, "/integrations/scripts/cleanup", payload))).ShouldBeNull();
        (await SnowflakeLifecycleTests.MadeAsync(administrator)).ShouldBe(made);

        var cleanup = await SnowflakeLifecycleTests.ScriptAsync(api, "/integrations/scripts/cleanup", payload);
        for (var time = 0; time < 2; time++) (await SnowflakeLifecycleTests.RunAsync(installer, cleanup)).ShouldBeNull();

        (await SnowflakeLifecycleTests.MadeAsync(administrator)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_another_instance_set_up_is_refused_and_names_it()
    {
        await using var account = await SnowflakeAccount.StartAsync();
        await using var first = await HostedServer.StartAsync();
        await using var second = await HostedServer.StartAsync();
        using var installer = await account.InstallerAsync();
        var (credentials, _) = account.Ways("userPassword");
        using (var api = first.Api())
            (await SnowflakeLifecycleTests.RunAsync(installer, await SnowflakeLifecycleTests.ScriptAsync(api, "/integrations/scripts/create", account.Payloads.Script(credentials)))).ShouldBeNull();

        using var other = second.Api();
        var refused = await other.PostAsync("/data/connection", account.Payloads.Register("snow", credentials));

        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, refused.Text);
        refused.Json["errors"]!["$.connection (database)"]!.ToJsonString().ShouldContain("another Sluice");
        var error = await SnowflakeLifecycleTests.RunAsync(
            installer, await SnowflakeLifecycleTests.ScriptAsync(other, "/integrations/scripts/create", account.Payloads.Script(credentials)));
        error.ShouldNotBeNull().ShouldContain("STOP: this database");
    }

    [Fact]
    public async Task An_edit_moves_to_another_user_and_warehouse_and_takes_back_what_it_no_longer_needs()
    {
        await using var account = await SnowflakeAccount.StartAsync();
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        using var installer = await account.InstallerAsync();
        using var administrator = await account.AdministratorAsync();
        var (credentials, _) = account.Ways("userPassword");
        (await SnowflakeLifecycleTests.RunAsync(installer, await SnowflakeLifecycleTests.ScriptAsync(api, "/integrations/scripts/create", account.Payloads.Script(credentials)))).ShouldBeNull();
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", account.Payloads.Register("snow", credentials)));
        account.Sandbox.Change(
            "USE ROLE SYSADMIN", "CREATE WAREHOUSE \"other wh\"", $"GRANT USAGE ON WAREHOUSE \"other wh\" TO ROLE {SnowflakeAccount.Installer}",
            $"GRANT USAGE ON WAREHOUSE \"other wh\" TO ROLE {SnowflakeAccount.Role}");
        var moved = account.Payloads with { User = "SECOND", Warehouse = "\"other wh\"" };
        var id = (await api.GetAsync("/integrations")).Json.AsArray().Single()!["id"]!.ToJsonString();

        var edit = await SnowflakeLifecycleTests.ScriptAsync(api, $"/integrations/{id}/scripts/edit", moved.Script(credentials));
        for (var time = 0; time < 2; time++) (await SnowflakeLifecycleTests.RunAsync(installer, edit)).ShouldBeNull();

        // Where the old warehouse is gone, everything is granted before its statement fails.
        account.Sandbox.Change("USE ROLE ACCOUNTADMIN", $"REVOKE USAGE ON WAREHOUSE \"other wh\" FROM ROLE {SnowflakeAccount.SystemRole}", $"DROP WAREHOUSE {SnowflakeAccount.Warehouse}");
        (await SnowflakeLifecycleTests.RunAsync(installer, edit)).ShouldNotBeNull().ShouldContain(SnowflakeAccount.Warehouse);
        account.Sandbox.Change("USE ROLE USERADMIN", "ALTER USER SECOND SET PASSWORD = 'of-the-second'", $"GRANT ROLE {SnowflakeAccount.Role} TO USER SECOND");
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Put, "/data/connection/snow", moved.Register("snow", credentials with { Secret = "of-the-second" })));

        (await administrator.RunAsync($"SHOW GRANTS OF ROLE {SnowflakeAccount.SystemRole}")).Where(g => g["granted_to"] == "USER").Select(g => g["grantee_name"]).ShouldBe(["SECOND"]);
        var grants = await administrator.RunAsync($"SHOW GRANTS TO ROLE {SnowflakeAccount.SystemRole}");
        grants.Where(g => g["granted_on"] == "WAREHOUSE").Select(g => g["name"]).ShouldBe(["\"other wh\""]);
    }
}
