using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Statements;

/// <summary>Everything a result depends on: two statements of one key answer the same.</summary>
internal sealed record ResultKey(WorkspaceState State, long Rows, string Caller, string Catalog, string Schema, string Text, string Parameters, bool IsExternal, long? RowLimit, long? ByteLimit)
{
    public ResultKey(SandboxRuntime runtime, StatementRequest request)
        : this(
            runtime.State,
            runtime.Engine.Version,
            request.Session.Caller.Name,
            request.Session.Catalog,
            request.Session.Schema,
            request.Text,
            string.Join('\n', request.Session.Parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value.Type.Text}={pair.Value.Value ?? "\0"}")),
            request.IsExternal,
            request.RowLimit,
            request.ByteLimit)
    {
    }

    // What tells the time or makes something up answers anew each time.
    private static readonly string[] Changing = ["current_", "now(", "curdate", "getdate", "rand", "uuid", "shuffle"];

    /// <summary>Only what reads and answers the same again may be kept.</summary>
    public bool IsCacheable => Text.TrimStart().StartsWith("SELECT", StringComparison.OrdinalIgnoreCase) && !Changing.Any(word => Text.Contains(word, StringComparison.OrdinalIgnoreCase));

    // The state is compared by identity: it is swapped whole, and comparing its parts would walk the metastore.
    public bool Equals(ResultKey? other) => other is not null && ReferenceEquals(State, other.State) && Rows == other.Rows && Caller == other.Caller && Catalog == other.Catalog
        && Schema == other.Schema && Text == other.Text && Parameters == other.Parameters && IsExternal == other.IsExternal && RowLimit == other.RowLimit && ByteLimit == other.ByteLimit;

    public override int GetHashCode() => HashCode.Combine(Rows, Caller, Catalog, Text);
}
