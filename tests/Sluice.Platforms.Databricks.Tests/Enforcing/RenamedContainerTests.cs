using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>Catalogs and schemas that get another name, on the stand-in: https://docs.databricks.com/api/uc-schemas/v1/update-schema.md.</summary>
public sealed class RenamedContainerTests
{
    private const string Api = "/api/2.1/unity-catalog", Clear = "1 a@x, 2 b@x", Protected = "1 NULL, 2 NULL", Refused = "refused";

    private static readonly ObjectPath Path = new("unity", "cases", "s", "t");
    private static readonly AccessRule Sales = People.Rule("Sales"), Finance = People.Rule("Finance"), Privacy = People.Rule("Privacy");

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("schemas/cases.s", "r", "cases", "r")]
    [InlineData("catalogs/cases", "kases", "kases", "s")]
    public async Task What_is_in_it_keeps_its_protections_and_is_known_by_its_id(string container, string name, string catalog, string schema)
    {
        await using var unity = await StartAsync("s");
        unity.Sandbox.Change("ALTER TABLE cases.s.t SET TAGS ('kind' = 'list')");
        var (before, now) = ((await CrawlAsync(unity))[Path], new ObjectPath("unity", catalog, schema, "t"));
        AccessIntent Of(ObjectPath path, params string[] groups) => Intent([Person(Ann, groups), Person(Bob)], Object(Readable(Sales, masks: [Mask("email", Privacy)]), path) with { NativeId = before.NativeId });
        await unity.EnforceAsync(Of(Path, "Sales"), "before");
        (await SeenAsync(unity, Ann, "cases.s.t")).ShouldBe(Protected);

        await RenameAsync(unity, container, name);

        (await SeenAsync(unity, Ann, $"{catalog}.{schema}.t")).ShouldBe(Protected, "nothing has looked yet");
        var stale = await unity.PlanAsync(Of(Path, "Sales"));
        stale.Changes.ShouldAllBe(static c => c.Verb == ChangeVerb.Add && c.Key.Kind == FactKind.Grant, "what protects it is elsewhere by now, and nobody knows better before a crawl");
        await unity.ApplyAsync(Of(Path, "Sales"), stale.Changes);
        (await SeenAsync(unity, Ann, $"{catalog}.{schema}.t")).ShouldBe(Protected, "as it was");
        stale.Shortfalls.ShouldContain(static s => s.Reason.Contains("a crawl will tell", StringComparison.Ordinal));

        var found = (await CrawlAsync(unity))[now];
        found.NativeId.ShouldBe(before.NativeId);
        found.Columns.ShouldBe(before.Columns);
        found.Tags.ShouldBe(before.Tags);
        unity.Moved(Path, now);
        unity.OnOutcome = async outcome => (await SeenAsync(unity, Ann, $"{catalog}.{schema}.t")).ShouldBeOneOf([Protected, ""], $"{outcome.Change.Verb} {outcome.Change.Key}");
        await unity.EnforceAsync(Of(now, "Sales"), "after");
        (await SeenAsync(unity, Ann, $"{catalog}.{schema}.t")).ShouldBe(Protected);
        (await SeenAsync(unity, Bob, $"{catalog}.{schema}.t")).ShouldBe(Refused);

        unity.OnOutcome = static _ => Task.CompletedTask;
        await unity.EnforceAsync(Of(now), "who is in the group no more");
        (await SeenAsync(unity, Ann, $"{catalog}.{schema}.t")).ShouldBe(Refused);
    }

    // Somebody puts another table in its place, too.
    [Fact]
    public async Task What_is_aside_while_another_table_has_its_name_keeps_its_protections()
    {
        await using var unity = await StartAsync("s");
        var intent = Intent([Person(Ann, "Sales")], Object(Readable(Sales, masks: [Mask("email", Privacy)]), Path) with { NativeId = (await CrawlAsync(unity))[Path].NativeId });
        await unity.EnforceAsync(intent, "before");
        unity.Sandbox.Change("ALTER TABLE cases.s.t RENAME TO cases.s.aside", "CREATE TABLE cases.s.t (id BIGINT, email STRING)", "INSERT INTO cases.s.t VALUES (3, 'c@x')");

        await unity.EnforceAsync(intent, "by the name that was");

        (await SeenAsync(unity, Ann, "cases.s.aside")).ShouldBe(Protected);
        (await SeenAsync(unity, Ann, "cases.s.t")).ShouldBe(Refused);
    }

    [Fact]
    public async Task A_table_that_has_anothers_name_with_its_schema_is_neither_opened_nor_uncovered_before_a_crawl()
    {
        await using var unity = await StartAsync("s", "z");
        var other = new ObjectPath("unity", "cases", "z", "t");
        var found = await CrawlAsync(unity);
        var intent = Intent(
            [Person(Ann, "Sales"), Person(Bob, "Finance")],
            Object(Readable(Sales), Path) with { NativeId = found[Path].NativeId },
            Object(Readable(Finance, masks: [Mask("email", Privacy)]), other) with { NativeId = found[other].NativeId });
        await unity.EnforceAsync(intent, "before");
        foreach (var (from, to) in (List<(string, string)>)[("s", "aside"), ("z", "s"), ("aside", "z")]) await RenameAsync(unity, $"schemas/cases.{from}", to);

        await unity.EnforceAsync(intent, "by the names that were");

        (await SeenAsync(unity, Bob, "cases.s.t")).ShouldBe(Protected, "it is masked still");
        (await SeenAsync(unity, Ann, "cases.s.t")).ShouldBe(Refused, "she may read what had this name");
        (await SeenAsync(unity, Ann, "cases.z.t")).ShouldBe(Protected, "what is asked for under a name protects whatever has it");
        (await SeenAsync(unity, Bob, "cases.z.t")).ShouldBe(Refused);
        (await unity.PlanAsync(intent)).Shortfalls.Select(static s => s.Object).ShouldBe([Path, other], ignoreOrder: true);
    }

    private static async Task<EnforcedUnity> StartAsync(params string[] schemas)
    {
        var unity = await EnforcedUnity.StartAsync([Ann, Bob]);
        foreach (var schema in schemas) unity.Sandbox.Change($"CREATE SCHEMA cases.{schema}", $"CREATE TABLE cases.{schema}.t (id BIGINT, email STRING)", $"INSERT INTO cases.{schema}.t VALUES (1, 'a@x'), (2, 'b@x')");
        return unity;
    }

    private static Task RenameAsync(EnforcedUnity unity, string container, string name) => unity.AdministerAsync(HttpMethod.Patch, $"{Api}/{container}", new { new_name = name });

    private static async Task<Dictionary<ObjectPath, DiscoveredObject>> CrawlAsync(EnforcedUnity unity)
    {
        var found = new List<DiscoveredObject>();
        await foreach (var page in unity.Session.CrawlAsync(new CrawlScope { Container = new ObjectPath("unity") }, Ending)) found.AddRange(page.Objects);
        return found.ToDictionary(static o => o.Path);
    }

    private static async Task<string> SeenAsync(EnforcedUnity unity, string person, string table)
    {
        var (rows, refusal) = await unity.ReadAsAsync(person, $"SELECT id, email FROM {table} ORDER BY id");
        return refusal is null ? string.Join(", ", rows.Select(static r => string.Join(' ', r.Select(static c => c ?? "NULL")))) : Refused;
    }
}
