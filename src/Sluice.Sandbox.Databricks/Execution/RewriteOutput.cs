namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>What a rewritten query needs beside its text.</summary>
internal sealed class RewriteOutput
{
    /// <summary>Scans the text reads; forgotten when the query is done.</summary>
    public List<long> Scans { get; } = [];

    /// <summary>Statements to run first on the query's own connection, by the macro they make; one may call those before it, so their order is kept.</summary>
    public OrderedDictionary<string, string> Macros { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of them that read tables, themselves or by one they call.</summary>
    public HashSet<string> Reading { get; } = new(StringComparer.Ordinal);
}
