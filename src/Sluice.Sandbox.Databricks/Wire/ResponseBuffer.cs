using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;

namespace Sluice.Sandbox.Databricks.Wire;

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
