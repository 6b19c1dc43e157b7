using System.Text.Json;
using CsCheck;

namespace Sluice.Platforms.Tests;

public sealed class TextPoolTests
{
    [Fact]
    public void Every_text_comes_out_as_it_is_whatever_the_pool_holds()
    {
        var pool = new TextPool();
        Gen.String.Array.Sample(
            texts =>
            {
                foreach (var text in texts.Concat(texts)) Read(pool, JsonSerializer.SerializeToUtf8Bytes(text)).ShouldBe(Lossless(text));
            },
            threads: 4);
    }

    [Fact]
    public void The_same_text_is_the_same_string()
    {
        var pool = new TextPool();

        Read(pool, "\"bigint\""u8.ToArray()).ShouldBeSameAs(Read(pool, "\"bigint\""u8.ToArray()));
    }

    [Fact]
    public void However_it_is_escaped()
    {
        var pool = new TextPool();

        Read(pool, "\"a\\u0062\""u8.ToArray()).ShouldBeSameAs(Read(pool, "\"ab\""u8.ToArray()));
    }

    [Fact]
    public void A_value_that_is_no_text_is_refused()
    {
        Should.Throw<JsonException>(() => Read(new TextPool(), "7"u8.ToArray()));
        Should.Throw<JsonException>(() => Read(new TextPool(), "true"u8.ToArray()));
    }

    [Fact]
    public void A_column_of_the_same_texts_is_the_same_column_and_of_others_another()
    {
        var pool = new TextPool();
        var column = pool.Column("id", "bigint", null, isPartitionKey: false);

        pool.Column("id", "bigint", null, isPartitionKey: false).ShouldBe(column);
        pool.Column("id", "bigint", null, isPartitionKey: true).ShouldNotBe(column);
        pool.Column("id", "bigint", "c", isPartitionKey: false).ShouldNotBe(column);
        pool.Column("id", "int", null, isPartitionKey: false).ShouldNotBe(column);
    }

    private static string? Read(TextPool pool, byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return pool.Get(ref reader);
    }

    // JSON can't carry a lone surrogate; the serializer writes U+FFFD for it.
    private static string? Lossless(string text) => JsonSerializer.Deserialize<string>(JsonSerializer.SerializeToUtf8Bytes(text)) is { Length: > 0 } read ? read : null;
}
