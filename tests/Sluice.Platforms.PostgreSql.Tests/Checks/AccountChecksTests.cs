using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Checks;

/// <summary>What is missing is told with a remedy; the remedy, run as it stands, mends it.</summary>
public sealed class AccountChecksTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Marker = "Remedy: ";

    [Fact]
    public async Task Each_remedy_run_as_written_mends_its_check()
    {
        var cluster = postgres.Cluster;
        await cluster.ExecuteAsync("""CREATE ROLE "bare acc""ount" LOGIN PASSWORD 'bare-pw'; CREATE ROLE "the own""er"; CREATE ROLE stranger""");
        await cluster.ExecuteAsync("CREATE DATABASE \"the data\"\"base\"");
        await cluster.ExecuteAsync("CREATE DATABASE shut");
        await cluster.ExecuteAsync("REVOKE CONNECT ON DATABASE shut FROM PUBLIC; REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC");
        await cluster.ExecuteAsync(
            """CREATE TABLE t (id int); ALTER TABLE t OWNER TO "the own""er"; CREATE SCHEMA sluice AUTHORIZATION stranger""", "the data\"base");
        await cluster.ExecuteAsync("CREATE TABLE t (id int)", "postgres");

        var before = await ChecksAsync();

        var mendable = before.Where(c => c.Message?.Contains(Marker, StringComparison.Ordinal) == true).ToList();
        mendable.Select(c => c.Name).ShouldBe(
            [
                "CREATEROLE", "system identifier", "CONNECT on database shut", "CREATE on database shut", "CREATE on database postgres",
                "CREATE on database the data\"base", "owner role the own\"er", "schema sluice in database the data\"base",
            ],
            ignoreOrder: true);
        mendable.ShouldAllBe(c => c.Status == CheckStatus.Warning);

        foreach (var check in mendable)
        {
            var remedy = check.Message![(check.Message!.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length)..];
            await cluster.ExecuteAsync(remedy, check.Name.EndsWith("the data\"base", StringComparison.Ordinal) ? "the data\"base" : "postgres");
        }

        var after = await ChecksAsync();
        foreach (var check in mendable) after.ShouldNotContain(c => c.Name == check.Name && c.Status != CheckStatus.Passed);

        // Joining a superuser would make the account one: that has no remedy to copy.
        var superuser = after.Single(c => c.Name == "owner role postgres");
        superuser.Status.ShouldBe(CheckStatus.Warning);
        superuser.Message.ShouldNotBeNull().ShouldContain("superuser");
        superuser.Message.ShouldNotContain(Marker);

        async Task<IReadOnlyList<Check>> ChecksAsync()
        {
            await using var session = Registered.Open(Registered.Payload(cluster, "bare acc\"ount", "bare-pw"));
            return await session.CheckAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_superuser_works_and_is_warned_about()
    {
        await using var session = Registered.Open(Registered.Payload(postgres.Cluster));

        var checks = await session.CheckAsync(TestContext.Current.CancellationToken);

        checks.Single(c => c.Name == "least privilege").Status.ShouldBe(CheckStatus.Warning);
        checks.ShouldAllBe(c => c.Status != CheckStatus.Failed);
        checks.Single(c => c.Name == "CREATEROLE").Status.ShouldBe(CheckStatus.Passed);
        checks.Select(c => c.Name).ShouldBeUnique();
    }

    [Theory]
    [InlineData(12, CheckStatus.Failed)]
    [InlineData(13, CheckStatus.Passed)]
    [InlineData(18, CheckStatus.Passed)]
    [InlineData(19, CheckStatus.Warning)]
    public void Versions_outside_what_was_tried_are_told(int version, CheckStatus status) =>
        AccountChecks.OfAccount(Account, version, TlsMode.VerifyFull, false).Single(c => c.Name == "server version").Status.ShouldBe(status);

    [Fact]
    public void A_pooler_and_a_standby_are_told()
    {
        var checks = AccountChecks.OfAccount(Account with { IsStandby = true }, 15, TlsMode.VerifyFull, isBehindPooler: true).ToList();

        checks.Single(c => c.Name == "direct connection").Status.ShouldBe(CheckStatus.Warning);
        checks.Single(c => c.Name == "writable server").Status.ShouldBe(CheckStatus.Warning);
    }

    [Theory]
    [InlineData(15, "GRANT \"o\" TO \"a\"")]
    [InlineData(16, "GRANT \"o\" TO \"a\" WITH SET TRUE")]
    public void The_remedy_for_an_owner_speaks_the_servers_version(int version, string remedy)
    {
        var owners = new DatabaseOwners("d", [new OwnerRow(new SharedText("o", IsExact: true), false, 3, false)], null);

        AccountChecks.OfOwners("a", version, [owners]).ShouldHaveSingleItem().Message.ShouldNotBeNull().ShouldEndWith(remedy);
    }

    [Fact]
    public void An_owner_is_one_check_over_all_databases()
    {
        var databases = Enumerable.Range(1, 9).Select(i => new DatabaseOwners($"d{i}", [new OwnerRow(new SharedText("o", IsExact: true), false, 2, true)], null)).ToList();

        var check = AccountChecks.OfOwners("a", 15, databases).ShouldHaveSingleItem();

        check.Status.ShouldBe(CheckStatus.Passed);
        check.Result.ShouldContain("18 tables in d1, d2, d3, d4, d5 and 4 more databases");
    }

    [Fact]
    public void A_database_that_could_not_be_asked_is_skipped_with_the_reason() =>
        AccountChecks.OfOwners("a", 15, [new DatabaseOwners("d", [], null, "it was busy")]).ShouldHaveSingleItem()
            .ShouldBe(new Check("owner roles in database d", CheckStatus.Skipped, "not read", "it was busy"));

    private static AccountRow Account => new("a", false, true, false, "15", true);
}
