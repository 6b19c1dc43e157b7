using Microsoft.IdentityModel.Protocols;

namespace Sluice.Server.Authentication;

/// <summary>Reads the issuer's documents through the server's one way out, so that it can't be led elsewhere by a redirect or a name.</summary>
internal sealed class EgressDocumentRetriever(HttpClient client) : IDocumentRetriever
{
    public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
    {
        using var answer = await client.GetAsync(new Uri(address), cancel);
        if (!answer.IsSuccessStatusCode) throw new IOException($"{address} answered {(int)answer.StatusCode}.");
        return await answer.Content.ReadAsStringAsync(cancel);
    }
}
