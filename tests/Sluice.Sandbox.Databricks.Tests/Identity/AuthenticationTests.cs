using System.Net.Http.Headers;
using System.Text;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.Identity;

public sealed class AuthenticationTests
{
    private const string Me = "/api/2.0/preview/scim/v2/Me";

    [Fact]
    public async Task A_request_without_a_token_is_unauthenticated()
    {
        await using var bench = await Bench.StartAsync();
        var answer = await bench.With(null).Get(Me);
        answer.ShouldFail(401, "401").Message.ShouldContain("Credential was not sent");
    }

    [Fact]
    public async Task An_unknown_token_is_forbidden()
    {
        await using var bench = await Bench.StartAsync();
        var answer = await bench.With("dapi0000").Get(Me);
        answer.ShouldFail(403, "403").Message.ShouldBe("Invalid access token.");
        answer.Headers.GetValues("X-Databricks-Reason-Phrase").ShouldBe(["Invalid access token."]);
    }

    [Fact]
    public async Task A_deactivated_principal_is_forbidden()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Analyst.Get(Me)).ShouldSucceed();
        bench.Sandbox.SetPrincipal(new() { Name = SandboxCast.Analyst, IsActive = false });
        (await bench.Analyst.Get(Me)).ShouldFail(403, "403");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_credentials_buy_a_token_that_ends(bool basic)
    {
        var clock = ManualClock.Started();
        await using var bench = await Bench.StartAsync(new() { Clock = clock });
        var answer = await TokenAsync(bench, bench.Sandbox.ClientId, bench.Sandbox.ClientSecret, basic);
        answer.ShouldSucceed();
        answer.Json.GetProperty("expires_in").GetInt64().ShouldBe(3600);
        answer.Json.GetProperty("token_type").GetString().ShouldBe("Bearer");
        var client = bench.With(answer.Json.GetProperty("access_token").GetString());
        (await client.Get(Me)).ShouldSucceed().Json.GetProperty("userName").GetString().ShouldBe(SandboxCast.ServicePrincipal);
        clock.Advance(TimeSpan.FromHours(1));
        (await client.Get(Me)).ShouldFail(403, "403").Message.ShouldBe("JWT has expired");
    }

    [Fact]
    public async Task The_accounts_token_endpoint_serves_the_workspace_too_and_another_accounts_is_not_here()
    {
        await using var bench = await Bench.StartAsync();
        var account = $"/oidc/accounts/{bench.Sandbox.AccountId}";
        var found = (await bench.With(null).Get($"{account}/.well-known/oauth-authorization-server")).ShouldSucceed().Json;
        found.GetProperty("issuer").GetString().ShouldBe($"{bench.Sandbox.Endpoint}{account[1..]}");

        var answer = await TokenAsync(bench, bench.Sandbox.ClientId, bench.Sandbox.ClientSecret, basic: true, endpoint: found.GetProperty("token_endpoint").GetString()!);

        (await bench.With(answer.ShouldSucceed().Json.GetProperty("access_token").GetString()).Get(Me)).ShouldSucceed();
        (await bench.With(null).Get("/oidc/accounts/nothing/.well-known/oauth-authorization-server")).Status.ShouldBe(404);
        (await bench.Admin.Get("/api/2.0/accounts/nothing/scim/v2/Groups")).Status.ShouldBe(404);
        (await bench.Admin.Get($"/api/2.0/accounts/{bench.Sandbox.AccountId}/scim/v2/Groups")).ShouldSucceed();
    }

    [Theory]
    [InlineData("secret", "grant_type=client_credentials&scope=all-apis", 401, "invalid_client")]
    [InlineData(null, "grant_type=password&scope=all-apis", 400, "unsupported_grant_type")]
    [InlineData(null, "grant_type=client_credentials&scope=sql", 400, "invalid_scope")]
    public async Task A_bad_token_request_is_answered_as_OAuth_answers(string? secret, string form, int status, string error)
    {
        await using var bench = await Bench.StartAsync();
        var answer = await TokenAsync(bench, bench.Sandbox.ClientId, secret ?? bench.Sandbox.ClientSecret, basic: true, form);
        answer.Status.ShouldBe(status, answer.Body);
        answer.Json.GetProperty("error").GetString().ShouldBe(error);
    }

    [Fact]
    public async Task The_token_endpoint_is_discovered()
    {
        await using var bench = await Bench.StartAsync();
        var json = (await bench.With(null).Get("/oidc/.well-known/oauth-authorization-server")).ShouldSucceed().Json;
        json.GetProperty("token_endpoint").GetString().ShouldBe($"{bench.Sandbox.Endpoint}oidc/v1/token");
    }

    private static async Task<Answer> TokenAsync(Bench bench, string id, string secret, bool basic, string form = "grant_type=client_credentials&scope=all-apis", string endpoint = "/oidc/v1/token")
    {
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        if (basic) request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));
        else form += $"&client_id={id}&client_secret={secret}";
        request.Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return new((int)response.StatusCode, response.Headers, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
