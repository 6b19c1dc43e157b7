using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Core.QueryAudit;
using Sluice.Platforms.Databricks.Auditing;
using Sluice.Platforms.Databricks.Enforcing;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>
/// Every kind of request and statement that Sluice sends, word for word, beside the page of Databricks' that it follows. What the other tests at the stand-in send may be of no
/// other kind (<see cref="GoldenRequests.ShouldHold"/>).
/// </summary>
public sealed class GoldenRequestTests
{
    private static readonly ObjectPath Path = new("unity", "cases", "s", "t");
    private static readonly GovernedColumn[] Columns = [new("id", "bigint", []), new("email", "string", []), new("region", "string", []), new("price", "decimal(10,2)", []), new("at", "timestamp", [])];
    private static readonly AccessRule Sales = People.Rule("Sales"), Privacy = People.Rule("Privacy");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly FeedWindow Window = new(Noon, Noon.AddHours(1), Noon.AddDays(1));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_request_and_statement_is_what_the_page_of_its_kind_says()
    {
        await using var unity = await EnforcedUnity.StartAsync([Ann, Bob, Cat], mayMakeGroups: true, gate: 1);
        unity.Sandbox.Change("CREATE SCHEMA cases.s");
        unity.Sandbox.Change("CREATE TABLE cases.s.t (id BIGINT, email STRING, region STRING, price DECIMAL(10,2), at TIMESTAMP)");
        unity.Sandbox.Change($"GRANT SELECT ON TABLE cases.s.t TO `{Cat}`");
        unity.Sandbox.Change("CREATE CATALOG gov");
        unity.Sandbox.Change("CREATE SCHEMA gov.masks");
        unity.Sandbox.Change("CREATE FUNCTION gov.masks.loud(x STRING) RETURNS STRING RETURN upper(x)");
        foreach (var privilege in (string[])["EXECUTE ON FUNCTION gov.masks.loud", "USE CATALOG ON CATALOG gov", "USE SCHEMA ON SCHEMA gov.masks"])
            unity.Sandbox.Change($"GRANT {privilege} TO `{unity.Sandbox.ClientId}`");

        var taken = await ProtectAsync(unity);
        await GroupAsync(unity);
        await unity.ApplyAsync(Of(0), [unity.Platform.PutBack(taken.Key, taken.Restore!, null)]);
        await unity.EnforceAsync(Of(0) with { Objects = [] }, "gone");
        await ReadAsync(unity);

        GoldenRequests.Check(unity.Sent.Concat(await OnClusterAsync()).SelectMany(RequestKind.Of).Concat(OfSql()));
    }

    // The same statements in other requests.
    private static async Task<IEnumerable<SentRequest>> OnClusterAsync()
    {
        var unity = await EnforcedUnity.StartAsync([Ann, Bob, Cat], gate: 1, onCluster: true);
        await using (unity)
        {
            unity.Sandbox.Change("CREATE SCHEMA cases.s");
            unity.Sandbox.Change("CREATE TABLE cases.s.t (id BIGINT, email STRING, region STRING, price DECIMAL(10,2), at TIMESTAMP)");
            await unity.EnforceAsync(Of(0, [Mask("email", Privacy)]), "on a cluster");
        }

        return unity.Sent;
    }

    // Masks and a filter of every kind, and all of it exchanged while people change; the grant that was taken away.
    private static async Task<Change> ProtectAsync(EnforcedUnity unity)
    {
        var email = new Operand.Column("region");
        var first = Of(0, [Mask("email", Privacy, new MaskFunction.Hash()), Mask("price", Privacy, new MaskFunction.RoundNumber(10))], [new RowRule(new Predicate.AttributeContains("Region", email), Privacy, "r")]);
        var taken = (await unity.PlanAsync(first)).Changes.Single(static c => c.Restore is not null);
        await unity.EnforceAsync(first, "protected");
        var conditional = Mask("email", Privacy, new MaskFunction.Custom([new("Databricks", "gov.masks.loud")], 0)) with { Condition = new Predicate.Comparison(ComparisonOperator.Equal, email, new Operand.Text("EU")) };
        var exchanged = Of(0, [conditional, Mask("at", Privacy, new MaskFunction.RoundTime(TimePrecision.Day)), Mask("price", Sales)], [new RowRule(new Predicate.IsNull(new Operand.Column("id")), Sales, "r")], bobs: ["Sales", "Privacy"]);
        await unity.EnforceAsync(exchanged with { ProtectsUnregistered = false, MaskFunctionSchemas = ["gov.masks"] }, "exchanged");
        return taken;
    }

    private static async Task GroupAsync(EnforcedUnity unity)
    {
        await unity.EnforceAsync(Of(1000), "by groups");
        await unity.EnforceAsync(Of(1000, bobs: ["Other"]), "one leaves");
        await unity.EnforceAsync(Of(0), "by name");
    }

    private static async Task ReadAsync(EnforcedUnity unity)
    {
        var epoch = (IKeepsEpoch)unity.Session;
        foreach (var count in (long[])[1, 2]) await epoch.WriteEpochAsync("SLUICE", count, Token);
        (await epoch.ReadEpochAsync("SLUICE", Token)).ShouldBe(2);
        await epoch.RemoveEpochAsync("SLUICE", Token);
        await unity.Session.IdentifyAsync(Token);
        await unity.Session.CheckAsync(Token);
        await ((IChecksMaskFunctions)unity.Session).CheckMaskFunctionsAsync(["gov.masks"], [new MaskFunction.Custom([new("Databricks", "gov.masks.loud")], 0)], Token);
        await foreach (var _ in unity.Session.CrawlAsync(new CrawlScope { Container = new ObjectPath("unity") }, Token))
        {
        }
    }

    // What no request above sends: the statements of kinds of tables that the stand-in does not make, of the system tables, and of lists that go on.
    private static IEnumerable<(string Kind, string Text)> OfSql()
    {
        var own = new OwnCatalog("sluice_home");
        var tables = new SystemTables(["42", "43"]);
        var (attached, key) = (new Attachment("mask_1", ["region"]).Definition(""), new FactKey(FactKind.Mask, Path, "email"));
        var rows = new FactKey(FactKind.RowRule, Path, "rows");
        IEnumerable<string> ofKinds =
            from kind in (ObjectKind[])[ObjectKind.Table, ObjectKind.StreamingTable, ObjectKind.MaterializedView]
            from change in (Change[])[Changed(ChangeVerb.Add, key), Changed(ChangeVerb.Remove, key), Changed(ChangeVerb.Add, rows), Changed(ChangeVerb.Remove, rows)]
            select RuleWriter.StatementOf(own, change, kind);
        var (page, after) = (new TableRange(new TableKey("a", "t"), new TableKey("b", "u"), ["a", "b"]), new TableKey("a", "it's"));
        return ofKinds.Concat(
        [
            tables.Queries(Window, 1000), tables.Accesses(Window, 1000), SystemTables.Edges(Window, true, 1000), SystemTables.Edges(Window, false, 1000),
            tables.QueriesBehind(Window, "s1", 1000), tables.AccessesBehind(Window, "e1", 1000), SystemTables.EdgesBehind(Window, true, null, 1000),
            SystemTables.EdgesBehind(Window, false, ["2026-03-01T12:00:00.000Z", "c", "s", "it's", null, "c", "s", "u", null], 1000),
            SystemTables.LineageOf(["s1", "s2"], Noon, true, null, 1000), SystemTables.LineageOf(["s1"], Noon, false, ["s1", "c", "s", "it's", null, null, null, null, null], 1000),
            InformationSchema.CatalogTags(null, 100), InformationSchema.CatalogTags(("c", "t"), 100), InformationSchema.SchemaTags("c", null, 100), InformationSchema.SchemaTags("c", ("s", "t"), 100),
            InformationSchema.Tables("c", ["s"], null, 100), InformationSchema.Tables("c", ["s"], after, 100), InformationSchema.Table("c", after),
            InformationSchema.Columns("c", InformationSchema.Between(page), null, 100), InformationSchema.Columns("c", InformationSchema.Named([after]), (after, "3"), 100),
            InformationSchema.TableTags("c", page, null, 100), InformationSchema.TableTags("c", page, (after, "t"), 100), InformationSchema.ColumnTags("c", page, null, 100), InformationSchema.ColumnTags("c", page, (after, "id", "t"), 100),
        ]).Select(static s => (RequestKind.OfSql(s), s));

        Change Changed(ChangeVerb verb, FactKey of) => new(ChangePhase.Protect, verb, of, attached, "");
    }

    private static AccessIntent Of(int budget, ColumnMask[]? masks = null, RowRule[]? rows = null, string[]? bobs = null) => Intent(
        [Person(Ann, "Sales"), Person(Bob, bobs ?? ["Sales"]), Person(Cat)],
        Object(Readable(Sales, write: Privacy, masks: masks, rows: rows), Path, columns: Columns)).Grouped(budget);
}
