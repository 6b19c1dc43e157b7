namespace Sluice.Platforms.OAuth;

/// <summary>Where tokens are asked for.</summary>
/// <param name="Url">The endpoint; it is also the audience of assertions.</param>
/// <param name="TakesSecretInBodyOnly">Whether its discovery document offers <c>client_secret_post</c> and not <c>client_secret_basic</c>.</param>
internal sealed record TokenEndpoint(Uri Url, bool TakesSecretInBodyOnly = false);
