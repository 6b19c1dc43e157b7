namespace Sluice.Sandbox.Snowflake;

/// <summary>What a sandbox was asked since it started or was last reset.</summary>
/// <param name="Operations">Requests by operation: login, token, heartbeat, result, chunk, abort, and statements as "query:SHOW TABLES" or "query:SELECT".</param>
/// <param name="Errors">Errors answered, by code; dropped connections under their fault's name.</param>
public sealed record SandboxRequests(IReadOnlyDictionary<string, long> Operations, IReadOnlyDictionary<string, long> Errors)
{
    /// <summary>All requests.</summary>
    public long Total => Operations.Values.Sum();

    /// <summary>The requests for one operation; 0 when there were none.</summary>
    /// <param name="operation">Such as query:SHOW TABLES.</param>
    public long Of(string operation) => Operations.GetValueOrDefault(operation);

    /// <summary>All statements run.</summary>
    public long Statements => Operations.Where(operation => operation.Key.StartsWith("query:", StringComparison.Ordinal)).Sum(operation => operation.Value);
}
