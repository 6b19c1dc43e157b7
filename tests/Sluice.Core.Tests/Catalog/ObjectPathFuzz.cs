using System.Text;
using CsCheck;
using Sluice.Core.Catalog;
using Sluice.Core.Tests.Fuzzing;

namespace Sluice.Core.Tests.Catalog;

/// <summary>Whatever arrives in the place of a path is a path or a problem, never an exception.</summary>
public sealed class ObjectPathFuzz
{
    [Fact]
    public void Spoiled_bytes_are_a_path_or_a_problem()
    {
        string[] corpus =
        [
            "key/db/table", "key/a%2Fb", "key/%2E%2E/..", "key/%F0%9F%A6%AB/🦫", "my%20key/%22x%22/%27", "key/" + new string('n', 1024),
            "[\"key\",\"db\",\"t\"]", "[\"key\",\"\\ud83e\\uddab\"]", "[\"key\",\"a/b\",\"\\u0000\"]",
        ];
        string[] tokens =
        [
            "%", "%%", "%2", "%2F", "%252F", "%00", "%C0%AF", "%ED%A0%80", "%F4%90%80%80", "%FF", "/", "//", "..", "\\ud800", "\\udc00", "\"", "[", "]", ",",
            "null", "\0", "\uFEFF", "🦫", "{\"a\":", "1e999",
        ];
        var mutation = new ByteMutation([.. corpus.Select(Encoding.UTF8.GetBytes)], [.. tokens.Select(Encoding.UTF8.GetBytes)]);
        Fuzz.Run(mutation.Next, bytes =>
        {
            // As a server may hand it on: bytes as characters, as (repaired) UTF-8, or as raw UTF-16 with halves of characters.
            ShouldBeAPathOrAProblem(Encoding.Latin1.GetString(bytes));
            ShouldBeAPathOrAProblem(Encoding.UTF8.GetString(bytes));
            ShouldBeAPathOrAProblem(Utf16(bytes));
        });
    }

    [Fact]
    public void Any_text_is_a_path_or_a_problem()
    {
        var piece = Gen.OneOf(
            Gen.OneOf("/", "%", "%2F", "%25", "%00", "%zz", "%e2%82%ac", "%E2%82", "..", "\"", "[", "]", ",", "\\u0000", "\\ud800", "null"),
            Names.AnyText, Names.WellFormed, Gen.Byte.Select(b => $"%{b:X2}"));
        Fuzz.Log($"{Fuzz.Budget.TotalSeconds} s; a failure prints its own seed");
        piece.Array[0, 12].Select(string.Concat).Sample(
            ShouldBeAPathOrAProblem, time: (int)Fuzz.Budget.TotalSeconds, writeLine: Fuzz.Log);
    }

    private static void ShouldBeAPathOrAProblem(string text)
    {
        ShouldHold(ObjectPath.FromUrl(text, out var problem), problem);
        ShouldHold(ObjectPath.FromJson(text, out problem), problem);
        ShouldHold(ObjectPath.FromJson($"[\"key\",\"{text}\"]", out problem), problem);
    }

    private static void ShouldHold(ObjectPath? path, string? problem)
    {
        (path is null).ShouldBe(problem is not null);
        if (path is null) return;
        path.Names.Length.ShouldBeInRange(1, ObjectPath.MaxDepth);
        foreach (var name in path.Names) ObjectPath.NameProblem(name).ShouldBeNull();
        ObjectPath.FromUrl(path.ToUrl(), out _).ShouldBe(path);
    }

    private static string Utf16(byte[] bytes)
    {
        var units = new char[bytes.Length / 2];
        for (var i = 0; i < units.Length; i++) units[i] = (char)(bytes[2 * i] | (bytes[(2 * i) + 1] << 8));
        return new string(units);
    }
}
