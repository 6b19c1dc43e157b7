using Sluice.Platforms.Snowflake.Tests.Fakes;
using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>The session protocol, against an account that answers as the vendor's drivers expect it.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task A_login_says_who_with_which_role_and_warehouse_and_marks_its_statements()
    {
        await using var account = await FakeAccount.StartAsync();
        await using (var session = account.Open())
        {
            var identity = await session.IdentifyAsync(TestContext.Current.CancellationToken);
            identity.ShouldBe(new PlatformIdentity("snowflake:AWS_US_EAST_1:XY12345", "Snowflake account ACME-PROD"));
        }

        var login = account.Requests.Single(r => r.Path == "/session/v1/login-request");
        login.Query["roleName"].ShouldBe("CRAWLER");
        login.Query["warehouse"].ShouldBe("WH");
        var data = login.Json.GetProperty("data");
        data.Text("ACCOUNT_NAME").ShouldBe("acme-prod");
        data.Text("LOGIN_NAME").ShouldBe("SLUICE");
        data.Text("PASSWORD").ShouldBe("s3cret");
        data.TryGetProperty("AUTHENTICATOR", out _).ShouldBeFalse();
        data.GetProperty("SESSION_PARAMETERS").Text("QUERY_TAG").ShouldBe("sluice");
        data.GetProperty("SESSION_PARAMETERS").GetProperty("QUOTED_IDENTIFIERS_IGNORE_CASE").GetBoolean().ShouldBeFalse();
        login.Authorization.ShouldBeNull();
        account.Requests.Select(r => r.Sql).ToList()[1].ShouldBe("USE SECONDARY ROLES NONE");
        account.Statements.ShouldAllBe(s => s.Authorization == "Snowflake Token=\"token-1\"");
        var logout = account.Requests.Last();
        (logout.Path, logout.Query["delete"]).ShouldBe(("/session", "true"));
    }

    [Fact]
    public async Task An_account_is_known_by_its_locator_and_region_whatever_its_name()
    {
        await using var account = await FakeAccount.StartAsync();
        var names = new Queue<string?>(["PROD", "RENAMED", null]);
        account.On("CURRENT_ORGANIZATION_NAME()", _ => FakeAccount.Rows(["O", "A", "L", "R"], ["ACME", names.Dequeue(), "XY12345", "AWS_US_EAST_1"]));
        await using var session = account.Open();

        var identities = new List<PlatformIdentity>();
        for (var time = 0; time < 3; time++) identities.Add(await session.IdentifyAsync(TestContext.Current.CancellationToken));

        identities.Select(i => i.Key).Distinct().ShouldBe(["snowflake:AWS_US_EAST_1:XY12345"]);
        identities.Select(i => i.DisplayName).ShouldBe(["Snowflake account ACME-PROD", "Snowflake account ACME-RENAMED", "Snowflake account XY12345 in AWS_US_EAST_1"]);
    }

    [Theory]
    [InlineData("390112")]
    [InlineData("390114")]
    [InlineData("390111")]
    public async Task A_session_that_expired_is_renewed_and_the_statement_keeps_its_id(string code)
    {
        await using var account = await FakeAccount.StartAsync();
        var asked = 0;
        account.On("CURRENT_ORGANIZATION_NAME()", _ => asked++ == 0
            ? FakeAccount.Refusal(code, "Your session has expired. Please re-login.")
            : FakeAccount.Rows(["O", "A", "L", "R"], ["ACME", "PROD", "L", "R"]));
        await using var session = account.Open();

        await session.IdentifyAsync(TestContext.Current.CancellationToken);

        var renewal = account.Requests.Single(r => r.Path == "/session/token-request");
        renewal.Authorization.ShouldBe("Snowflake Token=\"master\"");
        renewal.Json.Text("oldSessionToken").ShouldBe("token-1");
        renewal.Json.Text("requestType").ShouldBe("RENEW");
        var statements = account.Statements.ToList();
        statements.Select(s => s.Authorization).ShouldBe(["Snowflake Token=\"token-1\"", "Snowflake Token=\"token-2\""]);
        statements[0].Query["requestId"].ShouldBe(statements[1].Query["requestId"]);
        statements[0].Query["request_guid"].ShouldNotBe(statements[1].Query["request_guid"]);
    }

    [Fact]
    public async Task A_session_that_can_not_be_renewed_logs_in_again()
    {
        await using var account = await FakeAccount.StartAsync();
        var asked = 0;
        account.On("CURRENT_ORGANIZATION_NAME()", _ => asked++ == 0
            ? FakeAccount.Refusal("390112", "Your session has expired.")
            : FakeAccount.Rows(["O", "A", "L", "R"], ["ACME", "PROD", "L", "R"]));
        account.OnRenew = static () => FakeAccount.Refusal("390114", "Authentication token has expired. The user must authenticate again.");
        await using var session = account.Open();

        await session.IdentifyAsync(TestContext.Current.CancellationToken);

        account.Requests.Count(r => r.Path == "/session/v1/login-request").ShouldBe(2);
    }

    [Fact]
    public async Task Nothing_is_read_in_a_session_that_expired_before_it_was_left_its_role_alone()
    {
        await using var account = await FakeAccount.StartAsync();
        var asked = 0;
        account.On("USE SECONDARY ROLES", _ => asked++ == 0 ? FakeAccount.Refusal("390112", "Your session has expired.") : FakeAccount.Rows(["status"], ["done"]));
        account.On("CURRENT_ORGANIZATION_NAME()", FakeAccount.Rows(["O", "A", "L", "R"], ["ACME", "PROD", "L", "R"]));
        await using var session = account.Open();

        await session.IdentifyAsync(TestContext.Current.CancellationToken);

        account.Requests.Count(r => r.Path == "/session/v1/login-request").ShouldBe(2);
        account.Statements.Single().Authorization.ShouldBe("Snowflake Token=\"token-2\"");
    }

    [Theory]
    [InlineData("000603")]
    [InlineData("000604")]
    [InlineData("390112")]
    public async Task A_session_that_can_not_be_left_its_role_alone_is_logged_out_and_nothing_is_read_in_it(string code)
    {
        await using var account = await FakeAccount.StartAsync();
        account.Refuses("USE SECONDARY ROLES", code, "SQL execution internal error.");
        await using var session = account.Open();

        var failure = await Should.ThrowAsync<PlatformException>(session.IdentifyAsync(TestContext.Current.CancellationToken));

        failure.Code.ShouldBe(code);
        account.Statements.ShouldBeEmpty();
        account.Requests.Count(r => r.Path == "/session/v1/login-request").ShouldBe(3);
        account.Requests.Where(r => r.Path == "/session").Select(r => r.Authorization)
            .ShouldBe(["Snowflake Token=\"token-1\"", "Snowflake Token=\"token-2\"", "Snowflake Token=\"token-3\""]);
    }

    [Fact]
    public async Task A_session_whose_set_up_fails_on_the_way_is_logged_out()
    {
        await using var account = await FakeAccount.StartAsync();
        account.On("USE SECONDARY ROLES", new FakeAccount.Answer("", 503));
        await using var session = account.Open();

        await Should.ThrowAsync<PlatformException>(session.IdentifyAsync(TestContext.Current.CancellationToken));

        account.Statements.ShouldBeEmpty();
        account.Requests.Single(r => r.Path == "/session").Authorization.ShouldBe("Snowflake Token=\"token-1\"");
    }

    [Fact]
    public async Task Secondary_roles_that_take_longer_are_waited_for_and_those_that_are_refused_for_good_stay()
    {
        await using var account = await FakeAccount.StartAsync();
        account.On("USE SECONDARY ROLES", new FakeAccount.Answer(
            """{"data": {"queryId": "q1", "getResultUrl": "/queries/q1/result"}, "code": "333333", "message": null, "success": false}"""));
        account.Refuses("/queries/q1/result", "000002", "Unsupported feature 'SECONDARY ROLES'.");
        await using var session = account.Open();

        await session.IdentifyAsync(TestContext.Current.CancellationToken);

        var asked = account.Requests.Select(r => r.Sql).ToList();
        asked.Count(s => s == "/queries/q1/result").ShouldBe(1);
        asked.IndexOf("/queries/q1/result").ShouldBe(2, "after the login and the statement, before anything is read");
        account.Requests.Count(r => r.Path == "/session/v1/login-request").ShouldBe(1);
    }

    [Fact]
    public async Task A_crawl_logs_in_as_patiently_as_it_reads()
    {
        await using var account = await FakeAccount.StartAsync();
        new FakeCatalog(account).Add("A");
        var patient = account.Options.Retry with { Attempts = 12 };
        account.Options = account.Options with { Retry = patient };
        var logins = 0;
        account.OnLogin = _ => ++logins < patient.Attempts ? new FakeAccount.Answer("", 503) : null;
        await using var session = account.Open();

        (await Crawled.PagesAsync(session)).Names().ShouldBe(["A"]);
    }

    [Fact]
    public async Task A_session_that_expires_without_end_is_given_up()
    {
        await using var account = await FakeAccount.StartAsync();
        account.Refuses("CURRENT_ORGANIZATION_NAME()", "390112", "Your session has expired.");
        await using var session = account.Open();

        var failure = await Should.ThrowAsync<PlatformException>(session.IdentifyAsync(TestContext.Current.CancellationToken));

        failure.Code.ShouldBe("390112");
        account.Statements.Count().ShouldBe(4);
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_expires_and_a_master_token_that_expired_is_not_tried()
    {
        await using var account = await FakeAccount.StartAsync();
        account.TokenSeconds = 600;
        account.MasterSeconds = 1500;
        var time = new ManualTime();
        account.Options = account.Options with { Heartbeat = TimeSpan.FromDays(1) };
        await using var session = account.Open(time: time);

        await session.IdentifyAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(545));
        await session.IdentifyAsync(TestContext.Current.CancellationToken);
        account.Requests.Count(r => r.Path == "/session/token-request").ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(1600));
        await session.IdentifyAsync(TestContext.Current.CancellationToken);

        account.Requests.Count(r => r.Path == "/session/token-request").ShouldBe(1);
        account.Requests.Count(r => r.Path == "/session/v1/login-request").ShouldBe(2);
    }

    [Fact]
    public async Task An_idle_session_is_kept_alive()
    {
        await using var account = await FakeAccount.StartAsync();
        var beat = new TaskCompletionSource<FakeAccount.Asked>(TaskCreationOptions.RunContinuationsAsynchronously);
        account.On("/session/heartbeat", asked =>
        {
            beat.TrySetResult(asked);
            return new FakeAccount.Answer("""{"success": true, "data": null}""");
        });
        account.Options = account.Options with { Heartbeat = TimeSpan.FromMilliseconds(20) };
        await using var session = account.Open();

        await session.IdentifyAsync(TestContext.Current.CancellationToken);

        var asked = await beat.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        asked.Authorization.ShouldBe("Snowflake Token=\"token-1\"");
    }

    [Fact]
    public async Task A_statement_that_takes_longer_is_asked_for_until_it_is_there()
    {
        await using var account = await FakeAccount.StartAsync();
        account.On("CURRENT_ORGANIZATION_NAME()", new FakeAccount.Answer(
            """{"data": {"queryId": "q1", "getResultUrl": "/queries/q1/result"}, "code": "333333", "message": null, "success": true}"""));
        var asked = 0;
        account.On("/queries/q1/result", _ => asked++ switch
        {
            0 => new FakeAccount.Answer("""{"data": {"queryId": "q1", "getResultUrl": "/queries/q1/result"}, "code": "333334", "message": null, "success": true}"""),
            1 => FakeAccount.Refusal("390112", "Your session has expired."),
            _ => FakeAccount.Rows(["O", "A", "L", "R"], ["ACME", "PROD", "L", "R"]),
        });
        await using var session = account.Open();

        (await session.IdentifyAsync(TestContext.Current.CancellationToken)).Key.ShouldBe("snowflake:R:L");

        account.Statements.Count().ShouldBe(1);
        account.Requests.Last(r => r.Path == "/queries/q1/result").Authorization.ShouldBe("Snowflake Token=\"token-2\"");
    }

    [Fact]
    public async Task A_result_is_never_asked_for_elsewhere()
    {
        await using var account = await FakeAccount.StartAsync();
        account.On("CURRENT_ORGANIZATION_NAME()", new FakeAccount.Answer(
            """{"data": {"getResultUrl": "http://127.0.0.1:1/queries/q1/result"}, "code": "333333", "message": null, "success": true}"""));
        await using var session = account.Open();

        var failure = await Should.ThrowAsync<PlatformException>(session.IdentifyAsync(TestContext.Current.CancellationToken));

        failure.Failure.ShouldBe(PlatformFailure.Refused);
    }

    [Fact]
    public async Task What_nobody_waits_for_any_more_is_aborted()
    {
        await using var account = await FakeAccount.StartAsync();
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        account.On("CURRENT_ORGANIZATION_NAME()", new FakeAccount.Answer("{}", Wait: token =>
        {
            running.SetResult();
            return Task.Delay(Timeout.Infinite, token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }));
        await using var session = account.Open();
        using var cancellation = new CancellationTokenSource();

        var identifying = session.IdentifyAsync(cancellation.Token);
        await running.Task;
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(identifying);
        var abort = account.Requests.Single(r => r.Path == "/queries/v1/abort-request");
        abort.Json.Text("requestId").ShouldBe(account.Statements.Single().Query["requestId"]);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_statement_that_is_given_up_after_it_was_sent_is_aborted(int status)
    {
        await using var account = await FakeAccount.StartAsync();
        account.On("CURRENT_ORGANIZATION_NAME()", new FakeAccount.Answer("", status));
        await using var session = account.Open();

        await Should.ThrowAsync<PlatformException>(session.IdentifyAsync(TestContext.Current.CancellationToken));

        var abort = account.Requests.Single(r => r.Path == "/queries/v1/abort-request");
        abort.Json.Text("requestId").ShouldBe(account.Statements.First().Query["requestId"]);
    }

    [Fact]
    public async Task A_failure_on_the_way_is_sent_again_as_the_same_request()
    {
        await using var account = await FakeAccount.StartAsync();
        var asked = 0;
        account.On("CURRENT_ORGANIZATION_NAME()", _ => asked++ < 2
            ? new FakeAccount.Answer("", asked == 1 ? 503 : 429)
            : FakeAccount.Rows(["O", "A", "L", "R"], ["ACME", "PROD", "L", "R"]));
        await using var session = account.Open();

        await session.IdentifyAsync(TestContext.Current.CancellationToken);

        var statements = account.Statements.ToList();
        statements.Select(s => s.Query["requestId"]).Distinct().Count().ShouldBe(1);
        statements.Select(s => s.Query["request_guid"]).Distinct().Count().ShouldBe(3);
        statements.Select(s => s.Query.GetValueOrDefault("retryCount")).ShouldBe([null, "1", "2"]);
    }

    [Theory]
    [InlineData("390100", "Incorrect username or password was specified.", PlatformFailure.CredentialsRejected, "programmatic access token")]
    [InlineData("390189", "Role 'CRAWLER' specified in the connect string does not exist or not authorized.", PlatformFailure.AccessDenied, "GRANT ROLE")]
    [InlineData("390422", "Incoming request with IP 1.2.3.4 is not allowed to access Snowflake.", PlatformFailure.CredentialsRejected, "network policy")]
    public async Task A_login_that_is_refused_is_told_in_Snowflakes_words_and_with_what_to_do(string code, string message, PlatformFailure failure, string remedy)
    {
        await using var account = await FakeAccount.StartAsync();
        account.OnLogin = _ => FakeAccount.Refusal(code, message);
        await using var session = account.Open();

        var refusal = await Should.ThrowAsync<PlatformException>(session.IdentifyAsync(TestContext.Current.CancellationToken));

        refusal.Failure.ShouldBe(failure);
        refusal.Message.ShouldContain($"{code}: {message}");
        refusal.Message.ShouldContain(remedy);
        refusal.ToString().ShouldNotContain("s3cret");
        account.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("<html>PLANTED</html>", 200)]
    [InlineData("{\"success\": true, \"data\": {\"token\": \"a\\nb\", \"masterToken\": \"PLANTED\"}}", 200)]
    [InlineData("PLANTED", 403)]
    [InlineData("PLANTED", 302)]
    [InlineData("[]", 200)]
    public async Task A_stranger_in_the_place_of_the_account_is_told_from_it(string body, int status)
    {
        await using var account = await FakeAccount.StartAsync();
        account.OnLogin = _ => new FakeAccount.Answer(body, status, "text/html");
        await using var session = account.Open();

        var refusal = await Should.ThrowAsync<PlatformException>(session.IdentifyAsync(TestContext.Current.CancellationToken));

        refusal.Failure.ShouldBe(PlatformFailure.Refused);
        refusal.ToString().ShouldNotContain("PLANTED");
    }

    [Fact]
    public async Task Concurrent_statements_share_one_login()
    {
        await using var account = await FakeAccount.StartAsync();
        await using var session = account.Open();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => session.IdentifyAsync(TestContext.Current.CancellationToken)));

        account.Requests.Count(r => r.Path == "/session/v1/login-request").ShouldBe(1);
        account.Statements.Count().ShouldBe(20);
    }
}
