using System.Buffers.Binary;
using System.Text;

namespace Sluice.Core.Audit;

/// <summary>Writes values so that no two different lists of them read the same: each has a fixed length or says its own.</summary>
internal sealed class CanonicalBytes : IDisposable
{
    // Half a surrogate pair would become the same character as any other half.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly MemoryStream _bytes = new(512);

    public ReadOnlySpan<byte> Written => _bytes.GetBuffer().AsSpan(0, (int)_bytes.Length);

    public CanonicalBytes Add(ReadOnlySpan<byte> value)
    {
        Length(value.Length);
        _bytes.Write(value);
        return this;
    }

    public CanonicalBytes Add(string? value)
    {
        if (value is null) Length(-1);
        else Add(Utf8.GetBytes(value));
        return this;
    }

    public CanonicalBytes Add(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    public CanonicalBytes Add(Guid? value) => Add(value?.ToString("D"));

    public void Dispose() => _bytes.Dispose();

    private void Length(int length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        _bytes.Write(bytes);
    }
}
