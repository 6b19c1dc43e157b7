using CsCheck;
using Sluice.Core.Connections;
using Sluice.Core.Tests.Catalog;

namespace Sluice.Core.Tests.Connections;

public sealed class ConnectionKeyTests
{
    public static TheoryData<string> ReservedInManyCases()
    {
        var data = new TheoryData<string>();
        string[] reserved =
        [
            "data", "connection", "object", "crawl", "search", "settings", "metadata", "permission", "sync", "bulk", "upgrade",
        ];
        foreach (var word in reserved)
        {
            data.Add(word);
            data.Add(word.ToUpperInvariant());
            data.Add(char.ToUpperInvariant(word[0]) + word[1..]);
            data.Add(word[..^1] + char.ToUpperInvariant(word[^1]));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(ReservedInManyCases))]
    public void A_reserved_word_is_no_key_in_any_case(string word) =>
        ConnectionKey.Problem(word).ShouldBe($"'{word}' is a reserved word");

    [Fact]
    public void The_reserved_words_are_those_of_the_contract() => ConnectionKey.Reserved.Count.ShouldBe(11);

    [Theory]
    [InlineData("a")]
    [InlineData("My Glue-account_01")]
    [InlineData("database")]
    [InlineData("data ops")]
    [InlineData("0")]
    [InlineData("-")]
    public void An_ordinary_key_is_fine(string key) => ConnectionKey.Problem(key).ShouldBeNull();

    [Theory]
    [InlineData("", "must have 1 to 255 characters")]
    [InlineData(" a", "must not begin or end with a space")]
    [InlineData("a ", "must not begin or end with a space")]
    [InlineData(" ", "must not begin or end with a space")]
    [InlineData("a/b", "may only hold ASCII letters, digits, space, '-' and '_'")]
    [InlineData("a.b", "may only hold ASCII letters, digits, space, '-' and '_'")]
    [InlineData("ä", "may only hold ASCII letters, digits, space, '-' and '_'")]
    [InlineData("a\n", "may only hold ASCII letters, digits, space, '-' and '_'")]
    [InlineData("ａ", "may only hold ASCII letters, digits, space, '-' and '_'")]
    [InlineData("a\u00A0b", "may only hold ASCII letters, digits, space, '-' and '_'")]
    [InlineData("a%20b", "may only hold ASCII letters, digits, space, '-' and '_'")]
    public void A_malformed_key_says_what_is_wrong(string key, string problem) => ConnectionKey.Problem(key).ShouldBe(problem);

    [Fact]
    public void A_key_has_at_most_255_characters()
    {
        ConnectionKey.Problem(new string('k', 255)).ShouldBeNull();
        ConnectionKey.Problem(new string('k', 256)).ShouldBe("must have 1 to 255 characters");
    }

    [Fact]
    public void Any_text_is_judged_as_a_naive_reading_of_the_rules_does() => Gen.OneOf(
        Names.AnyText, Names.WellFormed, Gen.String[Gen.OneOf('a', 'Z', '0', ' ', '-', '_', '.'), 0, 260]).Sample(
        text =>
        {
            const string allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_";
            string[] reserved = [.. ConnectionKey.Reserved];
            var fine = text.Length is >= 1 and <= 255
                && text.All(c => allowed.Contains(c, StringComparison.Ordinal))
                && text[0] != ' ' && text[^1] != ' '
                && !reserved.Any(word => string.Equals(word, text, StringComparison.OrdinalIgnoreCase));
            (ConnectionKey.Problem(text) is null).ShouldBe(fine, text);
        },
        iter: 5_000);

    [Fact]
    public void Keys_are_compared_ignoring_case()
    {
        ConnectionKey.Normalized("My Glue").ShouldBe(ConnectionKey.Normalized("mY gLUE"));
        ConnectionKey.Normalized("a-b").ShouldNotBe(ConnectionKey.Normalized("a_b"));
    }
}
