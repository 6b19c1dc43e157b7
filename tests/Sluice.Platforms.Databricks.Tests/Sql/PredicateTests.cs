using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.Databricks.Enforcing;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Tests.Sql;

/// <summary>Predicates as Databricks' SQL.</summary>
public sealed class PredicateTests
{
    private const string Known = "FROM `sluice`.`entitlements`.`entitlement` e WHERE lower(e.identity) = lower(session_user()))";
    private const string Sets = "STRUCT<`all`: ARRAY<STRING>, `some`: ARRAY<STRING>>";

    private static readonly Operand Text = new Operand.Column("t"), Number = new Operand.Column("n"), Day = new Operand.Column("d"), Time = new Operand.Column("ts"), Local = new Operand.Column("ntz");

    public static TheoryData<Predicate, string> Printed => new()
    {
        { Compare(Text, new Operand.Text("it's \\ $x")), "(c0 = 'it\\'s \\\\ \\$x')" },
        { Compare(Number, new Operand.Number(-1.5m)), "(c0 = (-1.5))" },
        // ANSI: a text that is no number would end the query, so they are not compared.
        { Compare(Text, new Operand.Number(1)), "CAST(NULL AS BOOLEAN)" },
        { Compare(Number, new Operand.Text("1")), "CAST(NULL AS BOOLEAN)" },
        { Compare(Day, new Operand.Text("2026-02-28")), "(c0 = DATE'2026-02-28')" },
        { Compare(Day, new Operand.Text("2026-02-30")), "CAST(NULL AS BOOLEAN)" },
        { Compare(Time, new Operand.Text("2026-01-02T03:04:05+01:00")), "(c0 = TIMESTAMP'2026-01-02T02:04:05.000000Z')" },
        { Compare(Local, new Operand.Text("2026-01-02 03:04:05")), "(c0 = TIMESTAMP_NTZ'2026-01-02T03:04:05.000000')" },
        { Compare(Time, Local), "CAST(NULL AS BOOLEAN)" },
        { new Predicate.In(Text, [new Operand.Text("a"), new Operand.Null()]), "(c0 IN ('a', NULL))" },
        { new Predicate.Like(Text, @"50\%_"), @"(c0 LIKE '50\\\\%_')" },
        { new Predicate.Like(Number, "1%"), "(CAST(c0 AS STRING) LIKE '1%')" },
        { new Predicate.Not(new Predicate.IsNull(Text)), "(NOT (c0 IS NULL))" },
        { new Predicate.InGroups(["A'"]), $@"(SELECT try_element_at(from_json(e.known, 'groups MAP<STRING, BOOLEAN>').groups, 'A\'') {Known}" },
        {
            new Predicate.HasAttribute("n", "v"),
            $"(CASE WHEN array_contains({Values("all")}, 'v') THEN true WHEN 'v' IS NOT NULL AND NOT array_contains({Values("some")}, 'v') THEN false END)"
        },
        {
            new Predicate.GroupsContain(Text),
            $"(CASE WHEN array_contains((SELECT from_json(e.known, 'names {Sets}').names.`all` {Known}, c0) THEN true WHEN c0 IS NOT NULL AND NOT array_contains((SELECT from_json(e.known, 'names {Sets}').names.`some` {Known}, c0) THEN false END)"
        },
        { Compare(new Operand.Property(PropertyKind.Username), Text), $"((SELECT from_json(e.known, 'username STRING').username {Known} = c0)" },
        { Compare(new Operand.Property(PropertyKind.Schema), Text), "('orders' = c0)" },
        { new Predicate.IsNewerThan(Time, TimeSpan.FromDays(90)), "(unix_micros(c0) >= unix_micros(current_timestamp()) - 7776000000000)" },
        { new Predicate.IsNewerThan(Local, TimeSpan.FromHours(1)), "(timestampdiff(MICROSECOND, TIMESTAMP_NTZ'1970-01-01 00:00:00', c0) >= unix_micros(current_timestamp()) - 3600000000)" },
        { new Predicate.IsNewerThan(Day, TimeSpan.FromDays(1)), "((CAST(datediff(c0, DATE'1970-01-01') AS BIGINT) * 86400000000) >= unix_micros(current_timestamp()) - 86400000000)" },
        { new Predicate.IsInShare(Number, 10), "(substr(sha2(CAST(c0 AS STRING), 256), 1, 8) < '1999999a')" },
        { new Predicate.IsInShare(Text, 100), "(substr(sha2(c0, 256), 1, 8) < 'g')" },
    };

    [Theory]
    [MemberData(nameof(Printed))]
    public void A_predicate_is_printed(Predicate predicate, string expected)
    {
        Print(predicate, out var problem).ShouldBe(expected);
        problem.ShouldBeNull();
    }

    [Fact]
    public void What_cannot_be_printed_is_false()
    {
        foreach (var predicate in (Predicate[])[new Predicate.IsNewerThan(Text, TimeSpan.FromDays(1)), Compare(new Operand.Column("gone"), Number), Compare(Text, new Operand.Text("a\nb")), new Predicate.Like(new Operand.Column("odd"), "a%")])
        {
            Print(predicate, out var problem).ShouldBe("false");
            problem.ShouldNotBeNull();
        }
    }

    private static Predicate.Comparison Compare(Operand left, Operand right) => new(ComparisonOperator.Equal, left, right);

    private static string Values(string which) => $"(SELECT try_element_at(from_json(e.known, 'attributes MAP<STRING, {Sets}>').attributes, 'n').`{which}` {Known}";

    private static string Print(Predicate predicate, out string? problem)
    {
        var of = new GovernedObject
        {
            Path = new ObjectPath("unity", "sales", "orders", "lines"),
            Kind = ObjectKind.Table,
            Tags = [],
            Columns = [new("t", "string", []), new("n", "int", []), new("d", "date", []), new("ts", "timestamp", []), new("ntz", "timestamp_ntz", []), new("odd", "array<int>", [])],
        };
        var intent = new AccessIntent { Prefix = "SLUICE", Objects = [], Identities = [], MembersOf = static _ => [] };
        return new DatabricksPredicate(of, new ReaderSql(new OwnCatalog("sluice"), intent), new FunctionColumns()).Print(predicate, out problem);
    }
}
