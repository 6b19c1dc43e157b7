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
    public void Check(DatabricksConnection? read)
    {
        if (members.Port is null && members.HostMember != "workspaceUrl" && !config.Has("port"))
            config.Reject("port", $"is required, the same as {connection.PathOf("port")}");
        if (read is not null)
        {
            Compare(members.HostMember, members.Host?.Text, "hostname", read.Host.Text);
            Compare("port", members.Port?.ToString(), "port", $"{read.Port}");
            Compare("httpPath", members.Compute?.Text, "httpPath", read.Compute.Text);
        }

        var both = members.Credentials;
        Compare("authenticationType", both.Type, "authenticationType", credentials.Type);
        if (both.Type is null || both.Type != credentials.Type) return;
        CompareSecrets(both);
        if (read?.Client is not { } client) return;
        Compare("oAuthClientConfig.clientId", both.ClientId, "oAuthClientConfig.clientId", client.ClientId);
        Compare("oAuthClientConfig.scope", both.Scope, "oAuthClientConfig.scope", client.Scope);
        Compare("oAuthClientConfig.authorityUrl", both.Authority?.AbsoluteUri, "oAuthClientConfig.authorityUrl", client.Authority.AbsoluteUri);
    }

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
            if (!both.HasSecret && stored is null) config.Reject(member, $"is required, the same as {connection.PathOf(member)}");
            return;
        }

        if (credentials.Secret is SecretInput.Kept)
            config.Reject(member, $"is changed here alone: bring it in {connection.PathOf(member)} too");
        else if (credentials.Secret.Equals(both.Secret) is false)
            config.Reject(member, $"must be the same as {connection.PathOf(member)}");
    }
}
