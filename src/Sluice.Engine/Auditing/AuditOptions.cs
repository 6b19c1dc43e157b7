namespace Sluice.Engine.Auditing;

/// <summary>How the audit trail is sealed and kept.</summary>
public sealed record AuditOptions
{
    /// <summary>A file that checkpoints are appended to, one JSON object a line; null: none.</summary>
    public string? CheckpointFile { get; init; }

    /// <summary>An https URL that checkpoints are posted to; null: none.</summary>
    public Uri? CheckpointUrl { get; init; }

    /// <summary>How long rows are kept; null: for ever.</summary>
    public TimeSpan? Keep { get; init; }

    /// <summary>After how many rows a checkpoint is made. Default 1,000.</summary>
    public int CheckpointRows { get; init; } = 1000;

    /// <summary>After how long a checkpoint is made of a stream that grew. Default 1 hour.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether events go to OpenTelemetry too. Default: no.</summary>
    public bool Forwards { get; init; }

    /// <summary>How often new events are handed on. Default 5 s.</summary>
    public TimeSpan ForwardEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often it is looked whether one is due. Default 1 minute.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromMinutes(1);
}
