using System.Text.RegularExpressions;

namespace Sluice.Platforms.Databricks.Connections;

/// <summary>What runs SQL, as <c>httpPath</c> names it: a SQL warehouse or a cluster.</summary>
/// <param name="Id">The warehouse's or the cluster's id.</param>
/// <param name="WorkspaceId">A cluster path names its workspace; 0 stands for the one that is connected to. Null for a warehouse.</param>
internal sealed partial record ComputePath(string Id, string? WorkspaceId)
{
    /// <summary>Whether it is a cluster.</summary>
    public bool IsCluster => WorkspaceId is not null;

    /// <summary>As Databricks shows it under "Connection details".</summary>
    public string Text => IsCluster ? $"sql/protocolv1/o/{WorkspaceId}/{Id}" : $"/sql/1.0/warehouses/{Id}";

    /// <summary>For people.</summary>
    public string Shown => IsCluster ? $"cluster {Id}" : $"SQL warehouse {Id}";

    /// <summary>Whether both name the same: a cluster's workspace may be spelled out or be 0.</summary>
    public bool IsSameAs(ComputePath other) =>
        Id == other.Id && IsCluster == other.IsCluster && (WorkspaceId == other.WorkspaceId || WorkspaceId == "0" || other.WorkspaceId == "0");

    /// <summary>Reads one, with or without the slash at its head; null when it is none. <c>endpoints</c> is what warehouses were called.</summary>
    public static ComputePath? Parse(string text)
    {
        if (Warehouse.Match(text) is { Success: true } warehouse) return new ComputePath(warehouse.Groups["id"].Value, null);
        return Cluster.Match(text) is { Success: true } cluster ? new ComputePath(cluster.Groups["id"].Value, cluster.Groups["workspace"].Value) : null;
    }

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex(@"\A/?sql/1\.0/(warehouses|endpoints)/(?<id>[A-Za-z0-9_-]{1,128})\z", Options, 100)]
    private static partial Regex Warehouse { get; }

    [GeneratedRegex(@"\A/?sql/protocolv1/o/(?<workspace>[0-9]{1,20})/(?<id>[A-Za-z0-9_-]{1,128})\z", Options, 100)]
    private static partial Regex Cluster { get; }
}
