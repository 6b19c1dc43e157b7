using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Snowflake.Connections;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Setup;

/// <summary>What a script is to set up.</summary>
/// <param name="AuthenticationType">How the user logs in.</param>
/// <param name="User">The user; null with OAuth, whose payload names none.</param>
/// <param name="Warehouse">Where Sluice's statements run.</param>
/// <param name="Settings">The database and the options.</param>
internal sealed record ScriptRequest(string AuthenticationType, SnowflakeName? User, SnowflakeName Warehouse, IntegrationSettings Settings)
{
    /// <summary>Whether the account's own views are needed.</summary>
    public bool NeedsAccountUsage => Settings.Audit || Settings.Lineage;

    /// <summary>Reads the body of a request for a script; null after a problem. Secrets in it are neither needed nor looked at.</summary>
    /// <param name="request">The body.</param>
    /// <param name="egress">Where the server may connect.</param>
    /// <param name="kept">The database that must stay; null where any will do.</param>
    public static ScriptRequest? Read(PayloadObject request, EgressGuard egress, SnowflakeName? kept = null)
    {
        var before = request.Problems.Count;
        if (request.RequiredString("type") is not null) request.OptionalChoice("type", Technology.Snowflake.Name);
        if (request.OptionalBoolean("autoBootstrap") == true)
            request.Reject("autoBootstrap", "must be false: Sluice asks for no administrator's credentials; a person runs the script");
        var config = request.RequiredObject("config");
        if (!request.Has("config"))
        {
            request.RejectUnread();
            return null;
        }

        var members = new MembersReader(config, Place.Script, egress).Read();
        var reader = new SettingsReader(request, config, members.OAuth);
        var settings = reader.Read(members.Provider);
        if (kept is not null && reader.Database is { } database && database != kept)
            config.Reject("database", "can't be changed; deregister the connection, and register it anew with another database");
        members.OAuth?.RejectUnread();
        config.RejectUnread();
        request.RejectUnread();
        if (request.Problems.Count > before) return null;
        return new ScriptRequest(
            members.AuthenticationType!, members.Username is { } user ? SnowflakeName.Stored(user) : null, SnowflakeName.Stored(members.Warehouse!), settings!);
    }

    /// <summary>What a stored native integration was set up as.</summary>
    public static ScriptRequest Of(System.Text.Json.JsonElement integration)
    {
        var config = integration.GetProperty("config");
        return new ScriptRequest(
            config.GetProperty("authenticationType").GetString()!,
            config.TryGetProperty("username", out var user) ? SnowflakeName.Stored(user.GetString()!) : null,
            SnowflakeName.Stored(config.GetProperty("warehouse").GetString()!),
            IntegrationSettings.FromDocument(integration));
    }
}
