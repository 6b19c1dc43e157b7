using Sluice.Core.Catalog;

namespace Sluice.Storage.Jobs;

/// <summary>A job's state, by the documented names in lower case. The numbers are stored: never renumber.</summary>
public enum JobState
{
    /// <summary>Waiting for its first run.</summary>
    Created = 0,

    /// <summary>Running.</summary>
    Active = 1,

    /// <summary>Done.</summary>
    Completed = 2,

    /// <summary>Gave up; the error says why.</summary>
    Failed = 3,

    /// <summary>Waiting for its next try.</summary>
    Retry = 4,

    /// <summary>Stopped by a person, or its connection was deleted.</summary>
    Cancelled = 5,

    /// <summary>Not started before its time ran out.</summary>
    Expired = 6,
}

/// <summary>A job to add.</summary>
public sealed record NewJob
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>What its request's answer named.</summary>
    public required Guid BulkId { get; init; }

    /// <summary>The connection it works for.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>What it does: <c>crawl</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The object it works on.</summary>
    public required ObjectPath Path { get; init; }

    /// <summary>Who asked; <c>system</c> for the schedule.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is given up if it has not started.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A job as stored.</summary>
public sealed record StoredJob
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The bulk it belongs to.</summary>
    public required Guid BulkId { get; init; }

    /// <summary>The connection; null once that was deleted.</summary>
    public Guid? ConnectionId { get; init; }

    /// <summary>What it does.</summary>
    public required string Type { get; init; }

    /// <summary>The object it works on.</summary>
    public required ObjectPath Path { get; init; }

    /// <summary>The state.</summary>
    public required JobState State { get; init; }

    /// <summary>Units done.</summary>
    public int ProgressDone { get; init; }

    /// <summary>Units known so far.</summary>
    public int ProgressTotal { get; init; }

    /// <summary>Runs begun, those included that a stop or a crash of the server ended.</summary>
    public int Attempts { get; init; }

    /// <summary>Runs that failed and were put back.</summary>
    public int Failures { get; init; }

    /// <summary>What it did, as JSON text without secrets.</summary>
    public string? OutputJson { get; init; }

    /// <summary>Why it failed or retries, for people, without secrets.</summary>
    public string? Error { get; init; }

    /// <summary>Who asked.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>Whether someone asked to stop it.</summary>
    public bool IsCancelRequested { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it may run (next).</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>When its first run began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When it is given up if it has not started.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
