using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Platforms.PostgreSql.Enforcing;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Grants, and who reads by them, at the stand-in.</summary>
public sealed class GrantTests
{
    private static readonly string[] Shop =
    [
        "CREATE DATABASE SHOP", "CREATE SCHEMA SHOP.S", "CREATE TABLE SHOP.S.ORDERS (ID NUMBER(38,0), REGION VARCHAR)", "INSERT INTO SHOP.S.ORDERS VALUES (1, 'EU'), (2, 'US')",
        "CREATE VIEW SHOP.S.LATEST AS SELECT ID FROM SHOP.S.ORDERS", .. EnforcedAccount.User("ANN"), .. EnforcedAccount.User("BOB"), .. EnforcedAccount.User("\"o'neil\""),
    ];

    private const string Ids = "SELECT ID FROM SHOP.S.ORDERS ORDER BY ID";
    private const string Refused = "002003";

    [Fact]
    public async Task Who_a_rule_lets_in_reads_and_nobody_else()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A"]);
        account.Person("BOB", ["B"]);
        account.Person("o'neil", ["A"]);
        var intent = account.Intent(account.Table("ORDERS", People.Rule("A")));

        await account.EnforceAsync(intent);

        (await account.ReadAsync("ANN", Ids)).ShouldBe("1;2");
        (await account.ReadAsync("o'neil", Ids)).ShouldBe("1;2");
        (await account.ReadAsync("BOB", Ids)).ShouldBe(Refused);

        // Another group: a change of members, and of nothing else.
        account.Person("ANN", ["B"]);
        account.Person("BOB", ["A"]);
        var plan = await account.EnforceAsync(account.Intent(account.Table("ORDERS", People.Rule("A"))));
        plan.Changes.Select(c => (c.Verb, c.Key.Kind, c.Key.Detail)).ShouldBe([(ChangeVerb.Add, FactKind.Member, "BOB"), (ChangeVerb.Remove, FactKind.Member, "ANN")], ignoreOrder: true);
        (await account.ReadAsync("ANN", Ids)).ShouldBe(Refused);
        (await account.ReadAsync("BOB", Ids)).ShouldBe("1;2");
    }

    [Fact]
    public async Task Subscriptions_of_ones_own_writers_and_views()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A"]);
        account.Person("BOB");
        var table = account.Table("ORDERS", People.Rule("A")) with { DirectReaders = ["BOB"], DirectWriters = ["BOB"] };
        var view = account.Table("LATEST", People.Rule("A"), kind: Core.Catalog.ObjectKind.View);

        await account.EnforceAsync(account.Intent(table, view));

        (await account.ReadAsync("BOB", Ids)).ShouldBe("1;2");
        (await account.ReadAsync("BOB", "SELECT ID FROM SHOP.S.LATEST")).ShouldBe(Refused);
        (await account.ReadAsync("ANN", "SELECT ID FROM SHOP.S.LATEST ORDER BY ID")).ShouldBe("1;2");
        (await account.ReadAsync("BOB", "INSERT INTO SHOP.S.ORDERS VALUES (3, 'EU')")).ShouldNotBe("003001");
        (await account.ReadAsync("ANN", "INSERT INTO SHOP.S.ORDERS VALUES (4, 'EU')")).ShouldBe("003001");

        await account.EnforceAsync(account.Intent(view));
        (await account.ReadAsync("BOB", Ids)).ShouldBe(Refused);
    }

    // https://docs.snowflake.com/en/user-guide/object-clone: what a clone of a database holds has the grants of what it was cloned from, and the database none.
    [Fact]
    public async Task What_was_granted_in_a_clone_of_a_database_goes_though_Sluice_may_not_use_that_database()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A"]);
        var intent = account.Intent(account.Table("ORDERS", People.Rule("A")), account.Table("LATEST", People.Rule("A"), kind: Core.Catalog.ObjectKind.View));
        await account.EnforceAsync(intent);
        account.Change("CREATE DATABASE \"Copy\" CLONE SHOP", "CREATE ROLE VISITOR", "GRANT ROLE VISITOR TO USER ANN", "GRANT USAGE ON DATABASE \"Copy\" TO ROLE VISITOR");
        const string copied = "SELECT ID FROM \"Copy\".S.ORDERS ORDER BY ID";
        (await account.ReadAsync("ANN", copied)).ShouldBe("1;2");

        var plan = await account.EnforceAsync(intent);

        plan.Changes.ShouldAllBe(static c => c.Verb == ChangeVerb.Remove && c.Key.Object!.Names[1] == "Copy");
        (await account.ReadAsync("ANN", copied)).ShouldBe(Refused);
        (await account.ReadAsync("ANN", "SELECT ID FROM \"Copy\".S.LATEST")).ShouldBe(Refused);
        (await account.ReadAsync("ANN", Ids)).ShouldBe("1;2");
    }

    [Fact]
    public async Task What_others_do_to_what_is_ours_is_undone()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A"]);
        account.Person("BOB");
        var intent = account.Intent(account.Table("ORDERS", People.Rule("A")));
        await account.EnforceAsync(intent);
        var role = new NativeNames(EnforcedAccount.Prefix, null).Audience(People.Rule("A").Id);

        account.Change($"REVOKE SELECT ON TABLE SHOP.S.ORDERS FROM ROLE {role}", $"GRANT ROLE {role} TO USER BOB", "CREATE ROLE LEAK", $"GRANT ROLE {role} TO ROLE LEAK", "GRANT ROLE LEAK TO USER BOB");
        var plan = await account.EnforceAsync(intent);

        plan.Changes.Select(c => (c.Verb, c.Key.Kind, c.Key.Detail)).ShouldBe(
            [(ChangeVerb.Add, FactKind.Grant, "SELECT"), (ChangeVerb.Remove, FactKind.Member, "BOB"), (ChangeVerb.Remove, FactKind.Member, "ROLE \"LEAK\"")], ignoreOrder: true);
        (await account.ReadAsync("ANN", Ids)).ShouldBe("1;2");
        (await account.ReadAsync("BOB", Ids)).ShouldBe(Refused);
    }

    [Fact]
    public async Task Roles_of_others_are_residuals_and_stay()
    {
        await using var account = await EnforcedAccount.StartAsync(
            [.. Shop, .. EnforcedAccount.User("EVE"), "CREATE ROLE ANALYST", "CREATE ROLE LEAD", "GRANT ROLE ANALYST TO ROLE LEAD", "GRANT ROLE LEAD TO USER BOB", "GRANT ROLE ANALYST TO USER EVE",
                "GRANT USAGE ON DATABASE SHOP TO ROLE ANALYST", "GRANT USAGE ON SCHEMA SHOP.S TO ROLE ANALYST", "GRANT SELECT ON TABLE SHOP.S.ORDERS TO ROLE ANALYST"]);
        account.Person("ANN", ["A"]);
        account.Person("BOB");
        var intent = account.Intent(account.Table("ORDERS", People.Rule("A")));

        await account.EnforceAsync(intent);
        var observed = await account.ObserveAsync(intent);

        observed.Residuals.ShouldContain(r => r.Identity == "BOB" && r.Path == "role LEAD, which has role ANALYST, which has SELECT on it");
        observed.Residuals.ShouldNotContain(r => r.Identity == "ANN" || r.Identity == "EVE");
        (await account.ReadAsync("BOB", Ids)).ShouldBe("1;2");
        (await account.ReadAsync("EVE", Ids)).ShouldBe("1;2");

        account.Change("GRANT SELECT ON TABLE SHOP.S.ORDERS TO ROLE PUBLIC");
        (await account.ObserveAsync(intent)).Residuals.ShouldContain(r => r.Identity == "" && r.Path == "role PUBLIC, which has SELECT on it");
    }

    [Fact]
    public async Task A_role_that_everybody_has_by_another_and_roles_of_a_database_are_ways_too()
    {
        await using var account = await EnforcedAccount.StartAsync(
            [.. Shop, "CREATE ROLE ANALYST", "GRANT USAGE ON DATABASE SHOP TO ROLE ANALYST", "GRANT USAGE ON SCHEMA SHOP.S TO ROLE ANALYST", "GRANT SELECT ON TABLE SHOP.S.ORDERS TO ROLE ANALYST",
                "CREATE DATABASE ROLE SHOP.LOW", "CREATE DATABASE ROLE SHOP.\"hi.gh\"", "GRANT USAGE ON SCHEMA SHOP.S TO DATABASE ROLE SHOP.LOW", "GRANT SELECT ON TABLE SHOP.S.ORDERS TO DATABASE ROLE SHOP.LOW",
                "GRANT DATABASE ROLE SHOP.LOW TO DATABASE ROLE SHOP.\"hi.gh\"", "CREATE ROLE LEAD", "GRANT USAGE ON DATABASE SHOP TO ROLE LEAD", "GRANT DATABASE ROLE SHOP.\"hi.gh\" TO ROLE LEAD", "GRANT ROLE LEAD TO USER BOB"]);
        account.Person("ANN", ["A"]);
        account.Person("BOB");
        var intent = account.Intent(account.Table("ORDERS", People.Rule("A")));
        await account.EnforceAsync(intent);

        (await account.ReadAsync("BOB", Ids)).ShouldBe("1;2");
        (await account.ObserveAsync(intent)).Residuals.Select(static r => (r.Identity, r.Path)).ShouldBe(
            [("BOB", "role LEAD, which has database role SHOP.hi.gh, which has database role SHOP.LOW, which has SELECT on it")]);

        account.Change("GRANT ROLE ANALYST TO ROLE PUBLIC");
        (await account.ObserveAsync(intent)).Residuals.ShouldContain(static r => r.Identity == "" && r.Path == "role PUBLIC, which has role ANALYST, which has SELECT on it");
    }

    [Fact]
    public async Task A_role_of_others_that_only_writes_is_a_way_for_who_may_not_write()
    {
        await using var account = await EnforcedAccount.StartAsync(
            [.. Shop, "CREATE ROLE LOADER", "GRANT USAGE ON DATABASE SHOP TO ROLE LOADER", "GRANT USAGE ON SCHEMA SHOP.S TO ROLE LOADER", "GRANT INSERT, DELETE ON TABLE SHOP.S.ORDERS TO ROLE LOADER", "GRANT ROLE LOADER TO USER ANN", "GRANT ROLE LOADER TO USER BOB"]);
        account.Person("ANN", ["A", "W"]);
        account.Person("BOB", ["A"]);
        var table = account.Table("ORDERS", People.Rule("A"));
        var intent = account.Intent(table with { Access = table.Access with { Write = People.Rule("W") } });
        await account.EnforceAsync(intent);

        (await account.ObserveAsync(intent)).Residuals.Select(static r => (r.Identity, r.Path)).ShouldBe([("BOB", "role LOADER, which has INSERT, DELETE on it")]);
    }

    [Fact]
    public async Task Nothing_of_ours_is_left_when_nothing_is_asked_for()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A"]);
        await account.EnforceAsync(account.Intent(account.Table("ORDERS", People.Rule("A"))));

        var plan = await account.EnforceAsync(account.Intent());

        plan.Changes.ShouldAllBe(c => c.Verb == ChangeVerb.Remove);
        (await account.ObserveAsync(account.Intent())).Facts.ShouldBeEmpty();
        (await account.ReadAsync("ANN", Ids)).ShouldBe(Refused);
    }

    [Fact]
    public async Task A_role_of_somebody_else_in_the_place_of_ours_is_not_used()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A"]);
        var role = new NativeNames(EnforcedAccount.Prefix, null).Audience(People.Rule("A").Id);
        account.Change($"CREATE ROLE {role} COMMENT = 'mine'", $"GRANT ROLE {role} TO USER BOB");
        var intent = account.Intent(account.Table("ORDERS", People.Rule("A")));

        (await account.ObserveAsync(intent)).Conflicts.Single().Reason.ShouldContain("was made by somebody else");
        var made = account.Compile(intent).Facts.Single(f => f.Key.Kind == FactKind.Audience);
        var outcomes = await account.ApplyAsync(intent, [new Change(ChangePhase.Prepare, ChangeVerb.Add, made.Key, "", "")]);

        outcomes.Single().Error.ShouldNotBeNull();
    }

    [Fact]
    public async Task The_count_of_applies_is_kept_and_taken_away()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        await using var session = account.Open();
        var epoch = (IKeepsEpoch)session;
        var token = TestContext.Current.CancellationToken;

        (await epoch.ReadEpochAsync(EnforcedAccount.Prefix, token)).ShouldBeNull();
        await epoch.WriteEpochAsync(EnforcedAccount.Prefix, 1, token);
        await epoch.WriteEpochAsync(EnforcedAccount.Prefix, 7, token);
        (await epoch.ReadEpochAsync(EnforcedAccount.Prefix, token)).ShouldBe(7);
        await epoch.RemoveEpochAsync(EnforcedAccount.Prefix, token);
        (await epoch.ReadEpochAsync(EnforcedAccount.Prefix, token)).ShouldBeNull();
    }

    [Fact]
    public async Task Without_a_policy_of_its_own_only_the_exempt_may_read_what_is_masked_on_a_materialized_view()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A", "P"]);
        account.Person("BOB", ["A"]);
        var item = account.Table("ORDERS", People.Rule("A"), kind: Core.Catalog.ObjectKind.MaterializedView);
        item = item with { Access = item.Access with { Masks = [new ColumnMask("ID", new Core.Policies.MaskFunction.Null(), People.Rule("P"), null, "m")] } };

        var desired = account.Compile(account.Intent(item));

        desired.Facts.Where(f => f.Key.Kind == FactKind.Member).Select(f => f.Key.Detail).ShouldBe(["ANN"]);
        desired.Shortfalls.Single().Reason.ShouldContain("cannot enforce m");
    }
}
