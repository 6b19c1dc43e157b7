using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;

namespace Sluice.Sandbox.Aws.Wire;

/// <summary>Where an answer is put together before any of it is sent: a fault may still swallow it.</summary>
internal sealed class ResponseBuffer : IDisposable
{
    private const int Kept = 32;

    private static readonly ConcurrentBag<ResponseBuffer> Pool = [];

    private readonly ArrayBufferWriter<byte> bytes = new(16 * 1024);

    private ResponseBuffer() => Json = new(bytes, new JsonWriterOptions { SkipValidation = true });

    public Utf8JsonWriter Json { get; }

    public static ResponseBuffer Rent() => Pool.TryTake(out var buffer) ? buffer : new();

    public ReadOnlyMemory<byte> Written
    {
        get
        {
            Json.Flush();
            return bytes.WrittenMemory;
        }
    }

    /// <summary>Adds bytes that are already JSON.</summary>
    public void WriteRaw(ReadOnlySpan<byte> json)
    {
        Json.Flush();
        bytes.Write(json);
    }

    /// <summary>Room for bytes that come from elsewhere; say how many with <see cref="Advance"/>.</summary>
    public Memory<byte> Reserve(int length)
    {
        Json.Flush();
        return bytes.GetMemory(length)[..length];
    }

    public void Advance(int length) => bytes.Advance(length);

    public void Clear()
    {
        bytes.ResetWrittenCount();
        Json.Reset(bytes);
    }

    public void Dispose()
    {
        Clear();
        if (Pool.Count < Kept) Pool.Add(this);
    }
}
