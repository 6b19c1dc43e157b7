using Sluice.Platforms.LakeFormation.Tests.Fakes;

namespace Sluice.Platforms.LakeFormation.Tests.Wire;

public sealed class RefusalTests
{
    [Theory]
    [InlineData(400, """{"__type":"AccessDeniedException","Message":"User: x is not authorized"}""", PlatformFailure.AccessDenied, "AWS: AccessDeniedException: User: x is not authorized")]
    [InlineData(400, """{"__type":"com.amazonaws.glue#EntityNotFoundException","message":"Database y not found."}""", PlatformFailure.NotFound, "AWS: EntityNotFoundException: Database y not found.")]
    [InlineData(403, """{"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."}""", PlatformFailure.CredentialsRejected, "AWS: UnrecognizedClientException: The security token included in the request is invalid.")]
    [InlineData(400, """{"__type":"InvalidInputException","Message":"Rate exceeded"}""", PlatformFailure.Throttled, "AWS: InvalidInputException: Rate exceeded")]
    [InlineData(400, """{"__type":"ThrottlingException","message":"Rate exceeded"}""", PlatformFailure.Throttled, "AWS: ThrottlingException: Rate exceeded")]
    [InlineData(400, """{"__type":"ConcurrentModificationException","Message":"again"}""", PlatformFailure.Unavailable, "AWS: ConcurrentModificationException: again")]
    [InlineData(500, """{"__type":"InternalServiceException"}""", PlatformFailure.Unavailable, "AWS: InternalServiceException.")]
    [InlineData(400, """{"__type":"SomethingNew","message":"odd\r\nwords"}""", PlatformFailure.Refused, "AWS: SomethingNew: odd  words")]
    [InlineData(400, """{"__type":"ValidationException","message":7}""", PlatformFailure.Refused, "AWS: ValidationException.")]
    [InlineData(503, "<html><body>CORPORATE PROXY: buy our stuff</body></html>", PlatformFailure.Unavailable, "The platform answered with the status 503.")]
    [InlineData(403, "intranet login for jane.doe", PlatformFailure.AccessDenied, "The platform answered with the status 403.")]
    [InlineData(404, "", PlatformFailure.NotFound, "The platform answered with the status 404.")]
    [InlineData(302, "", PlatformFailure.Refused, "The platform answered with ")]
    public async Task Only_what_has_the_documented_form_is_quoted(int status, string body, PlatformFailure failure, string message)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("GetDatabases", body, status);
        await using var session = aws.Open();

        var e = await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(TestContext.Current.CancellationToken));

        e.Failure.ShouldBe(failure);
        e.Message.ShouldStartWith(message);
        e.Message.Length.ShouldBeLessThan(message.Length + 60);
        aws.Count("GetDatabases").ShouldBe(e.IsTransient ? 3 : 1);
    }

    [Theory]
    [InlineData("<ErrorResponse xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code><Message>The security token included in the request is invalid.</Message></Error><RequestId>1</RequestId></ErrorResponse>", PlatformFailure.CredentialsRejected, "AWS: InvalidClientTokenId: The security token included in the request is invalid.")]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><ErrorResponse><Error><Code>&x;</Code></Error></ErrorResponse>", PlatformFailure.AccessDenied, "The platform answered with the status 403.")]
    [InlineData("<Other><Error><Code>AccessDenied</Code></Error></Other>", PlatformFailure.AccessDenied, "The platform answered with the status 403.")]
    public async Task The_query_protocols_errors_are_read_without_following_entities(string body, PlatformFailure failure, string message)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("GetCallerIdentity", body, 403);
        await using var session = aws.Open();

        var e = await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(TestContext.Current.CancellationToken));

        (e.Failure, e.Message).ShouldBe((failure, message));
    }

    [Fact]
    public async Task A_long_message_is_cut_and_the_signed_request_is_never_repeated()
    {
        await using var aws = await FakeAws.StartAsync();
        await using var session = aws.Open();
        aws.On("GetDatabases", $$"""{"__type":"InvalidInputException","Message":"{{new string('x', 4000)}}"}""", 400);
        var e = await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(TestContext.Current.CancellationToken));
        e.Message.Length.ShouldBeLessThan(540);

        aws.On("GetDatabases", """{"__type":"InvalidSignatureException","message":"No match.\n\nThe Canonical String for this request should have been\n'POST x-amz-security-token:TOKEN'"}""", 403);
        e = await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(TestContext.Current.CancellationToken));
        e.Message.ShouldBe("AWS: InvalidSignatureException: No match.");
    }

    [Theory]
    [InlineData("<html>hello jane.doe</html>")]
    [InlineData("""{"DatabaseList":"jane.doe"}""")]
    [InlineData("""{"DatabaseList":[{"Description":"jane.doe"}]}""")]
    [InlineData("""{"DatabaseList":[{"Name":"x"}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task A_strangers_answer_is_refused_and_never_echoed(string body)
    {
        await using var aws = await FakeAws.StartAsync();
        aws.On("GetDatabases", _ => new FakeAws.Answer(body, 200, "application/json"));
        await using var session = aws.Open();

        var e = await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(TestContext.Current.CancellationToken));

        e.Failure.ShouldBe(PlatformFailure.Refused);
        e.ToString().ShouldNotContain("jane.doe");
        e.Message.ShouldStartWith("glue did not answer GetDatabases in the form that AWS documents");
    }

    [Fact]
    public async Task The_secret_is_never_sent()
    {
        await using var aws = await FakeAws.StartAsync();
        await using (var session = aws.Open())
        {
            await session.IdentifyAsync(TestContext.Current.CancellationToken);
            await session.CheckAsync(TestContext.Current.CancellationToken);
        }

        aws.Requests.ShouldNotBeEmpty();
        aws.Requests.ShouldAllBe(r => !r.Body.Contains("PLANTED-SECRET") && !string.Join('\n', r.Headers.Values).Contains("PLANTED-SECRET"));
    }

    [Fact]
    public async Task The_external_id_goes_to_sts_alone_and_a_session_token_to_every_other_call()
    {
        await using var aws = await FakeAws.StartAsync();
        await using (var session = aws.Open(assumesRole: true)) await session.CheckAsync(TestContext.Current.CancellationToken);

        aws.Requests.Where(r => r.Body.Contains("fake-external-id")).ShouldHaveSingleItem().Operation.ShouldBe("AssumeRole");
        aws.Requests.Single(r => r.Operation == "AssumeRole").Headers.Keys.ShouldNotContain("X-Amz-Security-Token");
        aws.Requests.Where(r => r.Operation != "AssumeRole").ShouldAllBe(r => r.Headers["X-Amz-Security-Token"] == "role-token");
    }

    [Fact]
    public async Task A_session_that_aws_ended_early_is_replaced_once()
    {
        await using var aws = await FakeAws.StartAsync();
        var calls = 0;
        aws.On("GetDatabases", _ => Interlocked.Increment(ref calls) == 1
            ? new FakeAws.Answer("""{"__type":"ExpiredTokenException","message":"expired"}""", 400)
            : new FakeAws.Answer("""{"DatabaseList":[]}"""));
        await using var session = aws.Open(assumesRole: true);

        await session.IdentifyAsync(TestContext.Current.CancellationToken);

        aws.Count("AssumeRole").ShouldBe(2);
        calls.ShouldBe(2);
    }
}
