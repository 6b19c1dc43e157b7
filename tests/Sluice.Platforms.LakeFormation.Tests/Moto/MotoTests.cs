using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Tests.Fakes;

namespace Sluice.Platforms.LakeFormation.Tests.Moto;

/// <summary>
/// Against moto. It pages nothing, knows no searches (404), hands no tags down, says nothing of registration and fails (500) when a resource
/// without tags is asked for them.
/// </summary>
[Collection(MotoSuite.Name)]
public sealed class MotoTests(MotoServer moto)
{
    [Fact]
    public async Task The_catalog_is_crawled_and_without_searches_each_object_is_asked_for_its_tags()
    {
        await moto.UseAsync(authorises: false);
        await using var session = moto.OpenAs("documented");

        var pages = await SandboxLake.CrawlAsync(session);

        var objects = SandboxLake.ByPath(pages);
        objects.Keys.ShouldBe(["hr", "sales", "hr/orders", "hr/people", "sales/orders", "sales/people"], ignoreOrder: true);
        pages.SelectMany(p => p.Completed).Count().ShouldBe(3);
        pages.SelectMany(p => p.Warnings).ShouldContain(w => w.StartsWith("LF-Tags can't be searched for", StringComparison.Ordinal));
        objects["sales"].Comment.ShouldBe("the sales database");
        objects["sales"].Tags.ShouldBe([new ObjectTag(null, "sensitivity", "public")]);
        objects["sales/people"].Tags.ShouldBe([new ObjectTag(null, "sensitivity", "pii")]);
        objects["sales/orders"].Kind.ShouldBe(ObjectKind.IcebergTable);
        objects["sales/orders"].NativeId.ShouldNotBeNull().ShouldStartWith("orders@");
        objects["sales/orders"].Columns.ShouldBe(
        [
            new DiscoveredColumn("id", "bigint"), new DiscoveredColumn("name", "string", Comment: "who"), new DiscoveredColumn("dt", "date", IsPartitionKey: true),
        ]);
    }

    [Fact]
    public async Task What_aws_does_not_say_is_unknown_and_iam_allowed_principals_is_not_governed()
    {
        await moto.UseAsync(authorises: false);
        await using var session = moto.OpenAs("documented");

        var objects = SandboxLake.ByPath(await SandboxLake.CrawlAsync(session));

        objects["sales/people"].Governance.ShouldBe(Governance.Unknown);
        objects["sales/people"].GovernanceReason.ShouldNotBeNull().ShouldContain("IsRegisteredWithLakeFormation is missing");
        objects["sales/people"].GrantMethod.ShouldBe("named");
        objects["sales/orders"].GovernanceReason.ShouldNotBeNull().ShouldStartWith("tags unknown: GetResourceLFTags answered");
        objects["hr/people"].Governance.ShouldBe(Governance.Ungoverned);
        objects["hr/people"].GovernanceReason.ShouldNotBeNull().ShouldContain("IAM_ALLOWED_PRINCIPALS has permissions on the table");
        objects["hr/orders"].GrantMethod.ShouldBe("none");
    }

    [Fact]
    public async Task With_signatures_and_policies_verified_the_documented_policy_is_enough()
    {
        await moto.UseAsync(authorises: true);
        await using var session = moto.OpenAs("documented");

        (await session.IdentifyAsync(TestContext.Current.CancellationToken)).Key.ShouldBe("glue:aws:123456789012:us-east-1");
        var objects = SandboxLake.ByPath(await SandboxLake.CrawlAsync(session));

        objects.Count.ShouldBe(6);
        objects["sales/people"].Tags.ShouldNotBeEmpty();
        objects["sales/people"].GrantMethod.ShouldBe("named");
    }

    [Fact]
    public async Task With_policies_verified_one_action_less_is_denied_in_the_platforms_words()
    {
        await moto.UseAsync(authorises: true);
        foreach (var action in (string[])["glue:GetDatabases", "glue:GetTables", "lakeformation:ListPermissions", "lakeformation:ListLFTags"])
        {
            await using var session = moto.OpenWithout(action);

            var check = (await session.CheckAsync(TestContext.Current.CancellationToken)).Single(c => c.Name == action);

            check.Status.ShouldNotBe(CheckStatus.Passed, action);
            check.Result.ShouldContain($"not authorized to perform: {action}");
        }
    }

    [Fact]
    public async Task With_signatures_verified_a_wrong_secret_is_rejected()
    {
        await moto.UseAsync(authorises: true);
        await using var session = moto.OpenAs("documented", secret: "not-the-secret");

        (await Should.ThrowAsync<PlatformException>(() => session.IdentifyAsync(TestContext.Current.CancellationToken)))
            .Failure.ShouldBe(PlatformFailure.CredentialsRejected);
    }

    [Fact]
    public async Task With_signatures_verified_an_assumed_role_and_its_session_token_work()
    {
        await moto.UseAsync(authorises: true);
        await using var session = moto.OpenWithRole();

        (await session.IdentifyAsync(TestContext.Current.CancellationToken)).Key.ShouldBe("glue:aws:123456789012:us-east-1");
        SandboxLake.ByPath(await SandboxLake.CrawlAsync(session)).Count.ShouldBe(6);
    }
}
