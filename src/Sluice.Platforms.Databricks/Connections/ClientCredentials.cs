namespace Sluice.Platforms.Databricks.Connections;

/// <summary><c>oAuthClientConfig</c> without its secret.</summary>
/// <param name="ClientId">Of the service principal; also the name by which it is granted privileges.</param>
/// <param name="Scope">What is asked for.</param>
/// <param name="Authority">Who gives tokens: a token endpoint, or the address below which its discovery document lies.</param>
internal sealed record ClientCredentials(string ClientId, string Scope, Uri Authority)
{
    public const string DefaultScope = "all-apis";
}
