namespace Sluice.Platforms.Http;

/// <summary>How a platform's HTTP client sends and reads.</summary>
public sealed record PlatformHttpOptions
{
    /// <summary>
    /// Tells what the platform refused, from an answer that was read whole; null when it is what was asked for. It may quote the platform's
    /// own error message where the answer has the platform's documented form, and nothing else of the body. Default:
    /// <see cref="StatusRefusal.Read"/>.
    /// </summary>
    public Func<PlatformResponse, PlatformException?> Refusal { get; init; } = StatusRefusal.Read;

    /// <summary>When a call is tried again, unless the call says otherwise. Default <see cref="RetryPolicy.Background"/>.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.Background;

    /// <summary>For one attempt, from connection to the last byte of the answer. Default 60 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The most that is read of an answer, after decompression, in bytes. Default 32 MiB.</summary>
    public int MaxResponseBytes { get; init; } = 32 * 1024 * 1024;
}
