using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Commands;
using Sluice.Sandbox.Databricks.Compute;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Faults;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Statements;
using Sluice.Sandbox.Databricks.SystemTables;

namespace Sluice.Sandbox.Databricks.Wire;

/// <summary>Everything a running sandbox holds.</summary>
internal sealed class SandboxRuntime : IDisposable
{
    private readonly Moments moments = new();
    private volatile WorkspaceState state;

    public SandboxRuntime(DatabricksSandboxOptions options)
    {
        Options = options;
        state = WorkspaceSeed.For(options);
        Tokens = new(options.WorkspaceId, options.Clock);
        PageTokens = new(options.Clock, options.PageTokenLifetime);
        Faults = new(options.Faults, options.Seed);
        Rates = new(options.Clock);
        Engine = NewEngine();
        Places = new(Math.Max(1, options.ConcurrencyLimit));
        Warehouse = new(options.WarehouseState, options.WarehouseStartDelay, options.Clock);
        Cluster = new(options.ClusterState, options.ClusterStartDelay, options.Clock);
        SystemLog = new(this);
        Statements = new(this);
        Commands = new(this);
        foreach (var principal in SandboxCast.For(options)) Tokens.PersonalTokenOf(principal.Name);
    }

    public DatabricksSandboxOptions Options { get; }

    /// <summary>The workspace as it is now; whoever holds it sees no later change.</summary>
    public WorkspaceState State => state;

    public TokenStore Tokens { get; }

    public PageTokens PageTokens { get; }

    public FaultPlan Faults { get; }

    public AccountScimRates Rates { get; }

    public RequestCounts Requests { get; } = new();

    public TableEngine Engine { get; private set; }

    public ComputeResource Warehouse { get; }

    public ComputeResource Cluster { get; }

    /// <summary>Places for statements to run.</summary>
    public SemaphoreSlim Places { get; }

    /// <summary>Rows of the system tables that have yet to appear.</summary>
    public SystemLog SystemLog { get; }

    public StatementStore Statements { get; }

    public CommandStore Commands { get; }

    /// <summary>Where results and queries that memory doesn't hold go; it ends with the sandbox.</summary>
    public string SpoolFolder { get; } = Path.Combine(Path.GetTempPath(), $"sluice-sandbox-{Path.GetRandomFileName()}");

    public long Now => Options.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Changes the workspace, alone: the change is worked out on the newest state.</summary>
    public void Change(Func<WorkspaceState, WorkspaceState> change) => moments.Change(() => state = change(state));

    /// <summary>Lets rows that were changed be seen, alone.</summary>
    public void Change(Action commit) => moments.Change(commit);

    /// <summary>Looks at the workspace and at the tables' rows as they are at one moment: neither changes meanwhile.</summary>
    public T AtOneMoment<T>(Func<T> look) => moments.Look(look);

    /// <summary>Contexts live in the cluster's memory: they end with it.</summary>
    public void SetCluster(SandboxComputeState now)
    {
        Cluster.Set(now);
        if (now != SandboxComputeState.Running) Commands.Clear();
    }

    /// <summary>Back to the state the options describe; issued tokens end, personal ones stay.</summary>
    public void Reset()
    {
        Statements.Clear();
        Commands.Clear();
        SystemLog.Clear();
        var former = Engine;
        moments.Change(() =>
        {
            state = WorkspaceSeed.For(Options);
            Engine = NewEngine();
        });

        former.Dispose();
        Warehouse.Set(Options.WarehouseState);
        SetCluster(Options.ClusterState);
        Tokens.ForgetIssued();
        Faults.Replace(Options.Faults);
        Rates.Clear();
        Requests.Clear();
    }

    public void Dispose()
    {
        Statements.Dispose();
        Commands.Clear();
        Engine.Dispose();
        Places.Dispose();
        moments.Dispose();
        if (Directory.Exists(SpoolFolder)) Directory.Delete(SpoolFolder, recursive: true);
    }

    private TableEngine NewEngine() => new(Options.EngineMemoryMegabytes, Path.Combine(SpoolFolder, Path.GetRandomFileName()));
}
