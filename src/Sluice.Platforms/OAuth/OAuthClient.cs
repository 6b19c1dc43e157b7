namespace Sluice.Platforms.OAuth;

/// <summary>A client that an authority knows: who asks whom for an access token, and for what. It holds no secret.</summary>
public sealed record OAuthClient
{
    /// <summary>The registered application or service principal (<c>clientId</c>).</summary>
    public required string ClientId { get; init; }

    /// <summary>From <see cref="AuthorityUrl.Parse"/> (<c>authorityUrl</c>).</summary>
    public required Uri Authority { get; init; }

    /// <summary>The scopes asked for, separated by spaces (<c>scope</c>); null leaves them to the authority.</summary>
    public string? Scope { get; init; }

    /// <summary>Passed on as it is, where the authority has to know what the token is for (RFC 8707; <c>resource</c>).</summary>
    public string? Resource { get; init; }
}
