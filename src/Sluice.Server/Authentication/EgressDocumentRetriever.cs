using Microsoft.IdentityModel.Protocols;

namespace Sluice.Server.Authentication;

/// <summary>
/// Reads the issuer's documents through the server's one way out, so that it can't be led elsewhere by a redirect or a name. A document is
/// read to its end within a time, and to a size: a key set has a few kilobytes.
/// </summary>
internal sealed class EgressDocumentRetriever(HttpMessageHandler handler, TimeSpan timeout) : IDocumentRetriever, IDisposable
{
    /// <summary>The largest document, in bytes, after decompression.</summary>
    public const int LargestDocument = 1024 * 1024;

    // The client reads every answer whole before it gives it, so that both limits hold for the body too.
    private readonly HttpClient _client = new(handler, disposeHandler: true) { Timeout = timeout, MaxResponseContentBufferSize = LargestDocument };

    public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri(address), HttpCompletionOption.ResponseContentRead, cancel);
            if (!answer.IsSuccessStatusCode) throw new IOException($"{address} answered {(int)answer.StatusCode}.");
            return await answer.Content.ReadAsStringAsync(cancel);
        }
        catch (TaskCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new IOException($"{address} did not answer in full within {timeout.TotalSeconds} s.", e);
        }
    }

    public void Dispose() => _client.Dispose();
}
