using System.Diagnostics;
using System.Text;
using Sluice.Core.Policies.Documents;
using Sluice.Engine.Policies;

namespace Sluice.Engine.Tests.Policies;

/// <summary>Whatever arrives as YAML is read or a list of problems, never an exception. Two seconds, or a minute when SLUICE_LONG=1.</summary>
public sealed class PolicyYamlFuzz
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("SLUICE_LONG") == "1" ? 60 : 2);

    private static readonly string[] Corpus =
    [
        """
        # a comment
        policyKey: sales-eu
        type: subscription
        circumstances:
          - {type: tags, tag: Domain.Sales}
          - type: columnRegex
            regex: '^s''sn$'
        actions:
          type: entitlements
          advanced: >-
            @isInGroups('A') AND
            @hasAttribute('n', 'v')
        ---
        policyKey: b
        type: data
        actions: [{rules: [{type: Masking, config: {fields: [{type: column, column: a}], maskingConfig: {type: "Nu\u006cl"}}}]}]
        ...
        """,
    ];

    private static readonly string[] Tokens =
    [
        "---\n", "...\n", "%YAML 1.2\n", "%TAG ! x\n", "&a ", "*a", "!!str ", "!<x> ", "<<: ", "? ", ": ", "- ", "|\n", "|+9\n", ">-\n", "|99999999999999999999\n", "'", "\"", "\\", "\\x", "\\u12", "\\ud800", "\\U00110000",
        "{", "}", "[", "]", ",", "#", "\t", "\n", "\r", "\r\n", "\u0085", "\u2028", "\uFEFF", "\0", "@", "`", "0x", "0xFFFFFFFFFFFFFFFFFFFF", "0o7", "1e999999999", ".nan", "~", "null", "  ", "é", "🦫", "%41%zz",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "{a: {a: {a: ", "- - - - - - - - - - ", "? ? ? ? ? ",
    ];

    [Fact]
    public void Spoiled_bytes_are_read_or_refused()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SLUICE_FUZZ_SEED"), out var given) ? given : Random.Shared.Next();
        var clock = Stopwatch.StartNew();
        for (var count = 0; clock.Elapsed < Budget || count == 0; count++)
        {
            var bytes = Next(new Random(unchecked(seed + (count * 7919))));
            try
            {
                ShouldBeReadOrRefused(bytes);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"SLUICE_FUZZ_SEED={seed}, input {count}, base64 {Convert.ToBase64String(bytes)}: {e.GetType().Name}: {e.Message}", e);
            }
        }
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: &b ")]
    [InlineData("'")]
    [InlineData("\"\\n")]
    [InlineData("#")]
    [InlineData("a:\n")]
    [InlineData("--- ")]
    [InlineData("[],")]
    [InlineData("!")]
    public void A_mebibyte_of_anything_is_answered_soon(string piece)
    {
        var text = new StringBuilder();
        while (text.Length + piece.Length <= PolicyDocument.MaxBytes) text.Append(piece);
        var clock = Stopwatch.StartNew();

        ShouldBeReadOrRefused(Encoding.UTF8.GetBytes(text.ToString()));

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    private static void ShouldBeReadOrRefused(byte[] bytes)
    {
        var problems = new PolicyProblems();
        var documents = PolicyYaml.Read(bytes, problems);
        (documents.Count == 0).ShouldBe(problems.HasErrors);
        PolicyReader.ReadAll(documents, problems);
        foreach (var problem in problems) Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(problem.ToString())).ShouldBe(problem.ToString());
    }

    private static byte[] Next(Random random)
    {
        var bytes = new List<byte>(Encoding.UTF8.GetBytes(Corpus[random.Next(Corpus.Length)]));
        for (var i = random.Next(1, 8); i > 0; i--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 24), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes.RemoveRange(at, length);
                    break;
                case 1:
                    bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                    break;
                case 2 when length > 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    for (var times = random.Next(8) == 0 ? random.Next(40) : 1; times > 0; times--) bytes.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]));
                    break;
            }
        }

        return [.. bytes];
    }
}
