using System.Net.Http.Headers;
using System.Text;
using Sluice.Core.Audit;
using Sluice.Platforms.Egress;

namespace Sluice.Engine.Auditing;

/// <summary>Where checkpoints go so that they are not on this machine's word alone.</summary>
internal interface ICheckpointSink
{
    /// <summary>Takes one; throws when it could not.</summary>
    Task TakeAsync(AuditCheckpoint checkpoint, CancellationToken cancellationToken);
}

/// <summary>A file, one JSON object a line: on another machine's disk, or gathered by a log shipper.</summary>
internal sealed class CheckpointFile(string path) : ICheckpointSink
{
    public async Task TakeAsync(AuditCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(checkpoint.ToJson() + "\n"), cancellationToken);
        stream.Flush(flushToDisk: true);
    }
}

/// <summary>An https URL, by the server's one way out.</summary>
internal sealed class CheckpointPost : ICheckpointSink, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Uri _url;
    private readonly HttpClient _client;

    public CheckpointPost(Uri url, EgressGuard guard)
    {
        _url = url;
        // The operator named the URL, so its host is allowed; its address still follows the egress rules.
        _client = new HttpClient(guard.CreateHttpHandler(new EgressHttpOptions()), disposeHandler: true) { Timeout = Limit };
    }

    public async Task TakeAsync(AuditCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        using var content = new StringContent(checkpoint.ToJson(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = content };
        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!answer.IsSuccessStatusCode) throw new IOException($"{_url.Host} answered {(int)answer.StatusCode}.");
    }

    public void Dispose() => _client.Dispose();
}
