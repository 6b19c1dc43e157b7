namespace Sluice.Server.Operations;

/// <summary>Marks /metrics: free behind its own listener, METRICS elsewhere.</summary>
internal sealed class MetricsAccess;
