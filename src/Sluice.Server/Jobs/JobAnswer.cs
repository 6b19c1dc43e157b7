using System.Text.Json.Nodes;
using Sluice.Server.Data;
using Sluice.Storage.Jobs;

namespace Sluice.Server.Jobs;

/// <summary>A job: the documented <c>id, state, output</c>, and more.</summary>
internal sealed record JobAnswer
{
    public required Guid Id { get; init; }

    public required string State { get; init; }

    public required JsonNode? Output { get; init; }

    public required Guid BulkId { get; init; }

    public required string JobType { get; init; }

    public required IReadOnlyList<string> ObjectPath { get; init; }

    public required ProgressAnswer Progress { get; init; }

    public required int Attempts { get; init; }

    public required string? Error { get; init; }

    public required string RequestedBy { get; init; }

    public required bool IsCancelRequested { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset? FinishedAt { get; init; }

    public static JobAnswer Of(StoredJob job) => new()
    {
        Id = job.Id,
        State = Spelled.Camel(job.State),
        Output = job.OutputJson is null ? null : JsonNode.Parse(job.OutputJson),
        BulkId = job.BulkId,
        JobType = job.Type,
        ObjectPath = job.Path.Names,
        Progress = new ProgressAnswer(job.ProgressDone, job.ProgressTotal),
        Attempts = job.Attempts,
        Error = job.Error,
        RequestedBy = job.RequestedBy,
        IsCancelRequested = job.IsCancelRequested,
        CreatedAt = job.CreatedAt,
        StartedAt = job.StartedAt,
        FinishedAt = job.FinishedAt,
    };
}

/// <summary>How far a job is: units done of the units known so far.</summary>
internal sealed record ProgressAnswer(int Done, int Total);

/// <summary>A page of a job search, newest first.</summary>
internal sealed record JobPageAnswer(IReadOnlyList<JobAnswer> Jobs, string? Next);
