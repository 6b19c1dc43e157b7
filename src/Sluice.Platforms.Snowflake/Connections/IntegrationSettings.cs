using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Connections;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Connections;

/// <summary>What a native integration says of its own, besides what is the connection's.</summary>
internal sealed record IntegrationSettings
{
    /// <summary>The database that Sluice manages, as spelled.</summary>
    public required string Database { get; init; }

    /// <summary>Whether queries are audited. Default on.</summary>
    public bool Audit { get; init; } = true;

    /// <summary>Whether lineage is read. Default off.</summary>
    public bool Lineage { get; init; }

    /// <summary>Roles and users, in exact case, on whom policies have no effect.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>The identity provider's name, which only scripts ask for; shown, never used.</summary>
    public string? Provider { get; init; }

    /// <summary>The database's name.</summary>
    public SnowflakeName DatabaseName => SnowflakeName.Stored(Database);

    /// <summary>The role that enforcement uses: <c>&lt;DATABASE&gt;_SYSTEM</c>.</summary>
    public SnowflakeName SystemRole => SystemRoleOf(DatabaseName);

    /// <summary>The system role of a database.</summary>
    public static SnowflakeName SystemRoleOf(SnowflakeName database) => SnowflakeName.Exact($"{database.Text}_SYSTEM");

    /// <summary>The canonical <c>nativeIntegration</c> object.</summary>
    public JsonElement ToDocument(SnowflakeConnection connection)
    {
        var config = new JsonObject { ["authenticationType"] = connection.AuthenticationType };
        connection.WriteCredentials(config, Provider);
        config["host"] = connection.Host.Text;
        config["port"] = connection.Port;
        config["warehouse"] = connection.Warehouse;
        config["database"] = Database;
        config["impersonation"] = Switch(false);
        config["audit"] = Switch(Audit);
        config["workspaces"] = Switch(false);
        config["lineage"] = Switch(Lineage);
        config["userRolePattern"] = new JsonObject { ["exclude"] = new JsonArray([.. Exclude.Select(e => JsonValue.Create(e))]) };
        return JsonSerializer.SerializeToElement(
            new JsonObject { ["type"] = Technology.Snowflake.Name, ["autoBootstrap"] = false, ["config"] = config });
    }

    /// <summary>Reads what <see cref="ToDocument"/> wrote.</summary>
    public static IntegrationSettings FromDocument(JsonElement document)
    {
        var config = document.GetProperty("config");
        return new IntegrationSettings
        {
            Database = config.GetProperty("database").GetString()!,
            Audit = IsOn("audit"),
            Lineage = IsOn("lineage"),
            Exclude = [.. config.GetProperty("userRolePattern").GetProperty("exclude").EnumerateArray().Select(e => e.GetString()!)],
            Provider = config.TryGetProperty("oAuthClientConfig", out var client) && client.TryGetProperty("provider", out var provider)
                ? provider.GetString()
                : null,
        };

        bool IsOn(string name) => config.GetProperty(name).GetProperty("enabled").GetBoolean();
    }

    private static JsonObject Switch(bool on) => new() { ["enabled"] = on };
}
