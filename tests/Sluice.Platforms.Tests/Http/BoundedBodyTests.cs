using CsCheck;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Tests.Http;

public sealed class BoundedBodyTests
{
    [Fact]
    public async Task What_fits_is_read_whole_in_whatever_pieces_and_with_whatever_length_announced() =>
        await Gen.Select(Gen.Byte.Array[0, 100_000], Gen.Int[1, 40_000], Gen.Int[-1, 120_000]).SampleAsync(async (bytes, piece, announced) =>
        {
            using var body = await BoundedBody.ReadAsync(
                new Pieces(bytes, piece), announced < 0 ? null : announced, 200_000, CancellationToken.None);
            body.Bytes.ToArray().ShouldBe(bytes);
        }, iter: 300);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(16 * 1024)]
    public async Task Exactly_the_limit_fits_and_one_byte_more_does_not(int limit)
    {
        using (var body = await BoundedBody.ReadAsync(new MemoryStream(new byte[limit]), null, limit, CancellationToken.None))
            body.Bytes.Length.ShouldBe(limit);
        (await Should.ThrowAsync<PlatformException>(() =>
            BoundedBody.ReadAsync(new MemoryStream(new byte[limit + 1]), null, limit, CancellationToken.None)))
            .Failure.ShouldBe(PlatformFailure.Refused);
    }

    [Fact]
    public async Task A_body_announced_too_large_is_not_read()
    {
        var stream = new MemoryStream(new byte[10]);
        await Should.ThrowAsync<PlatformException>(() => BoundedBody.ReadAsync(stream, 11, 10, CancellationToken.None));
        stream.Position.ShouldBe(0);
    }

    [Fact]
    public async Task The_largest_length_announced_reserves_little()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var body = await BoundedBody.ReadAsync(new MemoryStream([1]), int.MaxValue, int.MaxValue, CancellationToken.None);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4 * 1024 * 1024);
        body.Bytes.Length.ShouldBe(1);
    }

    [Fact]
    public async Task After_disposal_the_bytes_are_gone()
    {
        var body = await BoundedBody.ReadAsync(new MemoryStream([1, 2, 3]), 3, 10, CancellationToken.None);
        var bytes = body.Bytes;
        body.Dispose();
        body.Dispose();
        bytes.ToArray().ShouldBe([0, 0, 0]);
        Should.Throw<ObjectDisposedException>(() => body.Bytes);
    }

    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
