using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Sluice.Core.Catalog;

namespace Sluice.Core.Tests.Catalog;

public sealed class ObjectPathTests
{
    private const int Iterations = 3_000;

    [Fact]
    public void Any_well_formed_names_survive_the_URL() => Names.Path.Sample(
        names =>
        {
            var path = new ObjectPath(names);
            var read = ObjectPath.FromUrl(path.ToUrl(), out var problem);
            problem.ShouldBeNull();
            read.ShouldNotBeNull().ShouldBe(path);
            read.Names.ShouldBe(names);
        },
        iter: Iterations);

    [Fact]
    public void A_URL_holds_only_what_every_reader_of_URLs_leaves_alone() => Names.Path.Sample(
        names =>
        {
            var url = new ObjectPath(names).ToUrl();
            url.Where(c => !char.IsAsciiLetterOrDigit(c) && !"-_.~%/".Contains(c)).ShouldBeEmpty();
            url.Count(c => c == '/').ShouldBe(names.Length - 1);
            url.Split('/').Where(segment => segment is "." or "..").ShouldBeEmpty();
        },
        iter: Iterations);

    [Fact]
    public void A_URL_is_read_however_its_sender_encoded_it() => Gen.Select(Names.Path, Gen.Bool.Array[64]).Sample(
        (names, encoded) =>
        {
            var url = string.Join('/', names.Select(name => Encode(name, encoded)));
            ObjectPath.FromUrl(url, out _).ShouldBe(new ObjectPath(names), url);
        },
        iter: Iterations);

    [Fact]
    public void Reading_agrees_with_a_naive_decoder() => Names.AnyText.Sample(
        raw =>
        {
            var expected = NaiveNames(raw);
            var read = ObjectPath.FromUrl(raw, out var problem);
            if (expected is null)
            {
                read.ShouldBeNull();
                problem.ShouldNotBeNullOrEmpty();
            }
            else
            {
                problem.ShouldBeNull();
                read.ShouldNotBeNull().Names.ShouldBe(expected);
            }
        },
        iter: 10_000);

    [Theory]
    [InlineData("key/a%2Fb", "a/b")]
    [InlineData("key/a%252Fb", "a%2Fb")]
    [InlineData("key/a%25252Fb", "a%252Fb")]
    [InlineData("key/%2E", ".")]
    [InlineData("key/%2e%2E", "..")]
    [InlineData("key/..", "..")]
    [InlineData("key/%22quoted%22", "\"quoted\"")]
    [InlineData("key/a+b", "a+b")]
    [InlineData("key/a%20b", "a b")]
    [InlineData("key/%F0%9F%A6%AB", "🦫")]
    [InlineData("key/🦫", "🦫")]
    [InlineData("key/a%0Ab", "a\nb")]
    public void A_segment_is_decoded_exactly_once(string url, string name)
    {
        ObjectPath.FromUrl(url, out var problem).ShouldBe(new ObjectPath("key", name));
        problem.ShouldBeNull();
    }

    [Theory]
    [InlineData("", "name 1 is empty")]
    [InlineData("/", "name 1 is empty")]
    [InlineData("key/", "name 2 is empty")]
    [InlineData("key//table", "name 2 is empty")]
    [InlineData("a/b/c/d/e", "has 5 names; the deepest object has 4")]
    [InlineData("key/%", "segment 2 is not percent-encoded UTF-8")]
    [InlineData("key/%2", "segment 2 is not percent-encoded UTF-8")]
    [InlineData("key/%GG", "segment 2 is not percent-encoded UTF-8")]
    [InlineData("key/%+1", "segment 2 is not percent-encoded UTF-8")]
    [InlineData("key/%C3", "segment 2 is not percent-encoded UTF-8")]
    [InlineData("key/%C0%AF", "segment 2 is not percent-encoded UTF-8")] // an overlong slash
    [InlineData("key/%ED%A0%80", "segment 2 is not percent-encoded UTF-8")] // a surrogate
    [InlineData("key/%F4%90%80%80", "segment 2 is not percent-encoded UTF-8")] // beyond Unicode
    [InlineData("key/a%00b", "name 2 holds a NUL character")]
    public void What_is_no_path_says_where(string url, string expected)
    {
        ObjectPath.FromUrl(url, out var problem).ShouldBeNull();
        problem.ShouldBe(expected);
    }

    [Fact]
    public void A_lone_surrogate_is_no_name()
    {
        ObjectPath.NameProblem("a\uD800").ShouldBe("is not well-formed Unicode");
        ObjectPath.NameProblem("\uDC00\uD800").ShouldBe("is not well-formed Unicode");
        ObjectPath.NameProblem("\uD800a").ShouldBe("is not well-formed Unicode");
        ObjectPath.NameProblem("\uD83E\uDDAB").ShouldBeNull();
        ObjectPath.FromUrl("key/a\uD800", out _).ShouldBeNull();
    }

    [Fact]
    public void A_name_has_at_most_the_longest_length()
    {
        var longest = new string('n', ObjectPath.MaxNameLength);
        ObjectPath.FromUrl("key/" + longest, out _).ShouldNotBeNull().Name.ShouldBe(longest);
        ObjectPath.FromUrl("key/" + longest + "n", out var problem).ShouldBeNull();
        problem.ShouldBe("name 2 is longer than 1024 characters");
    }

    [Fact]
    public void Any_well_formed_names_survive_JSON() => Names.Path.Sample(
        names => ObjectPath.FromJson(JsonSerializer.Serialize(names), out _).ShouldBe(new ObjectPath(names)),
        iter: Iterations);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("5")]
    [InlineData("\"key\"")]
    [InlineData("[1]")]
    [InlineData("[[\"key\"]]")]
    [InlineData("[\"key\"")]
    [InlineData("[\"key\"] []")]
    [InlineData("[\"\\uD800\"]")]
    public void JSON_that_is_no_list_of_names_is_a_problem(string json)
    {
        ObjectPath.FromJson(json, out var problem).ShouldBeNull();
        problem.ShouldBe("must be a JSON array of names");
    }

    [Fact]
    public void JSON_that_is_no_text_is_a_problem()
    {
        // Not a row of the table above: an attribute can't hold a lone surrogate.
        ObjectPath.FromJson("[\"key\",\"\uD800\"]", out var problem).ShouldBeNull();
        problem.ShouldBe("must be a JSON array of names");
    }

    [Theory]
    [InlineData("[]", "must hold at least the connection's key")]
    [InlineData("[\"key\",null]", "name 2 is empty")]
    [InlineData("[\"\"]", "name 1 is empty")]
    [InlineData("[\"1\",\"2\",\"3\",\"4\",\"5\"]", "has 5 names; the deepest object has 4")]
    [InlineData("[\"key\",\"a\\u0000\"]", "name 2 holds a NUL character")]
    public void JSON_names_are_checked_as_those_of_a_URL(string json, string expected)
    {
        ObjectPath.FromJson(json, out var problem).ShouldBeNull();
        problem.ShouldBe(expected);
    }

    [Fact]
    public void Names_are_compared_exactly()
    {
        new ObjectPath("key", "Table").ShouldNotBe(new ObjectPath("key", "table"));
        new ObjectPath("key", "e\u0301").ShouldNotBe(new ObjectPath("key", "\u00E9"));
        new ObjectPath("key", "a", "b").ShouldNotBe(new ObjectPath("key", "a/b"));
        new ObjectPath("key", "a").GetHashCode().ShouldBe(new ObjectPath("key", "a").GetHashCode());
        new ObjectPath("key").Equals("key").ShouldBeFalse();
    }

    [Fact]
    public void A_path_covers_itself_and_what_lies_below_and_nothing_else() =>
        Gen.Select(Gen.OneOf("a", "b").Array[1, 4], Gen.OneOf("a", "b").Array[1, 4]).Sample(
            (upper, lower) =>
            {
                var expected = upper.Length <= lower.Length;
                for (var i = 0; expected && i < upper.Length; i++) expected = upper[i] == lower[i];
                new ObjectPath(upper).Covers(new ObjectPath(lower)).ShouldBe(expected);
            },
            iter: Iterations);

    [Fact]
    public void A_child_lies_one_below_its_parent() => Names.WellFormed.Array[1, 3].Sample(names =>
    {
        var parent = new ObjectPath(names);
        var child = parent.Child("child");
        child.Parent.ShouldBe(parent);
        child.Depth.ShouldBe(parent.Depth + 1);
        child.Name.ShouldBe("child");
        child.ConnectionKey.ShouldBe(names[0]);
        parent.Covers(child).ShouldBeTrue();
        child.Covers(parent).ShouldBeFalse();
        child.WithConnectionKey("other").Names.ShouldBe(["other", .. names[1..], "child"]);
    });

    [Fact]
    public void A_connection_has_no_parent_and_the_deepest_object_no_child()
    {
        new ObjectPath("key").Parent.ShouldBeNull();
        Should.Throw<ArgumentException>(() => new ObjectPath("a", "b", "c", "d").Child("e"));
        Should.Throw<ArgumentException>(() => new ObjectPath());
        Should.Throw<ArgumentException>(() => new ObjectPath("key", ""));
    }

    private static string Encode(string name, bool[] encoded)
    {
        var text = new StringBuilder();
        var i = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.Value is '/' or '%' || encoded[i++ % encoded.Length])
                foreach (var unit in Encoding.UTF8.GetBytes(rune.ToString())) text.Append(CultureInfo.InvariantCulture, $"%{unit:x2}");
            else text.Append(rune.ToString());
        }

        return text.ToString();
    }

    // By the book and slowly: percent triplets to bytes, the rest through UTF-8, and everything strictly back.
    private static string[]? NaiveNames(string raw)
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var names = new List<string>();
        foreach (var segment in raw.Split('/'))
        {
            try
            {
                var bytes = new List<byte>();
                for (var i = 0; i < segment.Length;)
                {
                    if (segment[i] == '%')
                    {
                        if (i + 3 > segment.Length || !segment.Skip(i + 1).Take(2).All(char.IsAsciiHexDigit)) return null;
                        bytes.Add(Convert.ToByte(segment.Substring(i + 1, 2), 16));
                        i += 3;
                        continue;
                    }

                    var width = char.IsHighSurrogate(segment[i]) && i + 1 < segment.Length ? 2 : 1;
                    bytes.AddRange(strict.GetBytes(segment.Substring(i, width)));
                    i += width;
                }

                names.Add(strict.GetString([.. bytes]));
            }
            catch (ArgumentException)
            {
                return null;
            }
        }

        return names.Count > 4 || names.Any(n => n.Length is 0 or > 1024 || n.Contains('\0')) ? null : [.. names];
    }
}
