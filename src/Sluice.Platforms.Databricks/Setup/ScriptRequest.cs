using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Platforms.Databricks.Connections;
using Sluice.Platforms.Egress;

namespace Sluice.Platforms.Databricks.Setup;

/// <summary>What a script is about.</summary>
/// <param name="Catalog">The catalog of Sluice's own, as Unity Catalog keeps it.</param>
/// <param name="Principal">The service principal; null where a token names none.</param>
/// <param name="IsAudited">Whether query audit is on.</param>
internal sealed record ScriptRequest(string Catalog, string? Principal, bool IsAudited)
{
    /// <summary>Reads <c>{"type": "Databricks", "autoBootstrap": false, "config": {…}}</c>; null after a problem. No secret is kept.</summary>
    /// <param name="request">The whole body.</param>
    /// <param name="egress">Which hosts are allowed.</param>
    /// <param name="isNew">Whether nothing is stored yet, so that what is documented as required is.</param>
    public static ScriptRequest? Read(PayloadObject request, EgressGuard egress, bool isNew)
    {
        var before = request.Problems.Count;
        if (request.RequiredString("type") is { } type && type != Technology.Databricks.Name) request.Reject("type", $"must be {Technology.Databricks}");
        if (request.OptionalBoolean("autoBootstrap") == true) request.Reject("autoBootstrap", "must be false: the script is run by a person");
        if (request.OptionalBoolean("unityCatalog") == false) request.Reject("unityCatalog", "must be true: only Unity Catalog is governed");
        var config = request.RequiredObject("config");
        var members = ConfigMembers.Read(config, egress);
        if (isNew && !config.Has("httpPath")) config.Reject("httpPath", "is required");
        if (isNew && members.Credentials is { Type: not null, HasSecret: false }) config.Reject(members.Credentials.SecretMember, "is required");
        request.RejectUnread();
        return request.Problems.Count > before || members.Settings is not { } settings
            ? null
            : new ScriptRequest(settings.CatalogName, members.Credentials.ClientId, settings.IsAudited);
    }

    /// <summary>The same for a principal that was found out, where the request itself names none.</summary>
    public ScriptRequest Of(string? principal) => Principal is null ? this with { Principal = principal } : this;

    /// <summary>Of a stored native integration.</summary>
    public static ScriptRequest Of(System.Text.Json.JsonElement integration)
    {
        var settings = IntegrationSettings.FromDocument(integration);
        var client = integration.GetProperty("config").TryGetProperty("oAuthClientConfig", out var config) ? config.GetProperty("clientId").GetString() : null;
        return new ScriptRequest(settings.CatalogName, client is null ? null : ServicePrincipalId.Parse(client) ?? client, settings.IsAudited);
    }
}
