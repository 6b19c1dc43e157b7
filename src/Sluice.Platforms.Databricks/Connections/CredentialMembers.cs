using System.Text.RegularExpressions;
using Sluice.Core.Payloads;
using Sluice.Platforms.Egress;
using Sluice.Platforms.OAuth;

namespace Sluice.Platforms.Databricks.Connections;

/// <summary>The members by which an object authenticates: they stand in <c>connection</c> and again in <c>config</c>.</summary>
/// <param name="Type">The documented authentication type; null after a problem.</param>
/// <param name="Secret">The token or client secret as the payload has it.</param>
/// <param name="HasSecret">Whether the payload names it at all, <c>[REDACTED]</c> included.</param>
/// <param name="ClientId"><c>oAuthClientConfig.clientId</c>.</param>
/// <param name="Scope"><c>oAuthClientConfig.scope</c>; null when left out.</param>
/// <param name="Authority"><c>oAuthClientConfig.authorityUrl</c>; null when it is left to the workspace.</param>
internal sealed partial record CredentialMembers(string? Type, SecretInput Secret, bool HasSecret, string? ClientId, string? Scope, Uri? Authority)
{
    private const string ClientMember = "oAuthClientConfig";

    /// <summary>The path of the secret below its object.</summary>
    public string SecretMember => Type == DatabricksConnection.OAuthM2M ? DatabricksConnection.ClientSecretMember : DatabricksConnection.TokenMember;

    /// <summary>Reads them; problems go to the payload's list.</summary>
    public static CredentialMembers Read(PayloadObject payload, EgressGuard egress)
    {
        var type = payload.RequiredString("authenticationType");
        if (type is not (null or DatabricksConnection.Token or DatabricksConnection.OAuthM2M))
        {
            payload.Reject("authenticationType", "must be token or oAuthM2M");
            type = null;
        }

        var hasToken = payload.Has(DatabricksConnection.TokenMember);
        var token = payload.Secret(DatabricksConnection.TokenMember);
        CheckSecret(payload, DatabricksConnection.TokenMember, token);
        var client = payload.OptionalObject(ClientMember);
        if (type == DatabricksConnection.Token && client is not null)
            payload.Reject(ClientMember, "contradicts authenticationType token; it belongs to oAuthM2M");
        if (type == DatabricksConnection.OAuthM2M && hasToken)
            payload.Reject(DatabricksConnection.TokenMember, "contradicts authenticationType oAuthM2M; it belongs to token");
        if (type != DatabricksConnection.OAuthM2M) return new CredentialMembers(type, token, hasToken, null, null, null);
        return ReadClient(client ?? payload.RequiredObject(ClientMember), egress);
    }

    private static CredentialMembers ReadClient(PayloadObject client, EgressGuard egress)
    {
        if (client.OptionalBoolean("useCertificate") == true)
            client.Reject("useCertificate", "must be false: Databricks takes the client secret, certificates are not available");
        var id = client.RequiredString("clientId");

        // Grants name it, so it must not be able to name a group.
        if (id is not null && ServicePrincipalId.Parse(id) is null) client.Reject("clientId", $"must be the application id of a service principal, {ServicePrincipalId.Shape}");
        var hasSecret = client.Has("clientSecret");
        var secret = client.Secret("clientSecret");
        CheckSecret(client, "clientSecret", secret);
        var scope = client.OptionalString("scope");
        if (scope is not null && !ScopeShape.IsMatch(scope)) client.Reject("scope", "must be names of scopes with single spaces between them");
        var authority = ReadAuthority(client, egress);
        client.RejectUnread();
        return new CredentialMembers(DatabricksConnection.OAuthM2M, secret, hasSecret, id is null ? null : ServicePrincipalId.Parse(id) ?? id, scope, authority);
    }

    private static Uri? ReadAuthority(PayloadObject client, EgressGuard egress)
    {
        if (client.OptionalString("authorityUrl") is not { } text) return null;
        var url = AuthorityUrl.Parse(text, egress, out var problem);
        if (problem is not null) client.Reject("authorityUrl", problem);
        return url;
    }

    // It goes into a header: what is no visible ASCII can't be a secret of Databricks, and could be a second header.
    private static void CheckSecret(PayloadObject payload, string member, SecretInput secret)
    {
        if (secret is SecretInput.Literal { Value: var value } && value.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
            payload.Reject(member, "holds a space or another character that no Databricks secret has");
    }

    [GeneratedRegex(@"\A[\x21\x23-\x5b\x5d-\x7e]{1,200}( [\x21\x23-\x5b\x5d-\x7e]{1,200}){0,20}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex ScopeShape { get; }
}
