using Sluice.Sandbox.Snowflake.History;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sessions;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>One run of a statement: under way, done or failed.</summary>
internal sealed class QueryRun(string id, Session session, string sql, string kind, DateTimeOffset started) : IDisposable
{
    private readonly CancellationTokenSource cancelling = new();
    private int announced;

    public string Id => id;

    public Session Session => session;

    public string Sql => sql;

    /// <summary>Such as SHOW TABLES.</summary>
    public string Kind => kind;

    public DateTimeOffset Started => started;

    public DateTimeOffset? Ended { get; set; }

    public string Tag { get; init; } = "";

    public string RoleName { get; init; } = session.Role.Name;

    public string? WarehouseName { get; init; } = session.Warehouse?.Name;

    public string? DatabaseName { get; init; } = session.Database?.Name;

    public string? SchemaName { get; init; } = session.Schema?.Name;

    /// <summary>What it read and wrote, for ACCESS_HISTORY.</summary>
    public AccessRecord Access { get; } = new();

    /// <summary>Of a statement that was sent with others, or that a script executed: the run of the whole.</summary>
    public string? ParentId { get; init; }

    /// <summary>Of a statement that a script executed: the script's run.</summary>
    public QueryRun? Caller { get; init; }

    /// <summary>The run at the top: of the script that executed the one that executed this.</summary>
    public string? RootId => Caller is null ? ParentId : Caller.RootId ?? Caller.Id;

    /// <summary>Of several statements sent at once: the run of each.</summary>
    public IReadOnlyList<QueryRun> Parts { get; set; } = [];

    public StoredResult? Result { get; set; }

    public SnowflakeException? Failure { get; set; }

    public Task Work { get; set; } = Task.CompletedTask;

    public CancellationToken Cancellation => cancelling.Token;

    public bool WasAborted => cancelling.IsCancellationRequested;

    public string Status => Failure is not null ? (WasAborted ? "ABORTED" : "FAILED_WITH_ERROR") : Ended is null ? "RUNNING" : "SUCCESS";

    /// <summary>The requestId it was asked with.</summary>
    public string? RequestId { get; set; }

    /// <summary>Lets the answer go; what it was stays in the log.</summary>
    public void ForgetAnswer()
    {
        var answer = Result;
        Result = null;
        answer?.Dispose();
    }

    /// <summary>True the first time: its driver is to be told that it is under way.</summary>
    public bool MarkAnnounced() => Interlocked.Exchange(ref announced, 1) == 0;

    public void Abort() => cancelling.Cancel();

    public void Dispose()
    {
        ForgetAnswer();
        cancelling.Dispose();
    }
}
