using Sluice.Platforms.OAuth;

namespace Sluice.Platforms.Databricks.Identity;

/// <summary>Gives the bearer token of requests to the workspace. Safe for concurrent use.</summary>
internal interface ITokenSource
{
    /// <summary>A token that should still be good.</summary>
    ValueTask<BearerToken> GetAsync(CancellationToken cancellationToken);

    /// <summary>Takes note that the workspace no longer takes a token. Returns whether another can be had.</summary>
    bool Expire(BearerToken token);
}

/// <summary>A token as requests carry it.</summary>
/// <param name="text">The token.</param>
/// <param name="given">What an authority gave, where one did.</param>
internal sealed class BearerToken(string text, AccessToken? given = null)
{
    public string Text => text;

    public AccessToken? Given => given;
}

/// <summary>A personal access token: there is no other.</summary>
internal sealed class PersonalAccessToken(string text) : ITokenSource
{
    private readonly BearerToken _token = new(text);

    public ValueTask<BearerToken> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_token);

    public bool Expire(BearerToken token) => false;
}

/// <summary>The tokens of an OAuth client.</summary>
internal sealed class ClientTokens(OAuthTokens tokens) : ITokenSource
{
    public async ValueTask<BearerToken> GetAsync(CancellationToken cancellationToken)
    {
        var given = await tokens.GetAsync(cancellationToken);
        return new BearerToken(given.Text, given);
    }

    public bool Expire(BearerToken token) => token.Given is { } given && tokens.Forget(given);
}
