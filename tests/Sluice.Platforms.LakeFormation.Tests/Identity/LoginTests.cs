using Sluice.Platforms.LakeFormation.Tests.Fakes;
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
    public async Task A_session_that_aws_ended_early_is_replaced()
    {
        // Sluice's clock is behind: it takes the session for valid when AWS no longer does.
        var clock = new TestClock();
        await using var lake = await SandboxLake.StartAsync(new AwsSandboxOptions { Clock = clock });
        var late = new TestClock();
        late.Advance(TimeSpan.FromMinutes(-4));
        await using var session = lake.OpenWithRole(late);
        await session.IdentifyAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromMinutes(61));
        late.Advance(TimeSpan.FromMinutes(57.5));

        // 60 minutes of the session less 57.5 leave Sluice nothing to renew early only if it looks at its own clock: it renews by margin or by the refusal.
        await SandboxLake.CrawlAsync(session);

        lake.Sandbox.Requests.Of("sts:AssumeRole").ShouldBe(2);
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
    public async Task Nobody_answers_within_ten_seconds()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey();
        await lake.Sandbox.DisposeAsync();
        var started = TimeProvider.System.GetTimestamp();

        (await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(TestContext.Current.CancellationToken)))
            .Failure.ShouldBe(PlatformFailure.Unreachable);

        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_server_learns_who_it_is_in_aws()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithRole();
        var identity = await lake.Options.ServerIdentity.GetCredentialsAsync(TestContext.Current.CancellationToken);

        identity.AccessKeyId.ShouldBe(lake.Sandbox.ServerCredentials.AccessKeyId);
        await Should.ThrowAsync<ArgumentException>(() => Payload.Platform().ReadServerPrincipalAsync("nowhere", TestContext.Current.CancellationToken));
    }
}
