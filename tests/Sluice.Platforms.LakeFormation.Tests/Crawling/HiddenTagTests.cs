using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Tests.Fakes;
using Sluice.Sandbox.Aws;
using Sluice.Sandbox.Aws.Identity;

namespace Sluice.Platforms.LakeFormation.Tests.Crawling;

/// <summary>Values of an LF-Tag that the principal may not describe: AWS shows them nowhere.</summary>
public sealed class HiddenTagTests
{
    private static readonly string[] NoSearches = [.. SandboxCast.DocumentedActions.Where(a => !a.Contains("SearchTables", StringComparison.Ordinal))];

    public static TheoryData<bool, bool> Searches => new() { { true, true }, { true, false }, { false, true } };

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task A_hidden_value_that_overrides_a_visible_one_is_not_taken_for_the_inherited_value(bool searches, bool listsInherited)
    {
        await using var lake = await ClassifiedAsync(searches, listsInherited);
        await lake.AdministrateAsync("AddLFTagsToResource", """{"Resource":{"Table":{"DatabaseName":"sales","Name":"orders"}},"LFTags":[{"TagKey":"class","TagValues":["secret"]}]}""");
        await using var session = lake.OpenWithKey();

        var objects = SandboxLake.ByPath(await SandboxLake.CrawlAsync(session));

        objects["sales/orders"].ShouldSatisfyAllConditions(
            t => t.Governance.ShouldBe(Governance.Unknown),
            t => t.GovernanceReason.ShouldNotBeNull().ShouldStartWith("tags unknown: the LF-Tag class has a value here that this principal can't see"),
            t => t.Tags.ShouldNotContain(tag => tag.Key == "class"));
        objects["sales/customers"].Governance.ShouldBe(Governance.Governed);
        objects["sales/customers"].Tags.ShouldContain(new ObjectTag(null, "class", "public", Inherited: true));
        if (searches && listsInherited) lake.Sandbox.Requests.Of("lakeformation:GetResourceLFTags").ShouldBe(1, "only the table in doubt is asked");
    }

    [Fact]
    public async Task A_table_that_a_search_finds_by_a_columns_value_alone_is_not_taken_for_its_databases()
    {
        foreach (var listsInherited in (bool[])[true, false])
        {
            await using var lake = await ClassifiedAsync(searches: true, listsInherited);
            await lake.AdministrateAsync("AddLFTagsToResource", """{"Resource":{"Table":{"DatabaseName":"sales","Name":"orders"}},"LFTags":[{"TagKey":"class","TagValues":["secret"]}]}""");
            await lake.AdministrateAsync("AddLFTagsToResource", """{"Resource":{"TableWithColumns":{"DatabaseName":"sales","Name":"orders","ColumnNames":["order_id"]}},"LFTags":[{"TagKey":"class","TagValues":["public"]}]}""");
            await using var session = lake.OpenWithKey();

            var orders = SandboxLake.ByPath(await SandboxLake.CrawlAsync(session))["sales/orders"];

            orders.Governance.ShouldBe(Governance.Unknown);
            orders.Tags.Where(t => t.Key == "class").ShouldBe([new ObjectTag("order_id", "class", "public")]);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_column_whose_hidden_value_overrides_its_tables_leaves_the_table_unknown(bool searches)
    {
        await using var lake = await ClassifiedAsync(searches, listsInherited: true);
        await lake.AdministrateAsync("AddLFTagsToResource", """{"Resource":{"TableWithColumns":{"DatabaseName":"sales","Name":"orders","ColumnNames":["order_id"]}},"LFTags":[{"TagKey":"class","TagValues":["secret"]}]}""");
        await using var session = lake.OpenWithKey();

        var objects = SandboxLake.ByPath(await SandboxLake.CrawlAsync(session));

        objects["sales/orders"].Governance.ShouldBe(Governance.Unknown);
        objects["sales/customers"].Governance.ShouldBe(Governance.Governed);
    }

    // The database is class=public; the service principal may describe that value and not class=secret.
    private static async Task<SandboxLake> ClassifiedAsync(bool searches, bool listsInherited)
    {
        var options = new AwsSandboxOptions { SearchShowsInheritedTags = listsInherited };
        var lake = await SandboxLake.StartAsync(searches ? options : options with { ServiceActions = NoSearches });
        await lake.AdministrateAsync("CreateLFTag", """{"TagKey":"class","TagValues":["public","secret"]}""");
        await lake.AdministrateAsync("AddLFTagsToResource", """{"Resource":{"Database":{"Name":"sales"}},"LFTags":[{"TagKey":"class","TagValues":["public"]}]}""");
        await lake.GrantAsync(
            $"arn:aws:iam::{lake.Sandbox.AccountId}:user/sluice-service", """{"LFTag":{"TagKey":"class","TagValues":["public"]}}""", """["DESCRIBE"]""");
        return lake;
    }
}
