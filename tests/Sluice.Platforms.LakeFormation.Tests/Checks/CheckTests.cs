using System.Net;
using System.Net.Sockets;
using Sluice.Platforms.LakeFormation.Setup;
using Sluice.Platforms.LakeFormation.Tests.Fakes;
using Sluice.Sandbox.Aws;
using Sluice.Sandbox.Aws.Identity;

namespace Sluice.Platforms.LakeFormation.Tests.Checks;

public sealed class CheckTests
{
    private static readonly string[] Reads =
    [
        "glue:GetDatabase", "glue:GetTables", "glue:GetDatabases", "glue:GetTable", "lakeformation:ListPermissions",
        "lakeformation:GetResourceLFTags", "lakeformation:ListLFTags", "lakeformation:GetLFTag", "lakeformation:SearchTablesByLFTags",
        "lakeformation:SearchDatabasesByLFTags",
    ];

    [Fact]
    public async Task Every_documented_action_is_named_and_the_reads_are_proven()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey();

        var checks = (await session.CheckAsync(TestContext.Current.CancellationToken)).ToDictionary(c => c.Name);

        foreach (var action in AwsSetup.Actions)
            checks[action].Status.ShouldBe(Reads.Contains(action) ? CheckStatus.Passed : CheckStatus.Skipped, action);
        foreach (var name in (string[])["credentials", "account", "region", "LF-Tag creator", "LF-Tag DESCRIBE", "grantable permissions", "grantable permissions on databases"])
            checks[name].Status.ShouldBe(CheckStatus.Passed, name);
        checks.Values.Where(c => c.Status != CheckStatus.Passed).ShouldAllBe(c => c.Message != null);
    }

    [Fact]
    public async Task Each_missing_action_is_named_with_its_remedy()
    {
        foreach (var missing in Reads)
        {
            await using var lake = await SandboxLake.StartAsync(new AwsSandboxOptions
            {
                ServiceActions = [.. SandboxCast.DocumentedActions.Where(a => a != missing)],
            });
            await using var session = lake.OpenWithKey();

            var check = (await session.CheckAsync(TestContext.Current.CancellationToken)).Single(c => c.Name == missing);

            check.Status.ShouldBe(missing.StartsWith("glue:", StringComparison.Ordinal) ? CheckStatus.Failed : CheckStatus.Warning, missing);
            check.Result.ShouldContain($"is not authorized to perform: {missing}");
            check.Message.ShouldNotBeNull().ShouldContain($"Allow the action {missing}");
        }
    }

    [Fact]
    public async Task Credentials_that_do_not_work_fail_and_nothing_else_is_tried()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey(new AwsSandboxCredentials("AKIAXXXXXXXXXXXXXXXX", "x"));

        var checks = await session.CheckAsync(TestContext.Current.CancellationToken);

        checks[0].ShouldSatisfyAllConditions(c => c.Name.ShouldBe("credentials"), c => c.Status.ShouldBe(CheckStatus.Failed));
        checks.Skip(1).ShouldAllBe(c => c.Status == CheckStatus.Skipped);
        lake.Sandbox.Requests.Total.ShouldBeLessThanOrEqualTo(1);
    }

    [Theory]
    [InlineData(ServiceGrants.DescribeOnly)]
    [InlineData(ServiceGrants.None)]
    public async Task A_principal_that_cannot_grant_is_warned(ServiceGrants grants)
    {
        await using var lake = await SandboxLake.StartAsync(new AwsSandboxOptions { ServiceGrants = grants });
        await using var session = lake.OpenWithKey();

        var checks = (await session.CheckAsync(TestContext.Current.CancellationToken)).ToDictionary(c => c.Name);

        checks["LF-Tag creator"].Status.ShouldBe(CheckStatus.Warning);
        checks["grantable permissions"].Status.ShouldBe(CheckStatus.Warning);
    }

    [Fact]
    public async Task A_principal_that_can_grant_on_tables_alone_is_warned_that_nothing_will_be_governed()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListPermissions", FakeAws.Permissions(
            FakeAws.Own("""{"Table":{"DatabaseName":"db","TableWildcard":{}}}""", "SELECT"), FakeAws.Held("""{"Database":{"Name":"db"}}""", "DESCRIBE")));
        await using var session = aws.Open();

        var checks = (await session.CheckAsync(TestContext.Current.CancellationToken)).ToDictionary(c => c.Name);

        checks["grantable permissions"].Status.ShouldBe(CheckStatus.Passed);
        checks["grantable permissions on databases"].Status.ShouldBe(CheckStatus.Warning);
        checks["grantable permissions on databases"].Message.ShouldNotBeNull().ShouldContain("DESCRIBE with the grant option");
    }

    [Fact]
    public async Task A_tag_in_use_that_cannot_be_described_is_named()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.Denies("GetLFTag");
        aws.On("ListPermissions", FakeAws.Permissions(FakeAws.Own(
            """{"LFTagPolicy":{"ResourceType":"TABLE","Expression":[{"TagKey":"governed","TagValues":["true"]}]}}""", "SELECT")));
        await using var session = aws.Open();

        var check = (await session.CheckAsync(TestContext.Current.CancellationToken)).Single(c => c.Name == "LF-Tag DESCRIBE");

        check.Status.ShouldBe(CheckStatus.Warning);
        check.Result.ShouldBe("governed can't be described.");
    }

    [Theory]
    [InlineData("""["public"]""", CheckStatus.Warning, "Only single values of class can be described.")]
    [InlineData("""["*"]""", CheckStatus.Passed, "1 can be described; keys and values that nothing shows can't be proven absent.")]
    public async Task A_tag_of_which_only_single_values_may_be_described_is_named(string values, CheckStatus status, string result)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListLFTags", """{"LFTags":[{"TagKey":"class","TagValues":["public"]}]}""");
        aws.On("ListPermissions", FakeAws.Permissions(FakeAws.Held($$"""{"LFTag":{"TagKey":"class","TagValues":{{values}} } }""", "DESCRIBE")));
        await using var session = aws.Open();

        var check = (await session.CheckAsync(TestContext.Current.CancellationToken)).Single(c => c.Name == "LF-Tag DESCRIBE");

        (check.Status, check.Result).ShouldBe((status, result));
    }

    [Fact]
    public async Task Credentials_of_another_account_are_a_warning()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("GetCallerIdentity", """
            <GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::210987654321:user/x</Arn><Account>210987654321</Account></GetCallerIdentityResult></GetCallerIdentityResponse>
            """);
        await using var session = aws.Open();

        var check = (await session.CheckAsync(TestContext.Current.CancellationToken)).Single(c => c.Name == "account");

        check.Status.ShouldBe(CheckStatus.Warning);
        check.Result.ShouldContain("210987654321");
    }

    public static TheoryData<string, string> Busy => new()
    {
        { "GetDatabases", "glue:GetDatabases" }, { "GetDatabases", "region" }, { "GetTables", "glue:GetTables" }, { "GetTable", "glue:GetTable" },
        { "ListPermissions", "lakeformation:ListPermissions" }, { "ListLFTags", "lakeformation:ListLFTags" }, { "GetLFTag", "LF-Tag DESCRIBE" },
        { "GetDataLakeSettings", "lakeformation:ListPermissions" },
    };

    [Theory]
    [MemberData(nameof(Busy))]
    public async Task What_aws_cannot_answer_just_now_is_not_a_missing_privilege(string operation, string name)
    {
        foreach (var (status, code) in ((int, string)[])[(400, "ThrottlingException"), (500, "InternalServiceException")])
        {
            await using var aws = await FakeAws.StartAsync();
            aws.On("ListPermissions", FakeAws.Permissions(FakeAws.Own(
                """{"LFTagPolicy":{"ResourceType":"TABLE","Expression":[{"TagKey":"governed","TagValues":["true"]}]}}""", "SELECT")));
            aws.On(operation, $$"""{"__type":"{{code}}","Message":"busy"}""", status);
            await using var session = aws.Open();

            var checks = await session.CheckAsync(TestContext.Current.CancellationToken);

            checks.ShouldNotContain(c => c.Status == CheckStatus.Failed);
            checks.Single(c => c.Name == name).ShouldBe(
                new Check(name, CheckStatus.Skipped, "could not be asked just now", $"AWS: {code}: busy. Run the checks again.") { IsInconclusive = true });
        }
    }

    [Fact]
    public async Task An_endpoint_that_cannot_be_reached_ends_the_checks()
    {
        await using var aws = await FakeAws.StartAsync();
        using var gone = new TcpListener(IPAddress.Loopback, 0);
        gone.Start();
        var endpoint = new Uri($"http://{gone.LocalEndpoint}");
        gone.Stop();
        await using var session = aws.Open(lakeFormation: endpoint);

        (await Should.ThrowAsync<PlatformException>(() => session.CheckAsync(TestContext.Current.CancellationToken))).Failure.ShouldBe(PlatformFailure.Unreachable);
    }

    [Fact]
    public async Task What_may_stand_among_permissions_that_were_not_read_is_not_missing()
    {
        await using var aws = await FakeAws.StartAsync();
        var page = 0;
        var held = FakeAws.Held("""{"Database":{"Name":"db"}}""", "DESCRIBE");
        aws.On("ListPermissions", _ => new FakeAws.Answer(
            $$"""{"PrincipalResourcePermissions":[{{held}}],"NextToken":"{{Interlocked.Increment(ref page)}}"}"""));
        await using var session = aws.Open();

        var checks = (await session.CheckAsync(TestContext.Current.CancellationToken)).ToDictionary(c => c.Name);

        foreach (var name in (string[])["LF-Tag creator", "grantable permissions", "grantable permissions on databases"])
            (checks[name].Status, checks[name].Result).ShouldBe((CheckStatus.Skipped, "not among the first permissions that were read"), name);
    }

    [Theory]
    [InlineData("DROP", CheckStatus.Warning)]
    [InlineData("DESCRIBE", CheckStatus.Passed)]
    [InlineData("ALL", CheckStatus.Passed)]
    public async Task Databases_are_covered_by_describe_with_the_grant_option(string permission, CheckStatus status)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListPermissions", FakeAws.Permissions(FakeAws.Own("""{"Database":{"Name":"db"}}""", permission)));
        await using var session = aws.Open();

        (await session.CheckAsync(TestContext.Current.CancellationToken)).Single(c => c.Name == "grantable permissions on databases").Status.ShouldBe(status);
    }

    [Fact]
    public async Task When_tags_cannot_be_listed_nobody_says_that_there_are_none()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.Denies("ListLFTags");
        await using var session = aws.Open();

        var check = (await session.CheckAsync(TestContext.Current.CancellationToken)).Single(c => c.Name == "LF-Tag DESCRIBE");

        check.ShouldBe(new Check("LF-Tag DESCRIBE", CheckStatus.Skipped, "not known", "LF-Tags can't be listed; lakeformation:ListLFTags says why."));
    }

    [Fact]
    public async Task An_empty_catalog_skips_what_nothing_can_prove()
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("GetDatabases", """{"DatabaseList":[]}""");
        await using var session = aws.Open();

        var checks = (await session.CheckAsync(TestContext.Current.CancellationToken)).ToDictionary(c => c.Name);

        foreach (var action in (string[])["glue:GetDatabase", "glue:GetTables", "glue:GetTable", "lakeformation:GetResourceLFTags"])
            checks[action].Status.ShouldBe(CheckStatus.Skipped, action);
        checks["glue:GetDatabases"].Status.ShouldBe(CheckStatus.Passed);
    }
}
