using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Server.OpenApi;

/// <summary>
/// The contract: <c>openapi.json</c> beside this file, written by hand. Tests hold that it names every route, and that every answer of the
/// server is what it says.
/// </summary>
internal static class ApiDocument
{
    private const string Resource = "Sluice.Server.OpenApi.openapi.json";

    private static readonly Lazy<byte[]> Written = new(Write);

    /// <summary>The document as served.</summary>
    public static ReadOnlyMemory<byte> Utf8 => Written.Value;

    private static byte[] Write()
    {
        using var stream = typeof(ApiDocument).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not in the assembly.");
        var document = JsonNode.Parse(stream)!.AsObject();
        document["info"]!["version"] = ServerVersion.Text;
        return JsonSerializer.SerializeToUtf8Bytes(document);
    }
}
