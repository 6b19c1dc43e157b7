using System.Security.Cryptography;
using System.Text;

namespace Sluice.Storage.Vault;

/// <inheritdoc cref="ISecretReferences"/>
internal sealed class SecretReferences(VaultOptions options, EnvironmentVariables environment) : ISecretReferences
{
    private const int MaxSize = 64 * 1024;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public async Task<string> ResolveAsync(string source, CancellationToken cancellationToken) => SecretReference.Parse(source) switch
    {
        SecretReference.Variable variable => Read(variable),
        SecretReference.File file => await ReadAsync(file, cancellationToken),
        var other => throw Unavailable(other, "is of no known form"),
    };

    private string Read(SecretReference.Variable variable) => environment[variable.Name] switch
    {
        null => throw Unavailable(variable, "is not set"),
        "" => throw Unavailable(variable, "is empty"),
        var value => value,
    };

    private async Task<string> ReadAsync(SecretReference.File reference, CancellationToken cancellationToken)
    {
        if (options.SecretDirectory is not { } directory) throw Unavailable(reference, "can't be followed: this server has no secret directory");
        var buffer = new byte[MaxSize + 1];
        try
        {
            using var root = OpenedFile.Open(Path.GetFullPath(directory));
            if (root is not { Kind: FileKind.Directory }) throw Unavailable(reference, "can't be followed: the server's secret directory is missing");
            using var file = OpenBelow(root, directory, reference);
            var length = await file.ReadAsync(buffer, cancellationToken);
            if (length > MaxSize) throw Unavailable(reference, $"is larger than {MaxSize} bytes");
            var text = WithoutLineEnd(Strict.GetString(buffer, 0, length));
            return text.Length > 0 ? text : throw Unavailable(reference, "is empty");
        }
        catch (DecoderFallbackException)
        {
            // Its message would quote the bytes.
            throw Unavailable(reference, "is not UTF-8 text");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(reference, "can't be read by this server");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    // First by its text, so that nobody learns from here what exists outside; then by where the opened file really lies.
    private static OpenedFile OpenBelow(OpenedFile root, string directory, SecretReference.File reference)
    {
        var path = Path.GetFullPath(reference.Path, Path.GetFullPath(directory));
        if (!IsBelow(path, Path.GetFullPath(directory)) && !IsBelow(path, root.RealPath))
            throw Unavailable(reference, "is not below the server's secret directory");
        var file = OpenedFile.Open(path) ?? throw Unavailable(reference, "does not exist");
        var problem = !IsBelow(file.RealPath, root.RealPath) ? "leads out of the server's secret directory"
            : file.Kind != FileKind.Regular ? "is not a regular file"
            : null;
        if (problem is null) return file;
        file.Dispose();
        throw Unavailable(reference, problem);
    }

    private static bool IsBelow(string path, string directory) =>
        path.StartsWith(directory.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string WithoutLineEnd(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;

    private static SecretUnavailableException Unavailable(SecretReference reference, string why) => new($"The secret {reference} {why}.");
}
