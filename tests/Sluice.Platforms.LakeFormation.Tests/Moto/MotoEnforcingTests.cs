using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using Sluice.Platforms.LakeFormation.Tests.Fakes;

namespace Sluice.Platforms.LakeFormation.Tests.Moto;

/// <summary>Enforcement against moto, with signatures and IAM policies verified. It has no searches, so what carries an LF-Tag can't be observed there.</summary>
[Collection(MotoSuite.Name)]
public sealed class MotoEnforcingTests(MotoServer moto)
{
    [Fact]
    public async Task Named_grants_with_and_without_columns_come_and_go()
    {
        await moto.UseAsync(authorises: true);
        await using var session = moto.OpenAs("documented");
        var ann = EnforcedLake.Person("moto-ann", "Sales");
        var open = Intent(ann, EnforcedLake.Readable(People.Rule("Sales")) with { Write = People.Rule("Sales") });
        var masked = Intent(ann, EnforcedLake.Readable(People.Rule("Sales"), EnforcedLake.Mask("name", People.Rule("Privacy"))));
        var nothing = Intent(ann, EnforcedLake.Readable(AccessRule.Nobody));

        (await ReconcileAsync(session, open)).Select(c => c.Key.Detail).Order(StringComparer.Ordinal).ShouldBe(["DELETE", "DESCRIBE", "INSERT", "SELECT"]);
        (await ReconcileAsync(session, masked)).Where(c => c.Verb == ChangeVerb.Add).ShouldHaveSingleItem().Key.Detail.ShouldBe("""SELECT except ["name"]""");
        (await ReconcileAsync(session, nothing)).ShouldHaveSingleItem().Verb.ShouldBe(ChangeVerb.Remove);
    }

    [Fact]
    public async Task Audiences_are_made_assigned_taken_off_and_deleted()
    {
        await moto.UseAsync(authorises: true);
        await using var session = moto.OpenAs("documented");
        var table = new ObjectPath("lake", "hr", "people");
        FactKey[] facts =
        [
            new(FactKind.Audience, null, "mototest_r1=ab"),
            new(FactKind.Member, null, "mototest_r1=ab", EnforcedLake.Arn("moto-ann")),
            new(FactKind.Grant, table, "mototest_r1=ab", "SELECT"),
        ];
        var definitions = new[] { "", "SELECT, DESCRIBE", "" };
        var made = facts.Select((f, i) => new Change(ChangePhase.Grant, ChangeVerb.Add, f, definitions[i], "")).ToList();
        var intent = Intent(EnforcedLake.Person("moto-ann"), EnforcedLake.Readable(AccessRule.Nobody));

        await ApplyAsync(session, intent, made);
        SandboxLake.ByPath(await SandboxLake.CrawlAsync(session))["hr/people"].Tags.ShouldContain(new ObjectTag(null, "mototest_r1", "ab"));

        foreach (var change in Enumerable.Reverse(made)) await ApplyAsync(session, intent, [change with { Verb = ChangeVerb.Remove }]);
        SandboxLake.ByPath(await SandboxLake.CrawlAsync(session))["hr/people"].Tags.ShouldNotContain(t => t.Key == "mototest_r1");
    }

    private static AccessIntent Intent(IdentityHolders person, ObjectAccess access) => new()
    {
        Prefix = "SLUICE",
        Identities = [person],
        MembersOf = People.Decide([person]),
        Objects =
        [
            new IntendedObject
            {
                Object = new GovernedObject
                {
                    Path = new ObjectPath("lake", "sales", "people"),
                    Kind = ObjectKind.Table,
                    Tags = [],
                    Columns = [new GovernedColumn("id", "bigint", []), new GovernedColumn("name", "string", []), new GovernedColumn("dt", "date", [])],
                },
                GrantMethod = "named",
                Access = access,
            },
        ],
    };

    private static async Task<IReadOnlyList<Change>> ReconcileAsync(IPlatformSession session, AccessIntent intent)
    {
        var plan = await PlanAsync(session, intent);
        await ApplyAsync(session, intent, plan.Changes);
        (await PlanAsync(session, intent)).Changes.ShouldBeEmpty();
        return plan.Changes;
    }

    private static async Task<Plan> PlanAsync(IPlatformSession session, AccessIntent intent) => PlanBuilder.Build(
        Payload.Platform().Compile(intent),
        await ((IObservesAccess)session).ObserveAsync(intent, TestContext.Current.CancellationToken),
        EnforcementMode.Sync,
        new ImpactScope(2, new HashSet<string>(), _ => false));

    private static async Task ApplyAsync(IPlatformSession session, AccessIntent intent, IReadOnlyList<Change> changes)
    {
        foreach (var phase in changes.GroupBy(c => c.Phase).OrderBy(g => g.Key))
        {
            await foreach (var outcome in ((IAppliesChanges)session).ApplyAsync(intent, [.. phase], TestContext.Current.CancellationToken)) outcome.Error.ShouldBeNull();
        }
    }
}
