using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Sandbox.Databricks.Wire;

/// <summary>
/// Page tokens: opaque, never the same twice, bound to the operation and its arguments, and by default without end of life. A position is the last
/// key handed out, so that changes between two pages neither repeat nor skip what didn't change.
/// </summary>
internal sealed class PageTokens(TimeProvider clock, TimeSpan? lifetime)
{
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private long last;

    public string Write(string scope, string position)
    {
        var plain = Encoding.UTF8.GetBytes($"{clock.GetUtcNow().ToUnixTimeMilliseconds()}/{Interlocked.Increment(ref last)}\n{position}");
        var mac = Mac(scope, plain);
        var token = new byte[mac.Length + plain.Length];
        mac.CopyTo(token, 0);
        for (var i = 0; i < plain.Length; i++) token[mac.Length + i] = (byte)(plain[i] ^ mac[i % mac.Length]);
        return Base64Url.EncodeToString(token);
    }

    public string Read(string scope, string token)
    {
        byte[] bytes;
        try
        {
            bytes = Base64Url.DecodeFromChars(token);
        }
        catch (FormatException)
        {
            throw Invalid();
        }

        if (bytes.Length < 16) throw Invalid();
        var mac = bytes.AsSpan(0, 16);
        var plain = bytes[16..];
        for (var i = 0; i < plain.Length; i++) plain[i] ^= mac[i % mac.Length];
        if (!CryptographicOperations.FixedTimeEquals(mac, Mac(scope, plain))) throw Invalid();
        var text = Encoding.UTF8.GetString(plain);
        var cut = text.IndexOf('\n', StringComparison.Ordinal);
        var issued = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(text.AsSpan(0, text.IndexOf('/', StringComparison.Ordinal))));
        if (lifetime is { } limit && clock.GetUtcNow() - issued > limit) throw Expired();
        return text[(cut + 1)..];
    }

    public static DatabricksException Expired() => DatabricksException.Invalid("The page token has expired.");

    private static DatabricksException Invalid() => DatabricksException.Invalid("Invalid page token.");

    private byte[] Mac(string scope, byte[] plain) => HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes(scope), 0, .. plain])[..16];
}
