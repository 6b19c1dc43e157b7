using Sluice.Core.Payloads;

namespace Sluice.Storage.Vault;

/// <summary>What lies in a secret's box: one byte for what it is, then its text. Both are under the tag, so a literal never turns into a reference.</summary>
internal static class SecretText
{
    private const byte Literal = 0;
    private const byte Reference = 1;

    /// <summary>The bytes to seal, which the caller zeroes.</summary>
    public static byte[] Write(SecretInput secret) => secret switch
    {
        SecretInput.Literal literal => Write(Literal, literal.Value),
        SecretInput.Reference reference => Write(Reference, reference.Source),
        _ => throw new ArgumentException("Only a literal or a reference can be sealed.", nameof(secret)),
    };

    /// <summary>Null when the bytes are of no known form.</summary>
    public static SecretInput? Read(ReadOnlySpan<byte> bytes) => bytes is [var kind, .. var text] && text.Length % sizeof(char) == 0
        ? kind switch
        {
            Literal => new SecretInput.Literal(CodeUnits.Read(text)),
            Reference => new SecretInput.Reference(CodeUnits.Read(text)),
            _ => null,
        }
        : null;

    private static byte[] Write(byte kind, string text)
    {
        var bytes = new byte[1 + CodeUnits.SizeOf(text)];
        bytes[0] = kind;
        CodeUnits.Write(text, bytes.AsSpan(1));
        return bytes;
    }
}
