using System.Text;
using System.Text.Json;
using CsCheck;
using Sluice.Platforms.LakeFormation.Governing;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Tests.Wire;

public sealed class TagReadingTests
{
    // Few lists, so that they repeat, as a search's do; some differ in their writing alone.
    private static readonly Gen<string> List = OneOf(
        "[]", "null",
        """[{"CatalogId":"1","TagKey":"pii","TagValues":["true"]}]""",
        """[{"TagKey":"pii","TagValues":["true"],"CatalogId":"1"}]""",
        """[ {"CatalogId":"1","TagKey":"pii","TagValues":["true"]} ]""",
        """[{"CatalogId":"1","TagKey":"pii","TagValues":["false"]}]""",
        """[{"CatalogId":"1","TagKey":"pii","TagValues":["true","maybe"]},{"CatalogId":"1","TagKey":"domain","TagValues":["\u0073ales"]}]""");

    private static readonly Gen<string> Name = OneOf("\"a\"", "\"b\"", "\"c d\"", "\"\\u00e4\"", "\"]}\"");

    private static readonly Gen<string> Colon = OneOf(":", ":", ":", " : ");

    private static readonly Gen<string> Column = Gen.Select(Name, List, Colon, Gen.Bool, (name, list, colon, isNameFirst) => isNameFirst
        ? $$"""{"Name"{{colon}}{{name}},"LFTags"{{colon}}{{list}}}"""
        : $$"""{"LFTags"{{colon}}{{list}},"More":{"LFTags":[1]},"Name"{{colon}}{{name}}}""");

    private static readonly Gen<string> Table = Gen.Select(Name, List, List, Column.Array[0, 5], Gen.Bool, (name, database, table, columns, isColumnsFirst) =>
    {
        var onColumns = $"""LFTagsOnColumns":[{string.Join(",", columns)}]""";
        var others = $$"""LFTagOnDatabase":{{database}},"Table":{"CatalogId":"1","DatabaseName":"sales","Name":{{name}}},"LFTagsOnTable":{{table}}""";
        return isColumnsFirst ? $$"""{"{{onColumns}},"{{others}}}""" : $$"""{"{{others}},"{{onColumns}}}""";
    });

    private static readonly Gen<string> Answer = Table.Array[0, 5].Select(tables => $$"""{"NextToken":"t","TableList":[{{string.Join(",", tables)}}],"More":[[]]}""");

    [Fact]
    public void A_search_reads_the_same_however_often_its_lists_repeat() => Answer.Sample(answer =>
    {
        var page = Found(answer);
        page.NextToken.ShouldBe("t");
        page.Items.Select(Told).ShouldBe(Model(answer));
    });

    [Fact]
    public void What_follows_a_repeated_list_is_read_as_strictly_as_ever() => Gen.Select(Answer, Gen.Int[0, 10_000], Gen.Char["{}[]:,\"x0 "]).Sample((answer, at, to) =>
    {
        var broken = answer.Remove(at % answer.Length, 1).Insert(at % answer.Length, $"{to}");
        if (IsJson(broken)) return;
        Should.Throw<Exception>(() => Found(broken)).ShouldSatisfyAllConditions(e => (e is JsonException or InvalidOperationException or FormatException).ShouldBeTrue(e.GetType().Name));
    });

    [Theory]
    [InlineData("""{"LFTags":[{"TagKey":"pii","TagValues":["false"]}],"Name":"b"}""")]
    [InlineData("""["b"]""")]
    [InlineData("7")]
    public void A_name_of_a_column_that_is_no_text_is_refused(string name) => Should.Throw<JsonException>(() => Found(
        $$"""
        {"TableList":[{"Table":{"CatalogId":"1","DatabaseName":"sales","Name":"t"},"LFTagsOnTable":[{"TagKey":"pii","TagValues":["true"]}],
        "LFTagsOnColumns":[{"Name":{{name}},"LFTags":[{"TagKey":"pii","TagValues":["true"]}]}]}]}
        """));

    private static Page<ResourceTags> Found(string answer)
    {
        var body = Encoding.UTF8.GetBytes(answer);
        var reader = new Utf8JsonReader(body);
        var page = new TagReading("1", new LakePool()).Found("pii", body, ref reader);
        return reader.Read() ? throw new JsonException() : page;
    }

    private static bool IsJson(string text)
    {
        try
        {
            JsonDocument.Parse(text).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Told(ResourceTags found) => $"{found.Database}.{found.Table}: {string.Join(" ", found.Tags.Select(t => t.ToString()))}";

    /// <summary>The same by a document in memory, list by list.</summary>
    private static IEnumerable<string> Model(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        var pool = new LakePool();
        var told = new List<string>();
        foreach (var table in document.RootElement.GetProperty("TableList").EnumerateArray())
        {
            var resource = new TaggedResource
            {
                Database = table.GetProperty("Table").GetProperty("DatabaseName").GetString()!,
                Table = table.GetProperty("Table").GetProperty("Name").GetString(),
                OnDatabase = Tags(table.GetProperty("LFTagOnDatabase")),
                OnTable = Tags(table.GetProperty("LFTagsOnTable")),
            };
            foreach (var column in table.GetProperty("LFTagsOnColumns").EnumerateArray())
                foreach (var tag in Tags(column.GetProperty("LFTags"))) resource.OnColumns.Add((column.GetProperty("Name").GetString()!, tag));
            told.Add(Told(new ResourceTags(resource.Database, resource.Table, [.. TagResolution.OfTable(resource, "pii", pool, [])])));
        }

        return told;
    }

    private static LFTag[] Tags(JsonElement list) => list.ValueKind == JsonValueKind.Null ? [] : [.. list.EnumerateArray().Select(tag =>
        new LFTag(tag.GetProperty("TagKey").GetString()!, [.. tag.GetProperty("TagValues").EnumerateArray().Select(v => v.GetString()!)]))];

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
