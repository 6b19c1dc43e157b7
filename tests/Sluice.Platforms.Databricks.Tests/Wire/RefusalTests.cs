using Sluice.Platforms.Databricks.Tests.Fakes;

namespace Sluice.Platforms.Databricks.Tests.Wire;

public sealed class RefusalTests : IAsyncLifetime
{
    private const string Assignment = "/api/2.1/unity-catalog/current-metastore-assignment";

    private FakeWorkspace _workspace = null!;

    public async ValueTask InitializeAsync() => _workspace = await FakeWorkspace.StartAsync();

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Theory]
    [InlineData("""{"error_code":"PERMISSION_DENIED","message":"User is not an owner"}""", 403, PlatformFailure.AccessDenied, "Databricks: PERMISSION_DENIED: User is not an owner")]
    [InlineData("""{"error_code":"403","message":"Invalid access token."}""", 403, PlatformFailure.CredentialsRejected, "Databricks: Invalid access token.")]
    [InlineData("""{"error_code":403,"message":"Invalid access token."}""", 403, PlatformFailure.CredentialsRejected, "Databricks: Invalid access token.")]
    [InlineData("""{"error_code":403,"message":"JWT has expired"}""", 403, PlatformFailure.CredentialsRejected, "Databricks: JWT has expired")]
    [InlineData("""{"error_code":403,"message":"no words that are known"}""", 403, PlatformFailure.CredentialsRejected, "Databricks: no words that are known")]
    [InlineData("""{"error_code":401,"message":"Token is expired"}""", 401, PlatformFailure.CredentialsRejected, "Databricks: Token is expired")]
    [InlineData("""{"error_code":"BAD_REQUEST","message":"io.jsonwebtoken.ExpiredJwtException: JWT expired"}""", 400, PlatformFailure.CredentialsRejected, "Databricks: BAD_REQUEST: io.jsonwebtoken.ExpiredJwtException: JWT expired")]
    [InlineData("""{"error":"ClusterNotReadyException: Cluster c has to be running"}""", 400, PlatformFailure.Unavailable, "Databricks: ClusterNotReadyException: Cluster c has to be running")]
    [InlineData("""{"error_code":"METASTORE_DOES_NOT_EXIST","message":"No metastore assigned for the current workspace."}""", 404, PlatformFailure.NotFound, "Databricks: METASTORE_DOES_NOT_EXIST: No metastore assigned for the current workspace.")]
    [InlineData("""{"error_code":"ENDPOINT_NOT_FOUND","message":"No API found"}""", 404, PlatformFailure.Refused, "Databricks: ENDPOINT_NOT_FOUND: No API found")]
    [InlineData("""{"error":"ContextNotFound"}""", 400, PlatformFailure.Refused, "Databricks: ContextNotFound")]
    [InlineData("""{"schemas":["urn"],"detail":"no such user","status":"404"}""", 404, PlatformFailure.NotFound, "Databricks: no such user")]
    [InlineData("""{"error_code":"TEMPORARILY_UNAVAILABLE","message":"later"}""", 503, PlatformFailure.Unavailable, "Databricks: TEMPORARILY_UNAVAILABLE: later")]
    [InlineData("<html>PLANTED</html>", 404, PlatformFailure.NotFound, "The platform answered with the status 404.")]
    [InlineData("<html>PLANTED</html>", 200, PlatformFailure.Refused, "127.0.0.1 did not answer unity:current-metastore-assignment in the form that Databricks documents; is it the workspace's host?")]
    [InlineData("""{"workspace_id":1}""", 200, PlatformFailure.Refused, "127.0.0.1 did not answer unity:current-metastore-assignment in the form that Databricks documents; is it the workspace's host?")]
    public async Task A_refusal_is_told_in_databricks_words_and_a_strangers_body_is_not(string body, int status, PlatformFailure failure, string message)
    {
        _workspace.On("GET", Assignment, body, status);
        await using var session = _workspace.Open();

        var refused = await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(default));

        refused.Failure.ShouldBe(failure);
        refused.Message.ShouldBe(failure == PlatformFailure.CredentialsRejected ? $"{message.TrimEnd('.')}. The token must be one of this workspace, not expired and not revoked." : message);
        refused.ToString().ShouldNotContain("PLANTED");
    }

    [Theory]
    [InlineData("""{"error_code":"PERMISSION_DENIED","message":"Token dapi-PLANTED-SECRET is not known"}""", "Databricks: PERMISSION_DENIED")]
    [InlineData("""{"message":"Token dapi-PLANTED-SECRET is not known"}""", "Databricks: it refused with the status 403.")]
    public async Task A_message_that_holds_the_token_is_not_quoted(string body, string message)
    {
        _workspace.On("GET", Assignment, body, 403);
        await using var session = _workspace.Open();

        var refused = await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(default));

        refused.Message.ShouldBe(message);
        refused.ToString().ShouldNotContain("PLANTED");
    }

    [Fact]
    public async Task A_statements_message_that_holds_the_token_is_not_quoted()
    {
        _workspace.OnStatement(_ => FakeWorkspace.StatementFailed("[PARSE_SYNTAX_ERROR] near dapi-PLANTED-SECRET"));
        await using var session = _workspace.Open();

        var check = (await session.CheckAsync(default)).Single(c => c.Name == "SQL");

        check.Result.ShouldBe("Databricks SQL: BAD_REQUEST");
    }

    [Fact]
    public async Task A_workspace_without_a_metastore_is_refused()
    {
        _workspace.On("GET", Assignment, """{"metastore_id":"","workspace_id":1}""");
        await using var session = _workspace.Open();

        (await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(default))).Failure.ShouldBe(PlatformFailure.Refused);
    }

    [Fact]
    public async Task A_throttled_request_waits_as_long_as_it_is_asked_to()
    {
        var tries = 0;
        _workspace.On("GET", Assignment, _ => ++tries == 1
            ? new FakeWorkspace.Answer("""{"error_code":"REQUEST_LIMIT_EXCEEDED","message":"slow down"}""", 429, Headers: new() { ["Retry-After"] = "1" })
            : new FakeWorkspace.Answer("""{"metastore_id":"m"}"""));
        await using var session = _workspace.Open();
        var started = TimeProvider.System.GetTimestamp();

        (await session.IdentifyAsync(default)).Key.ShouldBe("unitycatalog:m");

        TimeProvider.System.GetElapsedTime(started).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_listing_without_an_end_is_ended()
    {
        _workspace.On("GET", "/api/2.1/unity-catalog/catalogs", """{"catalogs":[],"next_page_token":"again"}""");
        await using var session = _workspace.Open();

        var failure = await Should.ThrowAsync<PlatformException>(async () =>
            await session.CrawlAsync(new CrawlScope { Container = new("unity") }, default).ToListAsync());

        failure.Message.ShouldContain("names the same page again");
    }
}
