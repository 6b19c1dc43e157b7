using CsCheck;
using Npgsql;
using Sluice.Testing;

namespace Sluice.Platforms.PostgreSql.Sql;

public sealed class QuoteTests
{
    private static readonly string[] Hard =
    [
        "\"", "\"\"", "'", "''", "\\", "\\'", "$$", "--", "/*", "*/", ";", ":a", ":'a'", "\n", "\t", "😀", "漢", "é", "e\u0301", "\u202e", "\ufeff", " ",
        "E'", "U&\"", "%", "null", "SELECT", "\u0001", "\ud7ff", "\uffff",
    ];

    internal static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Int[0, Hard.Length - 1].Select(i => Hard[i]).Array[0, 8].Select(string.Concat),
        Gen.Int[1, 0x10FFFF].Where(c => c is < 0xD800 or > 0xDFFF).Array[0, 15].Select(c => string.Concat(c.Select(char.ConvertFromUtf32))));

    private static readonly Gen<string> Names = Texts.Where(t => Quote.NameProblem(t) is null);

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task Every_text_reads_back_as_itself(string standardConformingStrings)
    {
        await using var connection = await OpenAsync(standardConformingStrings);
        await Texts.SampleAsync(
            async text =>
            {
                await using var command = new NpgsqlCommand($"SELECT {Quote.Literal(text)}", connection);
                (await command.ExecuteScalarAsync()).ShouldBe(text);
            },
            iter: 1000, threads: 1);
    }

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task Every_name_reads_back_as_itself(string standardConformingStrings)
    {
        await using var connection = await OpenAsync(standardConformingStrings);
        await Names.SampleAsync(
            async name =>
            {
                await using var command = new NpgsqlCommand($"SELECT 1 AS {Quote.Identifier(name)}", connection);
                await using var reader = await command.ExecuteReaderAsync();
                reader.GetName(0).ShouldBe(name);
            },
            iter: 1000, threads: 1);
    }

    [Fact]
    public void A_name_no_object_can_have_is_refused()
    {
        // Not inline data: an attribute can't hold a lone surrogate.
        (string Name, string Reason)[] refused =
        [
            ("", "is empty"), ("a\0b", "NUL"), ("\ud800", "Unicode"), ("\udc00\ud800", "Unicode"), ("a\ud83d", "Unicode"),
            (new string('a', 64), "63 bytes"), (new string('漢', 22), "63 bytes"),
        ];
        foreach (var (name, reason) in refused)
        {
            Quote.NameProblem(name).ShouldNotBeNull().ShouldContain(reason);
            Should.Throw<ArgumentException>(() => Quote.Identifier(name));
        }
    }

    [Fact]
    public void A_text_the_server_cannot_hold_is_refused()
    {
        foreach (var text in new[] { "a\0b", "\ud800", "\udc00\ud800" }) Should.Throw<ArgumentException>(() => Quote.Literal(text));
    }

    [Fact]
    public void The_longest_name_is_taken() => Quote.Identifier(new string('漢', 21)).ShouldBe($"\"{new string('漢', 21)}\"");

    private static async Task<NpgsqlConnection> OpenAsync(string standardConformingStrings)
    {
        var cluster = await Requires.PostgreSqlAsync();
        var connection = new NpgsqlConnection(cluster.ConnectionString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SET standard_conforming_strings = {standardConformingStrings}", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }
}
