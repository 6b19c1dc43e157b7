using System.Text.Json.Nodes;
using CsCheck;
using Sluice.Core.People.Scim;

namespace Sluice.Core.Tests.People.Scim;

public sealed class ScimFilterTests
{
    private static readonly JsonObject Ada = JsonNode.Parse("""
        {
          "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
          "id": "7", "externalId": "00uA", "userName": "Ada@example.com", "active": true, "name": {"familyName": "O'Malley", "givenName": ""},
          "emails": [{"value": "ada@example.com", "type": "work", "primary": true}, {"value": "ada@home.org", "type": "home"}],
          "meta": {"lastModified": "2011-05-13T04:42:34Z"}, "rank": 7,
          "urn:ietf:params:scim:schemas:extension:sluice:2.0:User": {"Region": ["EU", "US"], "Cost Center": "12"}
        }
        """)!.AsObject();

    [Theory]
    [InlineData("userName eq \"ada@EXAMPLE.com\"", true)]
    [InlineData("USERNAME EQ \"ada@example.com\"", true)]
    [InlineData("urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"ada\"", true)]
    [InlineData("externalId eq \"00ua\"", false)]
    [InlineData("externalId eq \"00uA\"", true)]
    [InlineData("name.familyName co \"o'mal\"", true)]
    [InlineData("name.givenName pr", false)]
    [InlineData("nickName pr", false)]
    [InlineData("nickName ne \"x\"", true)]
    [InlineData("nickName eq null", true)]
    [InlineData("userName ne null", true)]
    [InlineData("userName ew \".COM\"", true)]
    [InlineData("active eq true", true)]
    [InlineData("active ne true", false)]
    [InlineData("active eq \"true\"", false)]
    [InlineData("rank gt 6", true)]
    [InlineData("rank le 6.5", false)]
    [InlineData("meta.lastModified gt \"2011-05-13T05:42:33+01:00\"", true)]
    [InlineData("meta.lastModified lt \"2011-05-13T04:42:34Z\"", false)]
    [InlineData("meta.lastModified ge \"2011-05-13T04:42:34Z\"", true)]
    [InlineData("emails co \"home\"", true)]
    [InlineData("emails.type eq \"work\"", true)]
    [InlineData("emails[type eq \"work\" and value co \"@home\"]", false)]
    [InlineData("emails[type eq \"home\" and value co \"@home\"]", true)]
    [InlineData("emails[not (type eq \"home\") and primary eq true]", true)]
    [InlineData("emails.type eq \"work\" and emails.value co \"@home\"", true)]
    [InlineData("not (active eq true) or rank eq 7", true)]
    [InlineData("rank eq 7 or rank eq 7 and active eq false", true)]
    [InlineData("(rank eq 7 or rank eq 7) and active eq false", false)]
    [InlineData("urn:ietf:params:scim:schemas:extension:sluice:2.0:User:Region eq \"US\"", true)]
    [InlineData("urn:ietf:params:scim:schemas:extension:sluice:2.0:User:Region eq \"us\"", false)]
    public void A_filter_is_what_the_specification_says(string filter, bool passes)
    {
        var read = ScimFilterParser.Parse(filter, out var problem).ShouldNotBeNull(problem);

        read.Matches(Ada).ShouldBe(passes);
        ScimFilterParser.Parse(read.ToString(), out _).ShouldBe(read);
    }

    [Theory]
    [InlineData("", "character 1: an attribute")]
    [InlineData("userName", "an operator")]
    [InlineData("userName is \"x\"", "character 10")]
    [InlineData("userName eq", "a value")]
    [InlineData("userName eq ada", "a value")]
    [InlineData("userName eq \"ada", "a value")]
    [InlineData("userName eq {}", "a value")]
    [InlineData("userName eq \"\\ud800\"", "a value")]
    [InlineData("userName pr and", "an attribute")]
    [InlineData("(userName pr", "')'")]
    [InlineData("userName pr)", "the end")]
    [InlineData("emails[type eq \"work\"", "']'")]
    [InlineData("a.b.c pr", "an attribute")]
    public void What_is_no_filter_is_told_with_its_place(string filter, string problem)
    {
        ScimFilterParser.Parse(filter, out var told).ShouldBeNull();
        told.ShouldNotBeNull().ShouldContain(problem);
    }

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        ScimFilterParser.Parse(string.Concat(new string('(', 1000), "a pr", new string(')', 1000)), out var deep).ShouldBeNull();
        deep.ShouldNotBeNull().ShouldContain("deeper");
        ScimFilterParser.Parse($"a eq \"{new string('x', ScimFilterParser.LongestText)}\"", out var large).ShouldBeNull();
        large.ShouldNotBeNull().ShouldContain("at most");
    }

    [Fact]
    public void A_filter_reads_back_from_its_text()
    {
        ScimAttribute[] attributes = [new("userName"), new("name", "givenName"), new("not"), new(ScimAttribute.Extension, "Region")];
        string[] words = ["true", "false", "null"];
        var attribute = Gen.Int[0, attributes.Length - 1].Select(i => attributes[i]);
        var value = Gen.OneOf(Gen.Int.Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)), Gen.Int[0, words.Length - 1].Select(i => words[i]), Gen.String[Gen.Char['a', 'z'], 0, 5].Select(s => $"\"{s}\""));
        var leaf = Gen.OneOf(
            attribute.Select(ScimFilter (a) => new ScimFilter.Present(a)),
            Gen.Select(attribute, Gen.Enum<ScimOperator>(), value).Select(ScimFilter (a, o, v) => new ScimFilter.Comparison(a, o, v)));
        var filter = Gen.Recursive<ScimFilter>((depth, inner) => depth > 4 ? leaf : Gen.OneOf(
            leaf,
            Gen.Select(inner, inner).Select(ScimFilter (a, b) => new ScimFilter.And(a, b)),
            Gen.Select(inner, inner).Select(ScimFilter (a, b) => new ScimFilter.Or(a, b)),
            inner.Select(ScimFilter (i) => new ScimFilter.Not(i)),
            Gen.Select(attribute, inner).Select(ScimFilter (a, i) => new ScimFilter.OneValue(a, i))));

        filter.Sample(f => ScimFilterParser.Parse(f.ToString(), out var problem).ShouldBe(f, problem));
    }
}
