using System.Text.Json;
using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.Identity;

namespace Sluice.Sandbox.Aws.Tests.LakeFormation;

public sealed class TagTests
{
    [Fact]
    public async Task Keys_and_values_are_stored_in_lower_case()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Service.Lake("CreateLFTag", new { TagKey = "MixedCase", TagValues = new[] { "A", "a", "B" } })).ShouldSucceed();
        var tag = (await bench.Service.Lake("GetLFTag", new { TagKey = "MIXEDCASE" })).ShouldSucceed().Json;
        tag.GetProperty("TagKey").GetString().ShouldBe("mixedcase");
        Texts(tag.GetProperty("TagValues")).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Keys_values_and_their_number_are_limited_and_every_fault_is_named()
    {
        await using var bench = await Bench.StartAsync();
        var answer = await bench.Service.Lake("CreateLFTag", new { TagKey = new string('k', 51), TagValues = new[] { new string('v', 51), "semi;colon" } });
        answer.ShouldFail("InvalidInputException");
        answer.Message.ShouldStartWith("3 validation errors detected");
        (await bench.Service.Lake("CreateLFTag", new { TagKey = "k", TagValues = Enumerable.Range(0, 51).Select(value => $"v{value}") })).ShouldFail("InvalidInputException");
        (await bench.Service.Lake("CreateLFTag", new { TagKey = "k", TagValues = Array.Empty<string>() })).ShouldFail("InvalidInputException");
    }

    [Fact]
    public async Task A_key_holds_a_thousand_values_and_no_more()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Service.Lake("CreateLFTag", new { TagKey = "many", TagValues = Values(0) })).ShouldSucceed();
        for (var batch = 1; batch < 20; batch++) (await bench.Service.Lake("UpdateLFTag", new { TagKey = "many", TagValuesToAdd = Values(batch) })).ShouldSucceed();
        (await bench.Service.Lake("UpdateLFTag", new { TagKey = "many", TagValuesToAdd = new[] { "one-more" } })).ShouldFail("ResourceNumberLimitExceededException");
        Texts((await bench.Service.Lake("GetLFTag", new { TagKey = "many" })).Json.GetProperty("TagValues")).Count.ShouldBe(1000);

        static IEnumerable<string> Values(int batch) => Enumerable.Range(batch * 50, 50).Select(value => $"v{value}");
    }

    [Fact]
    public async Task Only_a_tag_creator_creates_and_only_who_holds_the_tag_changes_it()
    {
        await using var bench = await Bench.StartAsync(new() { ServiceGrants = ServiceGrants.DescribeOnly });
        (await bench.Service.Lake("CreateLFTag", new { TagKey = "k", TagValues = new[] { "v" } })).ShouldFail("AccessDeniedException")
            .Message.ShouldBe("Insufficient Lake Formation permission(s): Required Create LF-Tag on Catalog");
        (await bench.Service.Lake("DeleteLFTag", new { TagKey = "domain" })).ShouldFail("AccessDeniedException");
        (await bench.Service.Lake("DeleteLFTag", new { TagKey = "no-such-tag" })).ShouldFail("EntityNotFoundException");
    }

    [Fact]
    public async Task A_tag_one_may_not_describe_is_neither_listed_nor_shown_on_a_resource()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Admin.Lake("CreateLFTag", new { TagKey = "secret", TagValues = new[] { "yes", "no" } })).ShouldSucceed();
        (await Assign(bench.Admin, new { Database = new { Name = "sales" } }, "secret", "yes")).ShouldSucceed();
        Texts((await bench.Service.Lake("ListLFTags", new { })).Json.GetProperty("LFTags"), "TagKey").ShouldNotContain("secret");
        (await bench.Service.Lake("GetLFTag", new { TagKey = "secret" })).ShouldFail("AccessDeniedException");
        (await bench.Service.Lake("GetResourceLFTags", new { Resource = new { Database = new { Name = "sales" } } })).ShouldSucceed().Body.ShouldNotContain("secret");
        (await bench.Admin.Lake("GetResourceLFTags", new { Resource = new { Database = new { Name = "sales" } } })).ShouldSucceed().Body.ShouldContain("secret");
        (await Search(bench.Service, "secret", "yes")).ShouldFail("AccessDeniedException");

        (await bench.Admin.Lake("GrantPermissions", new
        {
            Principal = new { DataLakePrincipalIdentifier = "arn:aws:iam::123456789012:user/sluice-service" },
            Resource = new { LFTag = new { TagKey = "secret", TagValues = new[] { "no" } } },
            Permissions = new[] { "DESCRIBE" },
        })).ShouldSucceed();
        var tag = (await bench.Service.Lake("GetLFTag", new { TagKey = "secret" })).ShouldSucceed().Json;
        Texts(tag.GetProperty("TagValues")).ShouldBe(["no"]);
    }

    [Fact]
    public async Task A_deleted_tag_leaves_resources_and_grants()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Admin.Lake("DeleteLFTag", new { TagKey = "sluice_governed" })).ShouldSucceed();
        (await bench.Service.Glue("GetDatabases", new { })).Json.GetProperty("DatabaseList").GetArrayLength().ShouldBe(1);
        (await Search(bench.Admin, "sluice_governed", "true")).ShouldFail("EntityNotFoundException");
        (await bench.Admin.Lake("CreateLFTag", new { TagKey = "sluice_governed", TagValues = new[] { "true" } })).ShouldSucceed();
        (await Search(bench.Admin, "sluice_governed", "true")).ShouldSucceed().Json.GetProperty("TableList").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task With_super_the_service_assigns_its_own_tags_but_not_those_of_others()
    {
        await using var bench = await Bench.StartAsync(new() { ServiceGrants = ServiceGrants.Super });
        (await bench.Service.Lake("CreateLFTag", new { TagKey = "sluice_r1", TagValues = new[] { "v", "none" } })).ShouldSucceed();
        var orders = new { Table = new { DatabaseName = "sales", Name = "orders" } };
        (await Assign(bench.Service, orders, "sluice_r1", "v")).ShouldSucceed().Json.GetProperty("Failures").GetArrayLength().ShouldBe(0);
        var failure = (await Assign(bench.Service, orders, "domain", "hr")).ShouldSucceed().Json.GetProperty("Failures")[0];
        failure.GetProperty("Error").GetProperty("ErrorCode").GetString().ShouldBe("AccessDeniedException");
        failure.GetProperty("LFTag").GetProperty("TagKey").GetString().ShouldBe("domain");
        Names(await Search(bench.Service, "sluice_r1", "v")).ShouldBe(["orders"]);
    }

    [Theory]
    [InlineData("duplicate", "Provided list of tags contains duplicate tag key")]
    [InlineData("two values", "Tag value wild card was found or input tag value list has size not equal to 1")]
    [InlineData("wildcard", "Tag value wild card was found or input tag value list has size not equal to 1")]
    public async Task One_value_a_key_is_assigned(string mistake, string message)
    {
        await using var bench = await Bench.StartAsync();
        object[] tags = mistake switch
        {
            "duplicate" => [Tag("region", "emea"), Tag("Region", "apac")],
            "two values" => [Tag("region", "emea", "apac")],
            _ => [Tag("region", "*")],
        };
        var answer = await bench.Admin.Lake("AddLFTagsToResource", new { Resource = new { Database = new { Name = "sales" } }, LFTags = tags });
        answer.ShouldFail("InvalidInputException").Message.ShouldBe(message);

        static object Tag(string key, params string[] values) => new { TagKey = key, TagValues = values };
    }

    [Fact]
    public async Task Removing_an_override_lets_the_inherited_value_through_again()
    {
        await using var bench = await Bench.StartAsync();
        var column = new { TableWithColumns = new { DatabaseName = "sales", Name = "products", ColumnNames = new[] { "cost_price" } } };
        (await Sensitivity(bench, column)).ShouldBe("confidential");
        (await Change(bench.Admin, "RemoveLFTagsFromResource", column, "sensitivity", "confidential")).ShouldSucceed();
        (await Sensitivity(bench, column)).ShouldBe("public");
        var again = (await Change(bench.Admin, "RemoveLFTagsFromResource", column, "sensitivity", "public")).ShouldSucceed();
        again.Json.GetProperty("Failures")[0].GetProperty("Error").GetProperty("ErrorCode").GetString().ShouldBe("EntityNotFoundException");

        static async Task<string?> Sensitivity(Bench bench, object resource)
        {
            var tags = (await bench.Service.Lake("GetResourceLFTags", new { Resource = resource })).ShouldSucceed().Json;
            var column = tags.GetProperty("LFTagsOnColumns").EnumerateArray().ShouldHaveSingleItem();
            return column.GetProperty("LFTags").EnumerateArray().Single(tag => tag.GetProperty("TagKey").GetString() == "sensitivity").GetProperty("TagValues")[0].GetString();
        }
    }

    [Fact]
    public async Task A_missing_column_or_table_is_not_tagged()
    {
        await using var bench = await Bench.StartAsync();
        var column = new { TableWithColumns = new { DatabaseName = "sales", Name = "products", ColumnNames = new[] { "sku", "nothing" } } };
        (await Assign(bench.Admin, column, "region", "emea")).ShouldFail("EntityNotFoundException").Message.ShouldBe("Column not found: nothing");
        (await Assign(bench.Admin, new { Table = new { DatabaseName = "sales", Name = "nothing" } }, "region", "emea")).ShouldFail("EntityNotFoundException");
        (await Assign(bench.Service, new { Database = new { Name = "nowhere" } }, "region", "emea")).ShouldFail("AccessDeniedException");
    }

    [Fact]
    public async Task A_search_finds_what_tags_in_force_match_on_a_table_or_a_column()
    {
        await using var bench = await Bench.StartAsync();
        var found = await Bench.Collect(
            token => bench.Service.Lake("SearchTablesByLFTags", new { Expression = new[] { new { TagKey = "sensitivity", TagValues = new[] { "pii" } } }, MaxResults = 7, NextToken = token }),
            "TableList");
        var expected = DemoCatalog.Load().Databases.SelectMany(database => database.After(null))
            .Where(table => InForce(table).Any(tags => tags.GetValueOrDefault("sensitivity") == "pii"))
            .Select(table => $"{table.Database.Name}.{table.Name}");
        found.Items.Select(item => item.GetProperty("Table")).Select(table => $"{table.GetProperty("DatabaseName").GetString()}.{table.GetProperty("Name").GetString()}").ShouldBe(expected);
        found.Pages.ShouldBeGreaterThan(3);

        static IEnumerable<IReadOnlyDictionary<string, string>> InForce(TableEntry table)
        {
            var onTable = TagAssignment.Over(table.Database.Tags, table.Assigned.Table);
            return table.Definition.AllColumns.Select(column => TagAssignment.Over(onTable, table.Assigned.On(column.Name))).Append(onTable);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_search_shows_tags_in_force_or_only_those_assigned(bool inherited)
    {
        await using var bench = await Bench.StartAsync(new() { SearchShowsInheritedTags = inherited });
        var found = (await Search(bench.Service, "region", "emea")).ShouldSucceed().Json.GetProperty("TableList")
            .EnumerateArray().Single(table => table.GetProperty("Table").GetProperty("Name").GetString() == "customers_emea");
        Texts(found.GetProperty("LFTagOnDatabase"), "TagKey").ShouldBe(["domain", "region", "sensitivity", "sluice_governed"]);
        Texts(found.GetProperty("LFTagsOnTable"), "TagKey").ShouldBe(inherited ? ["domain", "region", "sensitivity", "sluice_governed"] : ["region"]);
        found.GetProperty("LFTagsOnColumns").GetArrayLength().ShouldBe(inherited ? 10 : 3);
    }

    [Fact]
    public async Task A_search_takes_fifty_values_a_key_and_no_wildcard()
    {
        await using var bench = await Bench.StartAsync();
        (await Search(bench.Service, "region", [.. Enumerable.Range(0, 50).Select(value => $"v{value}")])).ShouldSucceed();
        (await Search(bench.Service, "region", [.. Enumerable.Range(0, 51).Select(value => $"v{value}")])).ShouldFail("InvalidInputException");
        (await Search(bench.Service, "region", "*")).ShouldFail("InvalidInputException");
        (await bench.Service.Lake("SearchTablesByLFTags", new { })).ShouldFail("InvalidInputException");
        (await bench.Service.Lake("SearchTablesByLFTags", new { Expression = Array.Empty<object>() })).ShouldFail("InvalidInputException");
        (await bench.Service.Lake("SearchTablesByLFTags", new { Expression = new[] { new { TagKey = "region", TagValues = new[] { "x" } } }, MaxResults = 101 })).ShouldFail("InvalidInputException");
    }

    [Fact]
    public async Task A_search_by_a_tag_one_may_not_describe_is_refused()
    {
        await using var bench = await Bench.StartAsync(new() { ServiceGrants = ServiceGrants.None });
        bench.Sandbox.SetActions(SandboxCast.ServiceUser, ["lakeformation:*"]);
        (await Search(bench.Service, "region", "emea")).ShouldFail("AccessDeniedException");
    }

    private static Task<Answer> Assign(SigningClient client, object resource, string key, string value) => Change(client, "AddLFTagsToResource", resource, key, value);

    private static Task<Answer> Change(SigningClient client, string operation, object resource, string key, string value) =>
        client.Lake(operation, new { Resource = resource, LFTags = new[] { new { TagKey = key, TagValues = new[] { value } } } });

    private static Task<Answer> Search(SigningClient client, string key, params string[] values) =>
        client.Lake("SearchTablesByLFTags", new { Expression = new[] { new { TagKey = key, TagValues = values } } });

    private static List<string> Names(Answer answer) =>
        [.. answer.ShouldSucceed().Json.GetProperty("TableList").EnumerateArray().Select(table => table.GetProperty("Table").GetProperty("Name").GetString()!)];

    private static List<string> Texts(JsonElement list, string? member = null) =>
        [.. list.EnumerateArray().Select(item => (member is null ? item : item.GetProperty(member)).GetString()!)];
}
