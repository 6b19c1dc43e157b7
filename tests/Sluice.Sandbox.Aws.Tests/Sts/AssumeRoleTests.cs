using System.Xml.Linq;
using Sluice.Sandbox.Aws.Identity;

namespace Sluice.Sandbox.Aws.Tests.Sts;

public sealed class AssumeRoleTests
{
    private static readonly XNamespace Space = "https://sts.amazonaws.com/doc/2011-06-15/";

    [Fact]
    public async Task A_session_does_what_the_role_may_until_it_expires()
    {
        var clock = ManualClock.Started();
        await using var sandbox = await AwsSandbox.StartAsync(new() { Clock = clock }, TestContext.Current.CancellationToken);
        using var session = await Assume(sandbox, clock, "&DurationSeconds=900");

        (await session.Glue("GetDatabases", new { })).ShouldSucceed();
        (await session.Sts("Action=GetCallerIdentity")).Body.ShouldContain("assumed-role/sluice-service-role/crawl");
        (await session.Lake("GetDataLakeSettings", new { })).ShouldFail("AccessDeniedException")
            .Message.ShouldStartWith("User: arn:aws:sts::123456789012:assumed-role/sluice-service-role/crawl is not authorized");

        clock.Advance(TimeSpan.FromSeconds(901));
        (await session.Glue("GetDatabases", new { })).ShouldFail("ExpiredTokenException");
        (await session.Lake("ListLFTags", new { })).ShouldFail("ExpiredTokenException");
        ErrorCode(await session.Sts("Action=GetCallerIdentity")).ShouldBe("ExpiredToken");
    }

    [Theory]
    [InlineData("&ExternalId=wrong")]
    [InlineData("")]
    public async Task Without_the_external_id_the_role_is_not_assumed(string externalId)
    {
        await using var bench = await Bench.StartAsync();
        using var server = bench.As(SandboxCast.Server);
        var answer = await server.Sts($"Action=AssumeRole&RoleArn={Uri.EscapeDataString(bench.Sandbox.RoleArn)}&RoleSessionName=crawl{externalId}");
        ErrorCode(answer).ShouldBe("AccessDenied");
        answer.Status.ShouldBe(403);
        answer.Body.ShouldContain($"is not authorized to perform: sts:AssumeRole on resource: {bench.Sandbox.RoleArn}");
    }

    [Fact]
    public async Task The_external_id_can_be_changed_while_running()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.ExternalId = "another";
        using var session = await Assume(bench.Sandbox, TimeProvider.System, "");
        (await session.Glue("GetDatabases", new { })).ShouldSucceed();
        bench.Sandbox.Reset();
        bench.Sandbox.ExternalId.ShouldBe("sluice-sandbox-external-id");
        (await session.Glue("GetDatabases", new { })).ShouldFail("UnrecognizedClientException");
    }

    [Fact]
    public async Task From_another_account_the_callers_own_policy_must_allow_it_too()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.SetActions(SandboxCast.Server, []);
        using var server = bench.As(SandboxCast.Server);
        ErrorCode(await server.Sts(Request(bench.Sandbox))).ShouldBe("AccessDenied");
    }

    [Fact]
    public async Task Whom_the_trust_policy_does_not_name_is_refused_and_a_missing_role_answers_alike()
    {
        await using var bench = await Bench.StartAsync();
        ErrorCode(await bench.Admin.Sts(Request(bench.Sandbox))).ShouldBe("AccessDenied");
        using var server = bench.As(SandboxCast.Server);
        var missing = await server.Sts(Request(bench.Sandbox).Replace("sluice-service-role", "no-such-role", StringComparison.Ordinal));
        ErrorCode(missing).ShouldBe("AccessDenied");
    }

    [Fact]
    public async Task Every_malformed_parameter_is_named()
    {
        await using var bench = await Bench.StartAsync();
        using var server = bench.As(SandboxCast.Server);
        var answer = await server.Sts("Action=AssumeRole&RoleArn=x&RoleSessionName=a%20b&DurationSeconds=60");
        ErrorCode(answer).ShouldBe("ValidationError");
        answer.Body.ShouldContain("3 validation errors detected");
        foreach (var name in new[] { "roleArn", "roleSessionName", "durationSeconds" }) answer.Body.ShouldContain($"'{name}'");
    }

    [Fact]
    public async Task A_session_longer_than_the_role_allows_is_refused()
    {
        await using var bench = await Bench.StartAsync();
        using var server = bench.As(SandboxCast.Server);
        var answer = await server.Sts($"{Request(bench.Sandbox)}&DurationSeconds=7200");
        ErrorCode(answer).ShouldBe("ValidationError");
        answer.Body.ShouldContain("MaxSessionDuration");
    }

    [Fact]
    public async Task Anyone_may_ask_who_they_are()
    {
        await using var bench = await Bench.StartAsync();
        using var server = bench.As(SandboxCast.Server);
        var result = XElement.Parse((await server.Sts("Action=GetCallerIdentity")).Body).Element(Space + "GetCallerIdentityResult")!;
        result.Element(Space + "Account")!.Value.ShouldBe(SandboxCast.ServerAccountId);
        result.Element(Space + "Arn")!.Value.ShouldBe(bench.Sandbox.ServerArn);
    }

    [Fact]
    public async Task An_unknown_action_is_said_to_be_invalid()
    {
        await using var bench = await Bench.StartAsync();
        ErrorCode(await bench.Service.Sts("Action=GetEverything")).ShouldBe("InvalidAction");
    }

    private static string Request(AwsSandbox sandbox) =>
        $"Action=AssumeRole&RoleArn={Uri.EscapeDataString(sandbox.RoleArn)}&RoleSessionName=crawl&ExternalId={Uri.EscapeDataString(sandbox.ExternalId!)}";

    private static async Task<SigningClient> Assume(AwsSandbox sandbox, TimeProvider clock, string more)
    {
        using var server = new SigningClient(sandbox.Endpoint, sandbox.ServerCredentials, clock);
        var answer = await server.Sts(Request(sandbox) + more);
        answer.Status.ShouldBe(200, answer.Body);
        var issued = XElement.Parse(answer.Body).Descendants(Space + "Credentials").Single();
        string Value(string name) => issued.Element(Space + name)!.Value;
        return new(sandbox.Endpoint, new(Value("AccessKeyId"), Value("SecretAccessKey")), clock, Value("SessionToken"));
    }

    private static string ErrorCode(Answer answer) => XElement.Parse(answer.Body).Descendants(Space + "Code").Single().Value;
}
