using System.Text;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.PostgreSql.Enforcing;
using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Every mask and row rule as the whole policy that it becomes, beside the page of Snowflake's that its expression follows.</summary>
public sealed class GoldenPolicyTests
{
    private const string Functions = "https://docs.snowflake.com/en/sql-reference/functions/";
    private const string Conditional = "https://docs.snowflake.com/en/user-guide/security-column-intro#conditional-columns";

    private static readonly GovernedColumn[] Columns =
    [
        new("NAME", "VARCHAR(16777216)", [], ColumnFamily.Text), new("CODE", "VARCHAR(3)", [], ColumnFamily.Text), new("N", "NUMBER(38,0)", [], ColumnFamily.Integer), new("PRICE", "NUMBER(10,2)", [], ColumnFamily.Number),
        new("F", "FLOAT", [], ColumnFamily.Number), new("DAY", "DATE", [], ColumnFamily.Date), new("AT", "TIMESTAMP_NTZ(9)", [], ColumnFamily.Time), new("AT_L", "TIMESTAMP_LTZ(9)", [], ColumnFamily.Time),
        new("AT_Z", "TIMESTAMP_TZ(9)", [], ColumnFamily.Time), new("FLAG", "BOOLEAN", [], ColumnFamily.Boolean), new("DOC", "VARIANT", [], ColumnFamily.Other),
    ];

    private static readonly Operand Name = new Operand.Column("NAME"), Day = new Operand.Column("DAY"), Price = new Operand.Column("PRICE");

    private static IEnumerable<(string What, string Page, ColumnMask[] Masks, Predicate[] Rows)> Cases =>
    [
        .. Masks.Select(static m => (m.What, m.Page, (ColumnMask[])[Mask(m.Column, m.Function)], (Predicate[])[])),
        ("two masks of a column, the stronger first", Functions + "case", [Mask("NAME", new MaskFunction.Constant("?")), Mask("NAME", new MaskFunction.Null(), "Q")], []),
        ("a mask in rows where a condition holds", Conditional, [Mask("NAME", new MaskFunction.Null()) with { Condition = new Predicate.Comparison(ComparisonOperator.Greater, Price, new Operand.Number(9.5m)) }], []),
        ("a mask in rows where its own column is of a value", Conditional, [Mask("NAME", new MaskFunction.Constant("")) with { Condition = new Predicate.In(Name, [new Operand.Text("it's"), new Operand.Text("x")]) }], []),
        .. Rows.Select(static r => (r.What, r.Page, (ColumnMask[])[], (Predicate[])[r.Predicate])),
        ("two row rules of one table", "https://docs.snowflake.com/en/sql-reference/sql/create-row-access-policy", [], [new Predicate.InGroups(["A"]), new Predicate.IsNull(Name)]),
    ];

    private static IEnumerable<(string What, string Page, string Column, MaskFunction Function)> Masks =>
    [
        ("null", "https://docs.snowflake.com/en/sql-reference/sql/create-masking-policy", "DOC", new MaskFunction.Null()),
        ("hash of a text", Functions + "sha2", "NAME", new MaskFunction.Hash()),
        ("hash of a text too short for one: NULL", "https://docs.snowflake.com/en/release-notes/bcr-bundles/2024_04/bcr-1355", "CODE", new MaskFunction.Hash()),
        ("hash of a number: NULL", "https://docs.snowflake.com/en/user-guide/security-column-intro", "N", new MaskFunction.Hash()),
        ("constant text", Functions + "cast", "NAME", new MaskFunction.Constant("it's \\ hidden")),
        ("constant number", Functions + "cast", "PRICE", new MaskFunction.Constant("-1.50")),
        ("constant day", Functions + "date_from_parts", "DAY", new MaskFunction.Constant("2000-02-29")),
        ("constant time", Functions + "to_timestamp", "AT", new MaskFunction.Constant("2000-02-29 12:30:00")),
        ("constant time with a zone", Functions + "to_timestamp", "AT_Z", new MaskFunction.Constant("2000-02-29 12:30:00")),
        ("constant flag", Functions + "cast", "FLAG", new MaskFunction.Constant("true")),
        ("constant that does not fit: NULL", "https://docs.snowflake.com/en/release-notes/bcr-bundles/2024_04/bcr-1355", "CODE", new MaskFunction.Constant("long")),
        ("regular expression, everywhere", Functions + "regexp_replace", "NAME", new MaskFunction.Regex(@"[0-9]+'\d", @"#\1", IgnoresCase: false, IsGlobal: true)),
        ("regular expression, once, whatever the case", Functions + "regexp_replace", "NAME", new MaskFunction.Regex("a|b", "", IgnoresCase: true, IsGlobal: false)),
        ("rounded whole number", Functions + "mod", "N", new MaskFunction.RoundNumber(10)),
        ("rounded number", Functions + "mod", "PRICE", new MaskFunction.RoundNumber(0.25m)),
        ("rounded to a finer size than the column has: NULL", Functions + "mod", "N", new MaskFunction.RoundNumber(0.5m)),
        ("rounded float", Functions + "floor", "F", new MaskFunction.RoundNumber(0.5m)),
        ("day rounded to its quarter", Functions + "date_trunc", "DAY", new MaskFunction.RoundTime(TimePrecision.Quarter)),
        ("time rounded to its hour", Functions + "date_trunc", "AT", new MaskFunction.RoundTime(TimePrecision.Hour)),
        ("time of the session's zone rounded to its month", Functions + "convert_timezone", "AT_L", new MaskFunction.RoundTime(TimePrecision.Month)),
        ("time with a zone rounded to its day", Functions + "convert_timezone", "AT_Z", new MaskFunction.RoundTime(TimePrecision.Day)),
        ("the operator's function", "https://docs.snowflake.com/en/developer-guide/udf/sql/udf-sql-scalar-functions", "PRICE", new MaskFunction.Custom([new("Snowflake", "TOOLS.MASKS.LOUD")], 0)),
        ("a function that may not be called: NULL", "https://docs.snowflake.com/en/sql-reference/sql/create-masking-policy", "PRICE", new MaskFunction.Custom([new("Snowflake", "ELSE.WHERE.LOUD")], 0)),
    ];

    private static IEnumerable<(string What, string Page, Predicate Predicate)> Rows =>
    [
        ("no row", "https://docs.snowflake.com/en/sql-reference/sql/create-row-access-policy", new Predicate.Constant(false)),
        ("rows of people of groups", "https://docs.snowflake.com/en/user-guide/security-row-intro", new Predicate.InGroups(["A", "it's"])),
        ("rows of people with an attribute", Functions + "array_contains", new Predicate.HasAttribute("Region", "EU")),
        ("rows whose value is among an attribute's", Functions + "array_contains", new Predicate.AttributeContains("Region", Name)),
        ("rows whose value names a group of theirs", Functions + "array_contains", new Predicate.GroupsContain(Name)),
        ("rows of a list of values", "https://docs.snowflake.com/en/sql-reference/functions/in", new Predicate.In(Name, [new Operand.Text("a"), new Operand.Text("b")])),
        ("rows of a pattern", Functions + "like", new Predicate.Like(Name, "a%_'")),
        ("rows between two days", Functions + "between", new Predicate.Between(Day, new Operand.Text("2024-01-01"), new Operand.Text("2024-12-31"))),
        ("rows of no value", Functions + "is-null", new Predicate.IsNull(Name)),
        ("rows not of a value, or of another", "https://docs.snowflake.com/en/sql-reference/operators-logical", new Predicate.Any([new Predicate.Not(new Predicate.Comparison(ComparisonOperator.Equal, Name, new Operand.Text("x"))), new Predicate.All([new Predicate.Comparison(ComparisonOperator.LessOrEqual, Price, new Operand.Number(1)), new Predicate.Comparison(ComparisonOperator.NotEqual, new Operand.Column("FLAG"), new Operand.Boolean(true))])])),
        ("rows of the person's name", Functions + "current_user", new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Property(PropertyKind.Username), Name)),
        ("rows by what functions make of values", Functions + "coalesce", new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Call(ScalarFunction.Coalesce, [new Operand.Call(ScalarFunction.Lower, [new Operand.Call(ScalarFunction.Trim, [Name])]), new Operand.Call(ScalarFunction.Upper, [new Operand.Column("CODE")])]), new Operand.Text("x"))),
        ("rows by a length and a size", Functions + "length", new Predicate.Comparison(ComparisonOperator.Less, new Operand.Call(ScalarFunction.Length, [Name]), new Operand.Call(ScalarFunction.Abs, [Price]))),
        ("rows of the last day, by a time", Functions + "dateadd", new Predicate.IsNewerThan(new Operand.Column("AT"), TimeSpan.FromDays(1))),
        ("rows of the last day, by a time with a zone", Functions + "dateadd", new Predicate.IsNewerThan(new Operand.Column("AT_Z"), TimeSpan.FromDays(1))),
        ("a share of the rows", Functions + "sha2", new Predicate.IsInShare(Name, 25)),
        ("what no session reads alike: no row", Functions + "to_char", new Predicate.IsInShare(new Operand.Column("F"), 25)),
    ];

    [Theory]
    [InlineData(true, "policies")]
    [InlineData(false, "policies-pass")]
    public void Every_mask_and_row_rule_is_the_policy_that_it_was_read_as(bool protectsUnregistered, string file)
    {
        var names = new NativeNames("SLUICE", "GOV");
        var functions = new MaskFunctions(Technology.Snowflake, ["TOOLS.MASKS"], "GOV");
        var text = new StringBuilder();
        foreach (var (what, page, masks, rows) in protectsUnregistered ? Cases : Cases.Take(2))
        {
            var item = Item(masks, rows);
            var intent = new AccessIntent { Prefix = "SLUICE", OwnContainer = "GOV", Objects = [item], Identities = [], MembersOf = static _ => [], ProtectsUnregistered = protectsUnregistered, ExemptRoles = protectsUnregistered ? [] : ["it's", "ETL"] };
            var protection = Protection.Of(intent, names, functions, item);
            text.Append($"-- {what}: {page}\n");
            foreach (var shortfall in protection.Shortfalls) text.Append($"-- told: {shortfall}\n");
            foreach (var call in protection.Calls)
                text.Append($"{CallingFunction.StatementOf(new Change(ChangePhase.Prepare, ChangeVerb.Add, new FactKey(FactKind.Support, null, call.Name, CallingFunction.Detail), call.Definition, ""), names.Function(call.Name), new InstanceMark("0a1b2c3d"))};\n");
            foreach (var policy in protection.Policies)
            {
                var key = policy.KeyOn(item.Object);
                text.Append($"{Statements.CreatePolicy(NativeNames.KindOf(policy.Name), names.Policy(policy.Name), policy.Text, "mark")};\n");
                var (_, columns) = SetPolicy.Placed(policy.Name, policy.Columns);
                text.Append(policy.Column is { } column ? Statements.Mask(Statements.Altered(key), column, names.Policy(policy.Name), columns, isReplacing: false) : Statements.Filter(Statements.Altered(key), null, names.Policy(policy.Name), columns));
                text.Append(";\n");
            }

            text.Append('\n');
        }

        Golden.Check(text.ToString(), file, "Enforcing");
    }

    // Whoever adds a mask or a predicate has to show what it becomes.
    [Fact]
    public void No_mask_and_no_predicate_is_left_out()
    {
        Kinds<MaskFunction>().Except(Masks.Select(static m => m.Function.GetType())).ShouldBeEmpty();
        // Bound away before a platform sees them (PredicateBinding), as are tagged columns.
        Type[] bound = [typeof(Predicate.TagIsAttribute), typeof(Predicate.TagIsGroup), typeof(Predicate.IsSubscribed)];
        var shown = Rows.SelectMany(static r => Parts(r.Predicate)).Concat(Cases.SelectMany(static c => c.Masks).SelectMany(static m => m.Condition is { } condition ? Parts(condition) : [])).Select(static p => p.GetType());
        Kinds<Predicate>().Except(bound).Except(shown).ShouldBeEmpty();

        static IEnumerable<Type> Kinds<T>() => typeof(T).GetNestedTypes().Where(static t => t.IsAssignableTo(typeof(T)));
    }

    private static IEnumerable<Predicate> Parts(Predicate predicate) => (predicate switch
    {
        Predicate.All all => all.Terms.SelectMany(Parts),
        Predicate.Any any => any.Terms.SelectMany(Parts),
        Predicate.Not not => Parts(not.Term),
        _ => [],
    }).Prepend(predicate);

    private static ColumnMask Mask(string column, MaskFunction function, string exempt = "P") => new(column, function, People.Rule(exempt), null, "mask");

    private static IntendedObject Item(ColumnMask[] masks, Predicate[] rows) => new()
    {
        Object = new GovernedObject { Path = new ObjectPath("snow", "SHOP", "S", "T"), Kind = ObjectKind.Table, Tags = [], Columns = [.. Columns] },
        Access = new ObjectAccess { Read = People.Rule("A"), Write = AccessRule.Nobody, Masks = [.. masks], RowRules = [.. rows.Select(static r => new RowRule(r, People.Rule("P"), "rows"))] },
    };
}
