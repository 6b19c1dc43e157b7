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
            string.Join('\n', request.Session.Parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value.Value}")),
            request.IsExternal,
            request.RowLimit,
            request.ByteLimit)
    {
    }

    /// <summary>Only what reads may be kept, and not what tells the time.</summary>
    public bool IsCacheable => Text.TrimStart().StartsWith("SELECT", StringComparison.OrdinalIgnoreCase) && !Text.Contains("current_", StringComparison.OrdinalIgnoreCase) && !Text.Contains("now(", StringComparison.OrdinalIgnoreCase);

    // The state is compared by identity: it is swapped whole, and comparing its parts would walk the metastore.
    public bool Equals(ResultKey? other) => other is not null && ReferenceEquals(State, other.State) && Rows == other.Rows && Caller == other.Caller && Catalog == other.Catalog
        && Schema == other.Schema && Text == other.Text && Parameters == other.Parameters && IsExternal == other.IsExternal && RowLimit == other.RowLimit && ByteLimit == other.ByteLimit;

    public override int GetHashCode() => HashCode.Combine(Rows, Caller, Catalog, Text);
}
