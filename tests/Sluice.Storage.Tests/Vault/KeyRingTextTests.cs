using System.Text;
using CsCheck;
using Sluice.Storage.Vault;

namespace Sluice.Storage.Tests.Vault;

public sealed class KeyRingTextTests
{
    private static readonly string KeyA = VaultScene.NewKey();
    private static readonly string KeyB = VaultScene.NewKey();

    private static readonly Gen<string> Line = Gen.OneOf(
        Gen.Byte.Array[32].Where(k => k.Distinct().Count() > 1).Select(Convert.ToBase64String),
        Gen.Byte.Array[32].Where(k => k.Distinct().Count() > 1).Select(k => $"{KeyEncryptionKey.IdOf(k)} {Convert.ToBase64String(k)}"),
        Gen.OneOf(Gen.Const(""), Gen.Const("  "), Gen.Const("# a comment"), Gen.Const("#")));

    [Fact]
    public void The_first_key_is_current_and_the_others_are_at_hand()
    {
        using var ring = Read($"# comment\n\n  {KeyA}\r\n{VaultScene.IdOf(KeyB)}\t{KeyB}  ");
        ring.Current.Id.ShouldBe(VaultScene.IdOf(KeyA));
        ring.Ids.ShouldBe([VaultScene.IdOf(KeyA), VaultScene.IdOf(KeyB)]);
    }

    [Fact]
    public void A_key_that_stands_there_twice_is_one_key() => Read($"{KeyA}\n{KeyB}\n{VaultScene.IdOf(KeyA)} {KeyA}").Ids.Count.ShouldBe(2);

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=")]
    [InlineData("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZQ==")]
    [InlineData("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYw")]
    [InlineData("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY")]
    [InlineData("wrong-id MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")]
    [InlineData("a b MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")]
    [InlineData("\0\u00ff")]
    public void What_is_no_key_is_refused_and_not_shown(string text)
    {
        var refusal = Should.Throw<VaultException>(() => Read(text));
        if (text.Length > 0) refusal.ToString().ShouldNotContain(text);
        refusal.ToString().ShouldNotContain("MDEyMzQ1");
    }

    [Fact]
    public void All_bad_lines_are_named_at_once() =>
        Should.Throw<VaultException>(() => Read($"bad\n{KeyA}\n# fine\nworse")).Message.ShouldSatisfyAllConditions(
            m => m.ShouldContain("line 1"), m => m.ShouldContain("line 4"), m => m.ShouldNotContain("line 2"), m => m.ShouldNotContain("line 3"));

    [Fact]
    public void A_new_first_key_is_current_and_takes_nothing_away() => Gen.Select(Line.Array[0, 6], Gen.Bool).Sample((lines, ends) =>
    {
        var text = string.Join('\n', lines.Append(KeyA)) + (ends ? "\n" : "");
        using var before = Read(text);
        var whole = Encoding.UTF8.GetString(KeyRingText.WithFirst(Encoding.UTF8.GetBytes(text), KeyRingText.LineOf(Convert.FromBase64String(KeyB))));
        using var after = Read(whole);
        after.Ids.ShouldBe([VaultScene.IdOf(KeyB), .. before.Ids]);
        foreach (var comment in lines.Where(l => l is ['#', ..])) whole.ShouldContain(comment);
    });

    [Fact]
    public void No_text_makes_the_reader_fail_in_another_way() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        try
        {
            KeyRingText.Read(bytes, "the test").Dispose();
        }
        catch (VaultException)
        {
            // The one way to fail.
        }
    });

    private static KeyRing Read(string text) => KeyRingText.Read(Encoding.UTF8.GetBytes(text), "the test");
}
