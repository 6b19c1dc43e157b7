using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.SystemTables;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Who runs statements, and what names are filled up with. One statement at a time.</summary>
internal sealed class Session(Caller caller, string? catalog, string? schema)
{
    public const string DefaultSchema = "default";

    public Caller Caller { get; private set; } = caller;

    /// <summary>Tells anew in which groups the caller is: a request is long over when its statement runs, and a command's context is older still.</summary>
    public void Recall(PrincipalDirectory principals)
    {
        if (principals.Find(Caller.Name) is { } principal) Caller = principals.CallerOf(principal) with { OtherWorkspace = Caller.OtherWorkspace };
    }

    public string Catalog { get; set; } = catalog?.ToLowerInvariant() ?? WorkspaceSeed.WorkspaceCatalog;

    public string Schema { get; set; } = schema?.ToLowerInvariant() ?? DefaultSchema;

    /// <summary>What the statement that runs reads and writes; null where nobody asks.</summary>
    public Activity? Activity { get; set; }

    /// <summary>By name, whose case says nothing.</summary>
    public Dictionary<string, SessionVariable> Variables { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Values of :name markers with the type to cast to.</summary>
    public IReadOnlyDictionary<string, StatementParameter> Parameters { get; init; } = new Dictionary<string, StatementParameter>();
}
