using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.LakeFormation.Tests.Fakes;
using Sluice.Platforms.LakeFormation.Tests.Moto;

namespace Sluice.Platforms.LakeFormation.Tests.Wire;

[Collection(MotoSuite.Name)]
public sealed class ServiceModelTests(MotoServer moto)
{
    [Fact]
    public async Task Every_request_meets_awss_own_service_model()
    {
        await moto.UseAsync(authorises: false);
        await using var aws = await FakeAws.StartAsync();
        await DriveAsync(aws);
        string[] operations =
        [
            "AddLFTagsToResource", "AssumeRole", "BatchGrantPermissions", "BatchRevokePermissions", "CreateLFTag", "GetCallerIdentity", "GetDataLakeSettings",
            "GetDatabase", "GetDatabases", "GetLFTag", "GetResourceLFTags", "GetTable", "GetTables", "ListLFTags", "ListPermissions",
            "RemoveLFTagsFromResource", "SearchDatabasesByLFTags", "SearchTablesByLFTags", "UpdateLFTag",
        ];
        aws.Requests.Select(r => r.Operation).Distinct().Order().ShouldBe(operations);
        aws.Requests.Where(r => r.Service != "sts").ShouldAllBe(r => r.Body.Contains("\"CatalogId\":\"123456789012\""));

        var lines = string.Join('\n', aws.Requests.Select(r => JsonSerializer.Serialize(new { service = r.Service, operation = r.Operation, body = r.Body, path = r.Path })));
        var (exit, output, error) = await Python.RunAsync("Wire/botocore-check.py", lines);

        exit.ShouldBe(0, output + error);
        output.ShouldContain($"checked {aws.Requests.Count}");
    }

    [Fact]
    public async Task The_check_itself_finds_what_is_wrong()
    {
        await moto.UseAsync(authorises: false);

        var (exit, output, error) = await Python.RunAsync("Wire/botocore-check.py", """
            {"service":"glue","operation":"GetTables","path":"/","body":"{\"MaxResults\":0}"}
            {"service":"glue","operation":"GetTables","path":"/","body":"{\"DatabaseName\":\"d\",\"Colour\":\"red\"}"}
            {"service":"lakeformation","operation":"ListPermissions","path":"/","body":"{\"ResourceType\":\"TABEL\"}"}
            {"service":"sts","operation":"AssumeRole","path":"/","body":"Action=AssumeRole&Version=2011-06-15&RoleArn=short&RoleSessionName=s"}
            """);

        exit.ShouldBe(1, error);
        output.ShouldSatisfyAllConditions(
            o => o.ShouldContain("Missing required parameter in input: \"DatabaseName\""),
            o => o.ShouldContain("unknown member Colour"),
            o => o.ShouldContain("TABEL is none of"),
            o => o.ShouldContain("path / is not /ListPermissions"),
            o => o.ShouldContain("Invalid length for parameter RoleArn"));
    }

    // Every call the client can make, with and without a paging token.
    private static async Task DriveAsync(FakeAws aws)
    {
        aws.On("ListLFTags", """{"LFTags":[{"TagKey":"tier","TagValues":["gold","silver"]}]}""");
        aws.On("GetLFTag", """{"TagKey":"governed","TagValues":["true"]}""");
        aws.On("ListPermissions", request => new FakeAws.Answer(
            request.TryGetProperty("NextToken", out _)
                ? FakeAws.Permissions(FakeAws.Own("""{"LFTagPolicy":{"ResourceType":"TABLE","Expression":[{"TagKey":"governed","TagValues":["true"]}]}}""", "SELECT"))
                : """{"PrincipalResourcePermissions":[],"NextToken":"next"}"""));
        aws.On("GetTables", request => new FakeAws.Answer(
            request.TryGetProperty("NextToken", out _) ? """{"TableList":[]}""" : $$"""{"TableList":[{{FakeAws.Table("t")}}],"NextToken":"next"}"""));
        var table = new CrawlScope { Container = new ObjectPath("lake", "db", "t") };
        await using (var session = aws.Open())
        {
            await session.IdentifyAsync(TestContext.Current.CancellationToken);
            await session.CheckAsync(TestContext.Current.CancellationToken);
            await SandboxLake.CrawlAsync(session);
        }

        await using (var session = aws.Open(assumesRole: true)) await SandboxLake.CrawlAsync(session, table);
        await WriteAsync(aws);
        aws.Denies("SearchTablesByLFTags");
        await using (var session = aws.Open()) await SandboxLake.CrawlAsync(session);
    }

    // Every fact there is, made, replaced and removed.
    private static async Task WriteAsync(FakeAws aws)
    {
        foreach (var operation in (string[])["BatchGrantPermissions", "BatchRevokePermissions", "AddLFTagsToResource", "RemoveLFTagsFromResource"]) aws.On(operation, """{"Failures":[]}""");
        foreach (var operation in (string[])["CreateLFTag", "UpdateLFTag"]) aws.On(operation, "{}");
        aws.On("GetLFTag", request => request.GetProperty("TagKey").GetString() == "sluice_r2"
            ? new FakeAws.Answer("""{"__type":"EntityNotFoundException","Message":"no such tag"}""", 400)
            : new FakeAws.Answer("""{"TagKey":"sluice_r1","TagValues":["ab","none"]}"""));
        var table = new ObjectPath("lake", "db", "t");
        const string Ann = "arn:aws:iam::123456789012:user/ann";
        (FactKey Key, string Definition)[] facts =
        [
            (new(FactKind.Audience, null, "sluice_r1=ab"), ""), (new(FactKind.Audience, null, "sluice_r2=cd"), ""),
            (new(FactKind.Member, null, "sluice_r1=ab", Ann), "SELECT, DESCRIBE"),
            (new(FactKind.Grant, table, Ann, "SELECT"), "with the grant option"), (new(FactKind.Grant, table, Ann, """SELECT except ["id"]"""), ""),
            (new(FactKind.Grant, table, Ann, """SELECT on ["id"]"""), ""), (new(FactKind.Grant, table, Ann, "INSERT"), ""),
            (new(FactKind.Grant, new ObjectPath("lake", "db"), Ann, "DESCRIBE"), ""),
            (new(FactKind.Grant, table, "sluice_r1=ab", "SELECT"), ""), (new(FactKind.Mask, table, "id", "sluice_r1"), "none"),
        ];
        var intent = new AccessIntent { Prefix = "SLUICE", Objects = [], Identities = [], MembersOf = _ => [] };
        await using var session = aws.Open();
        foreach (var verb in Enum.GetValues<ChangeVerb>())
        {
            var phase = facts.Select(f => new Change(ChangePhase.Grant, verb, f.Key, f.Definition, "")).ToList();
            await foreach (var outcome in ((IAppliesChanges)session).ApplyAsync(intent, phase, TestContext.Current.CancellationToken)) outcome.Error.ShouldBeNull();
        }
    }
}
