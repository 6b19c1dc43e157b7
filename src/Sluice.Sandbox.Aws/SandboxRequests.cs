namespace Sluice.Sandbox.Aws;

/// <summary>What a sandbox was asked since it started or was last reset.</summary>
/// <param name="Operations">Signed requests by action, such as glue:GetTables, answered with an error or not.</param>
/// <param name="Errors">Errors answered, by code; dropped connections under their fault's name.</param>
public sealed record SandboxRequests(IReadOnlyDictionary<string, long> Operations, IReadOnlyDictionary<string, long> Errors)
{
    /// <summary>All signed requests.</summary>
    public long Total => Operations.Values.Sum();

    /// <summary>The requests for one action; 0 when there were none.</summary>
    /// <param name="action">Such as glue:GetTables.</param>
    public long Of(string action) => Operations.GetValueOrDefault(action);
}
