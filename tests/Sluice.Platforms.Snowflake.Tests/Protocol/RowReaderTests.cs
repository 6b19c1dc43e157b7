using System.Text;
using System.Text.Json;
using CsCheck;

namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>Rows come out as they went in, however the bytes arrive; what are no rows is refused.</summary>
public sealed class RowReaderTests
{
    private static readonly Gen<string?> Cells = Gen.OneOf(
        Gen.String.Select(s => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(s)) as string), Gen.Const((string?)null), Gen.Const<string?>("],["),
        Gen.Int[0, 100_000].Select(n => (string?)new string('x', n)));

    [Fact]
    public async Task Rows_come_out_as_they_went_in() => await Gen
        .Select(Cells.Array[3].Array[0, 6], Gen.Int[1, 5000], Gen.Bool, Gen.Bool)
        .SampleAsync(
            async (rows, step, isBare, isSpaced) =>
            {
                var json = JsonSerializer.Serialize(rows, new JsonSerializerOptions { WriteIndented = isSpaced });
                var text = isBare ? json.Trim()[1..^1] : json;

                var read = new List<string?[]>();
                var reader = new RowReader(new Dribble(Encoding.UTF8.GetBytes(text), step), isBare, 3, 1 << 20, new TextPool());
                await foreach (var arrived in reader.ReadAsync(row => (string?[])row.Clone(), default)) read.AddRange(arrived);

                read.Count.ShouldBe(rows.Length);
                for (var i = 0; i < rows.Length; i++) read[i].ShouldBe(rows[i]);
            },
            iter: 100);

    [Theory]
    [InlineData("[[\"a\"]", false)]
    [InlineData("[[\"a\",\"b\"]]", false)]
    [InlineData("[[]]", false)]
    [InlineData("[[[\"a\"]]]", false)]
    [InlineData("{}", false)]
    [InlineData("", false)]
    [InlineData("[\"a\"],", true)]
    [InlineData("[\"a\"]]", true)]
    [InlineData("<html>", true)]
    [InlineData("[[\"\\ud800\"]]", false)]
    public async Task What_are_no_rows_is_refused(string text, bool isBare)
    {
        var rows = new RowReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), isBare, 1, 1 << 20, new TextPool()).ReadAsync(row => row[0], default);

        await Should.ThrowAsync<PlatformException>(async () =>
        {
            await foreach (var _ in rows)
            {
            }
        });
    }

    [Fact]
    public async Task A_row_without_end_ends_at_the_limit()
    {
        var rows = new RowReader(new Endless(), isBare: true, 1, 1 << 20, new TextPool()).ReadAsync(row => row[0], default);

        var failure = await Should.ThrowAsync<PlatformException>(async () =>
        {
            await foreach (var _ in rows)
            {
            }
        });

        failure.Message.ShouldContain("1024 KiB");
    }

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class Dribble(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(step, buffer.Length)], cancellationToken);
    }

    private sealed class Endless : MemoryStream
    {
        private bool _isOpen;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)'x');
            if (!_isOpen) "[\""u8.CopyTo(buffer.Span);
            _isOpen = true;
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
