using System.Net;
using System.Net.Sockets;
using Sluice.Platforms.LakeFormation.Tests.Fakes;
using Sluice.Platforms.Tests.Support;
using Sluice.Sandbox.Aws;
using Sluice.Sandbox.Aws.Identity;

namespace Sluice.Platforms.LakeFormation.Tests.Identity;

public sealed class LoginTests
{
    [Fact]
    public async Task An_access_key_tells_what_catalog_it_is()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey();

        (await session.IdentifyAsync(TestContext.Current.CancellationToken)).ShouldBe(
            new PlatformIdentity("glue:aws:123456789012:us-east-1", "Glue Data Catalog 123456789012 in us-east-1"));
    }

    [Fact]
    public async Task A_lake_formation_endpoint_that_does_not_answer_is_known_within_ten_seconds()
    {
        await using var aws = await FakeAws.StartAsync();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var time = new ManualTime();
        await using var session = aws.Open(lakeFormation: new Uri($"http://{silent.LocalEndpoint}"), time: time);

        var identifying = session.IdentifyAsync(TestContext.Current.CancellationToken);
        await Task.WhenAny(identifying, silent.AcceptSocketAsync(TestContext.Current.CancellationToken).AsTask());
        time.Advance(TimeSpan.FromSeconds(10));

        (await Should.ThrowAsync<PlatformException>(() => identifying)).Failure.ShouldBe(PlatformFailure.Unreachable);
    }

    [Theory]
    [InlineData("AccessDeniedException", 400)]
    [InlineData("ThrottlingException", 400)]
    [InlineData("InternalServiceException", 500)]
    public async Task Who_is_refused_by_lake_formation_has_reached_it(string code, int status)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("ListLFTags", $$"""{"__type":"{{code}}"}""", status);
        await using var session = aws.Open();

        (await session.IdentifyAsync(TestContext.Current.CancellationToken)).Key.ShouldBe("glue:aws:123456789012:us-east-1");
    }

    [Fact]
    public async Task A_role_is_assumed_with_the_servers_identity_and_external_id_once_for_all_calls()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithRole();

        (await session.IdentifyAsync(TestContext.Current.CancellationToken)).Key.ShouldBe("glue:aws:123456789012:us-east-1");
        var pages = await SandboxLake.CrawlAsync(session);

        pages.SelectMany(p => p.Objects).Count().ShouldBeGreaterThan(60);
        SandboxLake.ByPath(pages)["sales/orders"].GrantMethod.ShouldBe("named");
        lake.Sandbox.Requests.Of("sts:AssumeRole").ShouldBe(1);
    }

    [Fact]
    public async Task Another_external_id_does_not_open_the_role()
    {
        await using var lake = await SandboxLake.StartAsync();
        lake.Options = lake.Options with { ExternalId = "another-servers-external-id" };
        await using var session = lake.OpenWithRole();

        var e = await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(TestContext.Current.CancellationToken));

        e.Failure.ShouldBe(PlatformFailure.AccessDenied);
        e.Message.ShouldContain("is not authorized to perform: sts:AssumeRole");
        e.Message.ShouldNotContain("external-id");
    }

    [Fact]
    public async Task A_session_is_renewed_five_minutes_before_it_ends()
    {
        var clock = new TestClock();
        await using var lake = await SandboxLake.StartAsync(new AwsSandboxOptions { Clock = clock });
        await using var session = lake.OpenWithRole(clock);
        await session.IdentifyAsync(TestContext.Current.CancellationToken);

        clock.Advance(TimeSpan.FromMinutes(54));
        await SandboxLake.CrawlAsync(session);
        lake.Sandbox.Requests.Of("sts:AssumeRole").ShouldBe(1);

        clock.Advance(TimeSpan.FromMinutes(2));
        await SandboxLake.CrawlAsync(session);
        lake.Sandbox.Requests.Of("sts:AssumeRole").ShouldBe(2);
        lake.Sandbox.Requests.Errors.Keys.ShouldNotContain("ExpiredTokenException");
    }

    [Fact]
    public async Task A_wrong_secret_is_told_in_the_platforms_words_and_not_tried_again()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey(lake.Sandbox.Credentials with { SecretAccessKey = "not-the-secret-not-the-secret-not-the-se" });

        var e = await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(TestContext.Current.CancellationToken));

        e.Failure.ShouldBe(PlatformFailure.CredentialsRejected);
        e.Message.ShouldStartWith("AWS: ");
        e.Message.ShouldNotContain("not-the-secret");
        lake.Sandbox.Requests.Errors.Values.Sum().ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task An_unknown_key_is_rejected()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey(new AwsSandboxCredentials("AKIAXXXXXXXXXXXXXXXX", "x"));

        (await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(TestContext.Current.CancellationToken)))
            .Failure.ShouldBe(PlatformFailure.CredentialsRejected);
    }

    [Fact]
    public async Task A_missing_action_is_told_in_the_platforms_words()
    {
        await using var lake = await SandboxLake.StartAsync(new AwsSandboxOptions
        {
            ServiceActions = [.. SandboxCast.DocumentedActions.Where(a => a != "glue:GetDatabases")],
        });
        await using var session = lake.OpenWithKey();

        var e = await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(TestContext.Current.CancellationToken));

        e.Failure.ShouldBe(PlatformFailure.AccessDenied);
        e.Code.ShouldBe("AccessDeniedException");
        e.Message.ShouldContain("is not authorized to perform: glue:GetDatabases");
    }

    [Fact]
    public async Task An_endpoint_where_nobody_answers_is_unreachable()
    {
        var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey();
        await lake.DisposeAsync();

        (await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(TestContext.Current.CancellationToken)))
            .Failure.ShouldBe(PlatformFailure.Unreachable);
    }
}
