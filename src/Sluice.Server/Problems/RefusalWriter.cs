using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Sluice.Server.Problems;

/// <summary>
/// Between the web server and a connection: puts an answer of ours in the place of the bare status that the web server would write by itself,
/// and lets everything else through as it is.
/// </summary>
internal sealed class RefusalWriter(PipeWriter connection) : PipeWriter
{
    private byte[]? _dropped;

    public override bool CanGetUnflushedBytes => connection.CanGetUnflushedBytes;

    public override long UnflushedBytes => connection.UnflushedBytes;

    /// <summary>A connection's middleware.</summary>
    public static ConnectionDelegate PutBetween(ConnectionDelegate next) => context =>
    {
        var writer = new RefusalWriter(context.Transport.Output);
        context.Features.Set(writer);
        context.Transport = new Transport(context.Transport.Input, writer);
        return next(context);
    };

    /// <summary>Answers, and drops what the web server writes from now on: it closes the connection.</summary>
    public void Answer(ReadOnlySpan<byte> answer)
    {
        connection.Write(answer);
        _dropped = [];
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _dropped is null ? connection.GetMemory(sizeHint) : Dropped(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _dropped is null ? connection.GetSpan(sizeHint) : Dropped(sizeHint);

    public override void Advance(int bytes)
    {
        if (_dropped is null) connection.Advance(bytes);
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        _dropped is null ? connection.WriteAsync(source, cancellationToken) : FlushAsync(cancellationToken);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => connection.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => connection.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => connection.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => connection.CompleteAsync(exception);

    private byte[] Dropped(int sizeHint)
    {
        const int usual = 4096;
        if (_dropped!.Length < Math.Max(sizeHint, usual)) _dropped = new byte[Math.Max(sizeHint, usual)];
        return _dropped;
    }

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
