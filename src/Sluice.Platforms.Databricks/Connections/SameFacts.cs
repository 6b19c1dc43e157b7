using Sluice.Core.Payloads;

namespace Sluice.Platforms.Databricks.Connections;

/// <summary>
/// Holds a native integration's config against its connection: the documentation has each fact of the connection stand there again, and two values
/// of one fact are a mistake that nobody should guess at.
/// </summary>
internal sealed class SameFacts(
    PayloadObject connection, PayloadObject config, CredentialMembers credentials, ConfigMembers members, ConnectionSpec? stored)
{
    /// <summary>Makes one problem of each mismatch, which names both paths.</summary>
    public void Check(ReadFacts read)
    {
        if (members.Port is null && members.HostMember != "workspaceUrl" && !config.Has("port"))
            config.Reject("port", $"is required, the same as {connection.PathOf("port")}");
        Compare(members.HostMember, members.Host?.Text, "hostname", read.Host?.Text);
        Compare("port", members.Port?.ToString(), "port", read.Port?.ToString());
        if (members.Compute is { } mine && read.Compute is { } compute && !mine.IsSameAs(compute)) Compare("httpPath", mine.Text, "httpPath", compute.Text);

        var both = members.Credentials;
        Compare("authenticationType", both.Type, "authenticationType", credentials.Type);
        if (both.Type is null || both.Type != credentials.Type) return;
        CompareSecrets(both);
        if (both.Type != DatabricksConnection.OAuthM2M) return;
        Compare("oAuthClientConfig.clientId", both.ClientId, "oAuthClientConfig.clientId", credentials.ClientId);
        Compare("oAuthClientConfig.scope", both.Scope, "oAuthClientConfig.scope", credentials.Scope ?? ClientCredentials.DefaultScope);
        Compare("oAuthClientConfig.authorityUrl", both.Authority?.AbsoluteUri, "oAuthClientConfig.authorityUrl", AuthorityOf(read));
    }

    private string? AuthorityOf(ReadFacts read) =>
        (credentials.Authority ?? (read is { Host: { } host, Port: { } port } ? ConnectionReader.OwnTokenEndpoint(host, port) : null))?.AbsoluteUri;

    // What is absent was either told already, or is left to the connection.
    private void Compare(string member, string? value, string other, string? expected)
    {
        if (value is null || expected is null || value == expected) return;
        config.Reject(member, $"must be the same as {connection.PathOf(other)}: '{value}' is not '{expected}'");
    }

    // Neither value is shown.
    private void CompareSecrets(CredentialMembers both)
    {
        var member = both.SecretMember;
        if (both.Secret is SecretInput.Kept)
        {
            // [REDACTED] stands for what is stored.
            if (stored is null) config.Reject(member, $"is required, the same as {connection.PathOf(member)}");
            return;
        }

        if (credentials.Secret is SecretInput.Kept)
            config.Reject(member, $"is changed here alone: bring it in {connection.PathOf(member)} too");
        else if (credentials.Secret.Equals(both.Secret) is false)
            config.Reject(member, $"must be the same as {connection.PathOf(member)}");
    }
}

/// <summary>What of a connection could be read; null where it could not.</summary>
internal sealed record ReadFacts(Egress.EndpointHost? Host, int? Port, ComputePath? Compute);
