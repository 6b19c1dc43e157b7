using System.Text;
using System.Text.Json.Nodes;
using Sluice.Core.People.Scim;
using Sluice.Core.Tests.Fuzzing;

namespace Sluice.Core.Tests.People.Scim;

/// <summary>Whatever arrives in the place of a filter or a path is one or a problem, never an exception.</summary>
public sealed class ScimFilterFuzz
{
    private static readonly JsonNode Resource = JsonNode.Parse("""{"userName":"a","emails":[{"value":"a","type":"work"},1,null,[]],"active":true,"n":1}""")!;

    [Fact]
    public void Spoiled_bytes_are_a_filter_or_a_problem()
    {
        string[] corpus =
        [
            "userName eq \"bjensen\"", "name.familyName co \"O'Malley\"", "title pr and userType eq \"Employee\"", "not (emails co \"example.com\") or n gt -1.5e3",
            "emails[type eq \"work\" and value co \"@example.com\"].value", "members[value eq \"2819c223\"]", "meta.lastModified ge \"2011-05-13T04:42:34Z\"",
            ScimAttribute.Extension + ":Cost-Center eq \"12\"", "active eq null",
        ];
        string[] tokens = ["(", ")", "[", "]", "\"", "\\", "\\u", "\\ud800", " and ", " or ", " not ", " pr", " eq ", "null", "true", ".", ":", "urn:", "$ref", "-", "1e999", "\0", "🦫"];
        var mutation = new ByteMutation([.. corpus.Select(Encoding.UTF8.GetBytes)], [.. tokens.Select(Encoding.UTF8.GetBytes)]);
        Fuzz.Run(mutation.Next, bytes =>
        {
            foreach (var text in (string[])[Encoding.UTF8.GetString(bytes), Encoding.Latin1.GetString(bytes)]) ShouldBeOneOrAProblem(text);
        });
    }

    private static void ShouldBeOneOrAProblem(string text)
    {
        var filter = ScimFilterParser.Parse(text, out var problem);
        (filter is null).ShouldBe(problem is not null);
        if (filter is not null)
        {
            filter.Matches(Resource);
            if (text.Length < ScimFilterParser.LongestText / 2) ScimFilterParser.Parse(filter.ToString(), out var again).ShouldBe(filter, again);
        }

        var path = ScimFilterParser.ParsePath(text, out problem);
        (path is null).ShouldBe(problem is not null);
        foreach (var op in (string[])["add", "replace", "remove"])
        {
            try
            {
                ScimPatch.Apply(Resource.DeepClone().AsObject(), op, text, JsonValue.Create("x"));
            }
            catch (ScimPatchException e)
            {
                e.ScimType.ShouldBeOneOf("invalidPath", "noTarget", "invalidValue");
            }
        }
    }
}
