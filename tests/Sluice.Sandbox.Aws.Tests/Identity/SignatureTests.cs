namespace Sluice.Sandbox.Aws.Tests.Identity;

public sealed class SignatureTests
{
    [Fact]
    public async Task A_body_changed_after_signing_is_refused()
    {
        await Refused(request => request.Content = new StringContent("{\"MaxResults\":1}"), "InvalidSignatureException", "does not match");
    }

    [Fact]
    public async Task A_signed_header_changed_after_signing_is_refused()
    {
        await Refused(
            request =>
            {
                request.Headers.Remove("x-amz-target");
                request.Headers.Add("x-amz-target", "AWSGlue.GetTables");
            },
            "InvalidSignatureException",
            "does not match");
    }

    [Fact]
    public async Task An_amz_header_outside_the_signature_is_refused()
    {
        await Refused(request => request.Headers.Add("x-amz-extra", "1"), "InvalidSignatureException", "x-amz-extra");
    }

    [Fact]
    public async Task A_stated_payload_hash_must_be_that_of_the_body()
    {
        await using var bench = await Bench.StartAsync();
        var answer = await bench.Service.Send("glue", "/", "{}", "application/x-amz-json-1.1", ("x-amz-target", "AWSGlue.GetDatabases"), ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"));
        answer.ShouldFail("InvalidSignatureException");
        answer.Message.ShouldContain("x-amz-content-sha256");
    }

    [Fact]
    public async Task A_request_without_signature_is_refused()
    {
        await Refused(request => request.Headers.Remove("Authorization"), "MissingAuthenticationTokenException", "Missing Authentication Token");
    }

    [Fact]
    public async Task A_malformed_authorization_is_refused()
    {
        await Refused(
            request =>
            {
                request.Headers.Remove("Authorization");
                request.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 Credential=nonsense");
            },
            "IncompleteSignatureException",
            "SignedHeaders");
    }

    [Theory]
    [InlineData(-301, "Signature expired")]
    [InlineData(301, "Signature not yet current")]
    public async Task A_request_more_than_five_minutes_off_is_refused(int seconds, string message)
    {
        var clock = ManualClock.Started();
        var signing = new ManualClock(clock.GetUtcNow().AddSeconds(seconds));
        await using var sandbox = await AwsSandbox.StartAsync(new() { Clock = clock }, TestContext.Current.CancellationToken);
        using var client = new SigningClient(sandbox.Endpoint, sandbox.Credentials, signing);
        var answer = await client.Glue("GetDatabases", new { });
        answer.ShouldFail("InvalidSignatureException");
        answer.Message.ShouldStartWith(message);
        signing.Advance(TimeSpan.FromSeconds(seconds < 0 ? 1 : -1));
        (await client.Glue("GetDatabases", new { })).ShouldSucceed();
    }

    [Fact]
    public async Task A_signature_for_another_region_is_refused()
    {
        await using var bench = await Bench.StartAsync();
        using var elsewhere = new SigningClient(bench.Sandbox.Endpoint, bench.Sandbox.Credentials) { Region = "eu-west-1" };
        var answer = await elsewhere.Lake("ListLFTags", new { });
        answer.ShouldFail("InvalidSignatureException");
        answer.Message.ShouldContain("'eu-west-1'");
        answer.Status.ShouldBe(403);
    }

    [Fact]
    public async Task Keys_are_the_same_after_a_restart_and_differ_by_account()
    {
        await using var first = await AwsSandbox.StartAsync(new(), TestContext.Current.CancellationToken);
        await using var second = await AwsSandbox.StartAsync(new(), TestContext.Current.CancellationToken);
        await using var other = await AwsSandbox.StartAsync(new() { AccountId = "210987654321" }, TestContext.Current.CancellationToken);
        second.Credentials.ShouldBe(first.Credentials);
        other.Credentials.ShouldNotBe(first.Credentials);
        first.Credentials.AccessKeyId.ShouldMatch("^AKIA[A-Z2-7]{16}$");
        first.Credentials.SecretAccessKey.Length.ShouldBe(40);
    }

    private static async Task Refused(Action<HttpRequestMessage> tamper, string code, string message)
    {
        await using var bench = await Bench.StartAsync();
        using var client = new SigningClient(bench.Sandbox.Endpoint, bench.Sandbox.Credentials) { Tamper = tamper };
        var answer = await client.Glue("GetDatabases", new { });
        answer.ShouldFail(code);
        answer.Message.ShouldContain(message);
        answer.Status.ShouldBe(400);
        bench.Sandbox.Requests.Total.ShouldBe(0);
    }
}
