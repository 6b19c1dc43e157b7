using System.Text;
using Sluice.Platforms.Databricks.Tests.Fakes;

namespace Sluice.Platforms.Databricks.Tests.Identity;

public sealed class OAuthTests : IAsyncLifetime
{
    private readonly TestClock _clock = new();
    private FakeWorkspace _workspace = null!;
    private int _given;

    public async ValueTask InitializeAsync()
    {
        _workspace = await FakeWorkspace.StartAsync();
        _workspace.On("POST", "/oidc/v1/token", _ => Token());
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Credentials_go_to_the_workspaces_own_endpoint_as_documented()
    {
        await using var session = _workspace.Open(authority: $"{_workspace.Address}oidc/v1/token", time: _clock);

        await session.IdentifyAsync(default);

        var asked = _workspace.Requests.First();
        asked.Path.ShouldBe("/oidc/v1/token");
        asked.Body.ShouldBe("grant_type=client_credentials&scope=all-apis");
        asked.Headers["Authorization"].ShouldBe($"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"{FakeWorkspace.Principal}:{FakeWorkspace.Secret}"))}");
        _workspace.Requests.Skip(1).ShouldAllBe(r => r.Headers["Authorization"] == "Bearer token-1");
    }

    [Fact]
    public async Task A_token_is_kept_until_shortly_before_it_ends()
    {
        await using var session = _workspace.Open(authority: $"{_workspace.Address}oidc/v1/token", time: _clock);
        await session.CheckAsync(default);
        _workspace.Count("/oidc/v1/token").ShouldBe(1);

        _clock.Advance(TimeSpan.FromMinutes(57));
        await session.CheckAsync(default);
        _workspace.Count("/oidc/v1/token").ShouldBe(1);

        _clock.Advance(TimeSpan.FromMinutes(2));
        await session.CheckAsync(default);
        _workspace.Count("/oidc/v1/token").ShouldBe(2);
    }

    [Fact]
    public async Task A_token_that_is_no_longer_taken_is_replaced_once()
    {
        await using var session = _workspace.Open(authority: $"{_workspace.Address}oidc/v1/token", time: _clock);
        (await session.CheckAsync(default))[0].Status.ShouldBe(CheckStatus.Passed);
        _workspace.Token = "token-2";

        (await session.CheckAsync(default))[0].Status.ShouldBe(CheckStatus.Passed);

        _workspace.Count("/oidc/v1/token").ShouldBe(2);
    }

    [Fact]
    public async Task The_workspace_itself_is_discovered_as_its_authority()
    {
        _workspace.On("GET", "/oidc/.well-known/oauth-authorization-server", $$"""{"issuer":"x","token_endpoint":"{{_workspace.Address}}oidc/v1/token"}""");
        await using var session = _workspace.Open(authority: _workspace.Address.ToString(), time: _clock);

        await session.IdentifyAsync(default);

        _workspace.Count("/oidc/v1/token").ShouldBe(1);
    }

    [Fact]
    public async Task A_token_for_another_audience_is_told_by_its_claims()
    {
        var claims = Convert.ToBase64String("""{"aud":"https://another.example","iss":"https://authority.example"}"""u8).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        _workspace.On("POST", "/oidc/v1/token", $$"""{"access_token":"eyJhbGciOiJub25lIn0.{{claims}}.c2ln","token_type":"Bearer","expires_in":3600}""");
        await using var session = _workspace.Open(authority: $"{_workspace.Address}oidc/v1/token", time: _clock);

        var refused = await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(default));

        refused.Failure.ShouldBe(PlatformFailure.CredentialsRejected);
        refused.Message.ShouldContain(". The authority's token is for audience https://another.example, issuer https://authority.example. See that clientId");
    }

    private FakeWorkspace.Answer Token()
    {
        _workspace.Token = $"token-{++_given}";
        return new FakeWorkspace.Answer($$"""{"access_token":"token-{{_given}}","token_type":"Bearer","scope":"all-apis","expires_in":3600}""");
    }
}
