namespace Sluice.Sandbox.Databricks;

/// <summary>What a sandbox was asked since it started or was last reset.</summary>
/// <param name="Operations">Authenticated requests by operation, such as tables.list, answered with an error or not.</param>
/// <param name="Statements">SQL statements run, by verb, such as GRANT, from warehouses and clusters.</param>
/// <param name="Errors">Errors answered, by code; dropped connections under their fault's name.</param>
/// <param name="MostAtOnce">How many requests were served at once at most, links to results among them.</param>
public sealed record SandboxRequests(IReadOnlyDictionary<string, long> Operations, IReadOnlyDictionary<string, long> Statements, IReadOnlyDictionary<string, long> Errors, int MostAtOnce)
{
    /// <summary>How many statements and commands ran at once at most.</summary>
    public int MostStatementsAtOnce { get; init; }

    /// <summary>All authenticated requests.</summary>
    public long Total => Operations.Values.Sum();

    /// <summary>The requests for one operation; 0 when there were none.</summary>
    /// <param name="operation">Such as tables.list.</param>
    public long Of(string operation) => Operations.GetValueOrDefault(operation);

    /// <summary>The statements of one verb; 0 when there were none.</summary>
    /// <param name="verb">Such as GRANT or ALTER TABLE.</param>
    public long OfVerb(string verb) => Statements.GetValueOrDefault(verb);
}
