using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Core.Payloads;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Connections;

/// <summary>What a native integration's <c>config</c> says beyond its connection.</summary>
/// <param name="Catalog">The catalog that the setup script makes and only Sluice uses, as it was spelled.</param>
/// <param name="IsAudited">Whether query audit is on.</param>
/// <param name="WorkspaceIds">The workspaces it is meant for; null when not said.</param>
/// <param name="ParsesNativeQueries"><c>enableNativeQueryParsing</c>.</param>
/// <param name="ExemptGroup"><c>groupPattern.deny</c>: the account group that data policies pass over.</param>
/// <param name="JobDirectory"><c>jobConfig.workspaceDirectoryPath</c>.</param>
/// <param name="JobCluster"><c>jobConfig.jobClusterId</c>; <c>undefined</c> is documented and means none.</param>
internal sealed partial record IntegrationSettings(
    string Catalog, bool IsAudited, IReadOnlyList<string>? WorkspaceIds, bool? ParsesNativeQueries, string? ExemptGroup, string? JobDirectory, string? JobCluster)
{
    /// <summary>Whether lineage is read where queries are audited (ours); null: it is.</summary>
    public bool? Lineage { get; init; }

    /// <summary>Whether lineage is read.</summary>
    public bool ReadsLineage => IsAudited && Lineage is not false;

    private const int MostWorkspaces = 1000;
    private const int LongestText = 1024;

    // Databricks' own: https://docs.databricks.com/catalogs.
    private static readonly string[] Reserved = ["hive_metastore", "system", "samples"];

    /// <summary>The name as Unity Catalog keeps it, which ignores case.</summary>
    public string CatalogName => Catalog.ToLowerInvariant();

    /// <summary>Reads the members; null when the catalog's name is not readable, with the problems in the list.</summary>
    public static IntegrationSettings? Read(PayloadObject config)
    {
        var catalog = ReadCatalog(config);
        var isAudited = ReadSwitch(config, "audit") ?? false;
        var lineage = ReadSwitch(config, "lineage");
        if (lineage is true && !isAudited) config.Reject("lineage", "is read with the audit only: switch audit.enabled on too");
        var workspaces = ReadWorkspaces(config);
        var parses = config.OptionalBoolean("enableNativeQueryParsing");
        var exempt = ReadExempt(config);
        var (directory, cluster) = ReadJob(config);
        return catalog is null ? null : new IntegrationSettings(catalog, isAudited, workspaces, parses, exempt, directory, cluster) { Lineage = lineage };
    }

    /// <summary>The canonical <c>nativeIntegration</c>: documented members in the documented order, no secret.</summary>
    public JsonElement ToDocument(DatabricksConnection connection) => Json.Build(json =>
    {
        json.WriteString("type", "Databricks");
        json.WriteBoolean("autoBootstrap", false);
        json.WriteBoolean("unityCatalog", true);
        json.WriteStartObject("config");
        json.WriteString("authenticationType", connection.AuthenticationType);
        connection.WriteClient(json);
        json.WriteString("host", connection.Host.Text);
        json.WriteNumber("port", connection.Port);
        json.WriteString("httpPath", connection.Compute.Text);
        json.WriteString("catalog", Catalog);
        json.WriteStartObject("audit");
        json.WriteBoolean("enabled", IsAudited);
        json.WriteEndObject();
        WriteOptional(json);
        json.WriteEndObject();
    });

    /// <summary>Reads what <see cref="ToDocument"/> wrote.</summary>
    public static IntegrationSettings FromDocument(JsonElement document)
    {
        var config = document.GetProperty("config");
        return new IntegrationSettings(
            config.GetProperty("catalog").GetString()!,
            config.GetProperty("audit").GetProperty("enabled").GetBoolean(),
            config.TryGetProperty("workspaceIds", out var ids) ? [.. ids.EnumerateArray().Select(id => id.GetString()!)] : null,
            config.TryGetProperty("enableNativeQueryParsing", out var parses) ? parses.GetBoolean() : null,
            config.TryGetProperty("groupPattern", out var pattern) ? pattern.GetProperty("deny").GetString() : null,
            JobText(config, "workspaceDirectoryPath"),
            JobText(config, "jobClusterId"))
        {
            Lineage = config.TryGetProperty("lineage", out var lineage) ? lineage.GetProperty("enabled").GetBoolean() : null,
        };
    }

    private static string? JobText(JsonElement config, string name) =>
        config.TryGetProperty("jobConfig", out var job) && job.TryGetProperty(name, out var value) ? value.GetString() : null;

    private void WriteOptional(Utf8JsonWriter json)
    {
        if (Lineage is { } lineage)
        {
            json.WriteStartObject("lineage");
            json.WriteBoolean("enabled", lineage);
            json.WriteEndObject();
        }

        if (WorkspaceIds is not null)
        {
            json.WriteStartArray("workspaceIds");
            foreach (var id in WorkspaceIds) json.WriteStringValue(id);
            json.WriteEndArray();
        }

        if (ParsesNativeQueries is { } parses) json.WriteBoolean("enableNativeQueryParsing", parses);
        if (ExemptGroup is not null)
        {
            json.WriteStartObject("groupPattern");
            json.WriteString("deny", ExemptGroup);
            json.WriteEndObject();
        }

        if (JobDirectory is null && JobCluster is null) return;
        json.WriteStartObject("jobConfig");
        if (JobDirectory is not null) json.WriteString("workspaceDirectoryPath", JobDirectory);
        if (JobCluster is not null) json.WriteString("jobClusterId", JobCluster);
        json.WriteEndObject();
    }

    private static string? ReadCatalog(PayloadObject config)
    {
        if (config.RequiredString("catalog") is not { } name) return null;
        string? problem = null;
        if (!CatalogShape.IsMatch(name)) problem = "may only hold letters, digits and underscores, and must not start with a digit";
        else if (Quote.NameProblem(name) is { } wrong) problem = wrong;
        else if (Reserved.Contains(name, StringComparer.OrdinalIgnoreCase)) problem = "is a catalog of Databricks' own; name a new one";
        if (problem is null) return name;
        config.Reject("catalog", problem);
        return null;
    }

    private static bool? ReadSwitch(PayloadObject config, string name)
    {
        if (config.OptionalObject(name) is not { } given) return null;
        var isEnabled = given.OptionalBoolean("enabled");
        given.RejectUnread();
        return isEnabled;
    }

    private static IReadOnlyList<string>? ReadWorkspaces(PayloadObject config)
    {
        if (config.OptionalStrings("workspaceIds") is not { } ids) return null;
        if (ids.Count > MostWorkspaces) config.Reject("workspaceIds", $"holds more than {MostWorkspaces} ids");
        for (var i = 0; i < Math.Min(ids.Count, MostWorkspaces); i++)
        {
            if (!WorkspaceShape.IsMatch(ids[i]))
                config.Problems.Add($"{config.PathOf("workspaceIds")}[{i}]", "must be the digits of a workspace id (the o= of the workspace's URL)");
        }

        return [.. ids.Distinct(StringComparer.Ordinal)];
    }

    private static string? ReadExempt(PayloadObject config)
    {
        if (config.OptionalObject("groupPattern") is not { } pattern) return null;
        var deny = pattern.OptionalString("deny");
        if (deny is not null && Quote.TextProblem(deny, LongestText) is { } problem) pattern.Reject("deny", problem);
        pattern.RejectUnread();
        return deny;
    }

    private static (string? Directory, string? Cluster) ReadJob(PayloadObject config)
    {
        if (config.OptionalObject("jobConfig") is not { } job) return (null, null);
        var directory = job.OptionalString("workspaceDirectoryPath");
        if (directory is not null && (directory[0] != '/' || Quote.TextProblem(directory, LongestText) is not null))
            job.Reject("workspaceDirectoryPath", "must be the absolute path of a workspace directory, such as /Workspace/Sluice");
        var cluster = job.OptionalString("jobClusterId");
        if (cluster is not null && !ClusterShape.IsMatch(cluster)) job.Reject("jobClusterId", "must be a cluster's id, or undefined for none");
        job.RejectUnread();
        return (directory, cluster);
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant, 100)]
    private static partial Regex CatalogShape { get; }

    [GeneratedRegex(@"\A[0-9]{1,20}\z", RegexOptions.CultureInvariant, 100)]
    private static partial Regex WorkspaceShape { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,128}\z", RegexOptions.CultureInvariant, 100)]
    private static partial Regex ClusterShape { get; }
}
