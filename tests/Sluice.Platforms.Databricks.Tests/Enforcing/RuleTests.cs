using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.Databricks.Enforcing;
using Sluice.Platforms.Databricks.Tests.Fakes;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;
using AccessCompiler = Sluice.Platforms.Databricks.Enforcing.AccessCompiler;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>The functions that mask and filter, their statements, and what can't be done.</summary>
public sealed class RuleTests
{
    private const string Exemption = "EXISTS (SELECT 1 FROM `sluice`.`entitlements`.`exemption` e WHERE lower(e.identity) = lower(session_user()) AND e.audience = '{0}')";

    private static readonly AccessRule Sales = People.Rule("Sales"), Privacy = People.Rule("Privacy");
    private static readonly GovernedColumn Id = new("id", "bigint", []), Email = new("email", "string", []), Region = new("region", "varchar(8)", []), At = new("at", "timestamp", []);
    private static readonly RowRule Europe = new(new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("region"), new Operand.Text("EU")), Privacy, "r");

    private static string Exempt => string.Format(null, Exemption, Privacy.Id.Value);

    [Fact]
    public void A_mask_is_one_function_with_the_value_as_its_first_parameter()
    {
        var facts = Compile(Object(Readable(Sales, masks: [Mask("email", Privacy)]), columns: [Id, Email]));

        Body(facts, "mask_").ShouldBe($"(c0 STRING) RETURNS STRING RETURN CASE WHEN (NOT {Exempt}) THEN NULL ELSE c0 END");
        facts.Facts.Single(static f => f.Key.Kind == FactKind.Mask).Key.ShouldBe(new FactKey(FactKind.Mask, Lines, "email"));
        facts.Facts.Where(static f => f.Key.Kind == FactKind.Exemption).Select(static f => f.Key.Subject).ShouldBe([Bob]);
        facts.Shortfalls.ShouldBeEmpty();
        facts.Facts.Count(static f => f.Key.Detail == "SELECT").ShouldBe(2, "nobody is kept from the table");
    }

    [Fact]
    public void Columns_that_are_masked_alike_share_a_function_and_others_do_not()
    {
        var other = Lines.Parent!.Child("others");
        var alike = Compile(
            Object(Readable(Sales, masks: [Mask("email", Privacy), Mask("name", Privacy), Mask("id", Privacy)]), columns: [Id, Email, new("name", "varchar(9)", [])]),
            Object(Readable(Sales, masks: [Mask("mail", Privacy)]), other, ObjectKind.Table, new GovernedColumn("mail", "string", [])));

        alike.Facts.Count(static f => f.Key.Kind == FactKind.Mask).ShouldBe(4);
        alike.Facts.Count(static f => f.Key.Subject.StartsWith("functions.mask_", StringComparison.Ordinal)).ShouldBe(2, "of texts one, of numbers another");
    }

    [Fact]
    public void The_columns_of_a_condition_are_further_arguments()
    {
        var facts = Compile(Object(
            Readable(Sales, masks: [Mask("email", Privacy) with { Condition = new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("region"), new Operand.Text("EU")) }]),
            columns: [Id, Email, Region]));

        Body(facts, "mask_").ShouldBe($"(c0 STRING, c1 STRING) RETURNS STRING RETURN CASE WHEN ((NOT {Exempt}) AND coalesce((c1 = 'EU'), true)) THEN NULL ELSE c0 END");
        var attached = facts.Facts.Single(static f => f.Key.Kind == FactKind.Mask);
        Statement(attached, ObjectKind.Table).ShouldMatch(@"\AALTER TABLE `sales`\.`orders`\.`lines` ALTER COLUMN `email` SET MASK `sluice`\.`functions`\.`mask_[0-9a-f]{32}` USING COLUMNS \(`region`\)\z");
    }

    // https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-row-filter: FALSE and NULL keep a row out.
    [Fact]
    public void All_row_rules_of_a_table_are_one_filter_and_unknown_is_not_true()
    {
        var both = new RowRule(new Predicate.IsNull(new Operand.Column("id")), AccessRule.Nobody, "s");
        var facts = Compile(Object(Readable(Sales, rows: [Europe, both]), columns: [Id, Email, Region]));

        Body(facts, "filter_").ShouldBe($"(c0 STRING, c1 BIGINT) RETURNS BOOLEAN RETURN ({Exempt} OR coalesce((c0 = 'EU'), false)) AND (false OR coalesce((c1 IS NULL), false))");
        var attached = facts.Facts.Single(static f => f.Key.Kind == FactKind.RowRule);
        Statement(attached, ObjectKind.Table).ShouldMatch(@"\AALTER TABLE `sales`\.`orders`\.`lines` SET ROW FILTER `sluice`\.`functions`\.`filter_[0-9a-f]{32}` ON \(`region`, `id`\)\z");
    }

    [Fact]
    public void A_rule_that_names_what_is_missing_shows_nobody_but_the_exempt_anything()
    {
        var facts = Compile(Object(Readable(Sales, rows: [new RowRule(new Predicate.Constant(false), Privacy, "r", IsUnbound: true)])));

        Body(facts, "filter_").ShouldBe($"() RETURNS BOOLEAN RETURN ({Exempt} OR coalesce(false, false))");
        Statement(facts.Facts.Single(static f => f.Key.Kind == FactKind.RowRule), ObjectKind.Table).ShouldEndWith(" ON ()");
    }

    // https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-alter-streaming-table and …-alter-materialized-view
    [Theory]
    [InlineData(ObjectKind.Table, "TABLE")]
    [InlineData(ObjectKind.ExternalTable, "TABLE")]
    [InlineData(ObjectKind.StreamingTable, "STREAMING TABLE")]
    [InlineData(ObjectKind.MaterializedView, "MATERIALIZED VIEW")]
    public void Each_kind_is_altered_by_its_own_statement(ObjectKind kind, string word)
    {
        var facts = Compile(Object(Readable(Sales, masks: [Mask("email", Privacy)], rows: [Europe]), kind: kind, columns: [Id, Email, Region]));

        foreach (var fact in facts.Facts.Where(static f => f.Key.Kind is FactKind.Mask or FactKind.RowRule))
        {
            Statement(fact, kind).ShouldStartWith($"ALTER {word} `sales`.`orders`.`lines` ");
            var removed = new Change(ChangePhase.Unprotect, ChangeVerb.Remove, fact.Key, fact.Definition, "");
            RuleWriter.StatementOf(new OwnCatalog("sluice"), removed, kind).ShouldBe($"ALTER {word} `sales`.`orders`.`lines` {(fact.Key.Kind == FactKind.Mask ? "ALTER COLUMN `email` DROP MASK" : "DROP ROW FILTER")}");
        }
    }

    [Theory]
    [InlineData(ObjectKind.View)]
    [InlineData(ObjectKind.FederatedTable)]
    [InlineData(ObjectKind.IcebergTable)]
    public void What_takes_no_functions_is_left_to_the_exempt(ObjectKind kind)
    {
        var facts = Compile(Object(Readable(Sales, masks: [Mask("email", Privacy)], rows: [Europe]), kind: kind, columns: [Id, Email, Region]));

        facts.Facts.Where(static f => f.Key.Detail == "SELECT").Select(static f => f.Key.Subject).ShouldBe([Bob]);
        facts.Facts.ShouldNotContain(static f => f.Key.Kind != FactKind.Grant);
        facts.Shortfalls.Count.ShouldBe(2);
    }

    [Fact]
    public void A_column_that_a_filter_reads_is_not_masked_but_kept_from_those_it_would_be_masked_for()
    {
        var facts = Compile(Object(Readable(Sales, masks: [Mask("region", Privacy), Mask("email", Privacy)], rows: [Europe]), columns: [Id, Email, Region]));

        facts.Facts.Where(static f => f.Key.Kind == FactKind.Mask).Select(static f => f.Key.Subject).ShouldBe(["email"]);
        facts.Facts.ShouldContain(static f => f.Key.Kind == FactKind.RowRule);
        facts.Facts.Where(static f => f.Key.Detail == "SELECT").Select(static f => f.Key.Subject).ShouldBe([Bob]);
        facts.Shortfalls.ShouldHaveSingleItem().Reason.ShouldContain("region");
    }

    [Fact]
    public void Who_is_not_registered_passes_where_the_settings_say_so_and_the_exempt_group_always()
    {
        var intent = Intent([Person(Ann, "Sales"), Person(Bob, "Sales", "Privacy")], Object(Readable(Sales, masks: [Mask("email", Privacy)])));
        var facts = AccessCompiler.Compile(intent with { ProtectsUnregistered = false, ExemptRoles = ["data's engineers", Cat] });

        Body(facts, "mask_").ShouldBe(
            "(c0 STRING) RETURNS STRING RETURN CASE WHEN (NOT ((NOT EXISTS (SELECT 1 FROM `sluice`.`entitlements`.`registered` r WHERE lower(r.identity) = lower(session_user()))) "
            + $"OR is_account_group_member('data\\'s engineers') OR (lower(session_user()) = lower('{Cat}')) OR is_account_group_member('{Cat}') OR {Exempt})) THEN NULL ELSE c0 END");
        facts.Facts.Where(static f => f.Key.Detail == SupportTables.RegisteredDetail).Select(static f => f.Key.Subject).ShouldBe([Ann, Bob]);
    }

    [Theory]
    [InlineData("bigint", "Hash", "NULL")]
    [InlineData("string", "Hash", "sha2(concat((SELECT s.salt FROM `sluice`.`entitlements`.`salt` s), c0), 256)")]
    [InlineData("varchar(63)", "Hash", "NULL")]
    [InlineData("array<string>", "Hash", "NULL")]
    [InlineData("bigint", "Round 10", "try_cast((CAST(c0 AS DECIMAL(20,0)) - (((CAST(c0 AS DECIMAL(20,0)) % 10) + 10) % 10)) AS BIGINT)")]
    [InlineData("decimal(9,2)", "Round 0.5", "try_cast((c0 - (((c0 % 0.5) + 0.5) % 0.5)) AS DECIMAL(9,2))")]
    [InlineData("double", "Round 10", "floor(c0 / 10D) * 10D")]
    [InlineData("timestamp", "Month", "timestamp_micros(CAST(datediff(trunc(date_add(DATE'1970-01-01', CAST((unix_micros(c0) - (((unix_micros(c0) % 86400000000) + 86400000000) % 86400000000)) div 86400000000 AS INT)), 'MONTH'), DATE'1970-01-01') AS BIGINT) * 86400000000)")]
    [InlineData("timestamp", "Hour", "timestamp_micros(unix_micros(c0) - (((unix_micros(c0) % 3600000000) + 3600000000) % 3600000000))")]
    [InlineData("date", "Year", "trunc(c0, 'YEAR')")]
    [InlineData("date", "Hour", "NULL")]
    [InlineData("varchar(4)", "Constant", "NULL")]
    [InlineData("varchar(9)", "Constant", "'hidden'")]
    [InlineData("string", "Regex", @"regexp_replace(c0, '(?s)\\A(.*?)(?:([0-9]+)\\z)', '\$1<\$2\\0\\\\>')")]
    [InlineData("varchar(4)", "Regex", @"left(regexp_replace(c0, '(?s)\\A(.*?)(?:([0-9]+)\\z)', '\$1<\$2\\0\\\\>'), 4)")]
    public void Each_mask_has_its_expression_and_what_does_not_fit_is_NULL(string type, string mask, string expected)
    {
        MaskFunction function = mask switch
        {
            "Hash" => new MaskFunction.Hash(),
            "Round 10" => new MaskFunction.RoundNumber(10),
            "Round 0.5" => new MaskFunction.RoundNumber(0.5m),
            "Month" => new MaskFunction.RoundTime(TimePrecision.Month),
            "Hour" => new MaskFunction.RoundTime(TimePrecision.Hour),
            "Year" => new MaskFunction.RoundTime(TimePrecision.Year),
            "Constant" => new MaskFunction.Constant("hidden"),
            _ => new MaskFunction.Regex("([0-9]+)$", @"<\10\\>", IgnoresCase: false, IsGlobal: false),
        };
        var facts = Compile(Object(Readable(Sales, masks: [Mask("x", AccessRule.Nobody, function)]), columns: [new GovernedColumn("x", type, [])]));

        Body(facts, "mask_").ShouldEndWith($" RETURN CASE WHEN (NOT false) THEN {expected} ELSE c0 END");
        facts.Shortfalls.Any().ShouldBe(expected == "NULL");
    }

    // https://docs.databricks.com/aws/data-governance/unity-catalog/filters-and-masks/manually-apply: what is not SQL is wrapped in a SQL function.
    [Theory]
    [InlineData("string", "STRING", "`sluice`.`functions`.`{0}`(c0)")]
    [InlineData("varchar(3)", "STRING", "left(`sluice`.`functions`.`{0}`(c0), 3)")]
    [InlineData("decimal(9,2)", "DECIMAL(9,2)", "`sluice`.`functions`.`{0}`(c0)")]
    public void A_custom_mask_calls_a_function_that_calls_the_operators(string type, string argument, string value)
    {
        var custom = new MaskFunction.Custom([new("Databricks", "Gov.`odd``'s`.F")], 0);
        var intent = Intent([Person(Ann, "Sales")], Object(Readable(Sales, masks: [Mask("x", AccessRule.Nobody, custom)]), columns: [new GovernedColumn("x", type, [])]));
        var facts = AccessCompiler.Compile(intent with { MaskFunctionSchemas = ["GOV.`ODD``'s`"] });

        var call = facts.Facts.Single(static f => SqlFunction.IsCall(f.Key.Subject));
        call.Definition.ShouldBe($"(c0 {argument}) RETURNS {argument} RETURN try_cast(`gov`.`odd``'s`.`f`(c0) AS {argument})");
        SqlFunction.Nothing(call.Definition).ShouldBe($"(c0 {argument}) RETURNS {argument} RETURN CAST(NULL AS {argument})");
        Body(facts, "mask_").ShouldEndWith($" RETURN CASE WHEN (NOT false) THEN {value.Replace("{0}", call.Key.Subject["functions.".Length..], StringComparison.Ordinal)} ELSE c0 END");
        facts.Shortfalls.ShouldBeEmpty();
        AccessCompiler.Compile(intent).Shortfalls.ShouldHaveSingleItem().Reason.ShouldContain("settings.maskFunctionSchemas");
    }

    [Fact]
    public void A_type_that_is_the_users_own_text_is_never_written()
    {
        var facts = Compile(Object(Readable(Sales, masks: [Mask("x", Privacy)]), columns: [new GovernedColumn("x", "struct<`a) RETURNS`:int>", [])]));

        facts.Facts.ShouldNotContain(static f => f.Key.Kind == FactKind.Support);
        facts.Facts.Where(static f => f.Key.Detail == "SELECT").Select(static f => f.Key.Subject).ShouldBe([Bob]);
    }

    // https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-sql-function
    [Fact]
    public void Tables_and_functions_are_made_with_the_mark()
    {
        var (own, mark) = (new OwnCatalog("sluice"), new InstanceMark(FakeWorkspace.Instance));
        var facts = Compile(Object(Readable(Sales, masks: [Mask("email", Privacy)])));
        var statements = facts.Facts.Where(static f => f.Key is { Kind: FactKind.Support, Detail: "" })
            .SelectMany(f => RuleWriter.StatementsOf(own, mark, new Change(ChangePhase.Prepare, ChangeVerb.Add, f.Key, f.Definition, ""))).ToList();

        statements.Count.ShouldBe(6);
        statements[0].ShouldMatch($@"\ACREATE OR REPLACE FUNCTION `sluice`\.`functions`\.`mask_[0-9a-f]{{32}}`\(c0 STRING\) RETURNS STRING COMMENT '{mark.Comment}' RETURN CASE WHEN .* END\z");
        statements[1..].ShouldBe(
        [
            $"CREATE TABLE IF NOT EXISTS `sluice`.`entitlements`.`entitlement` (identity STRING NOT NULL, known STRING NOT NULL) COMMENT '{mark.Comment}'",
            $"CREATE TABLE IF NOT EXISTS `sluice`.`entitlements`.`exemption` (identity STRING NOT NULL, audience STRING NOT NULL) COMMENT '{mark.Comment}'",
            $"CREATE TABLE IF NOT EXISTS `sluice`.`entitlements`.`registered` (identity STRING NOT NULL) COMMENT '{mark.Comment}'",
            $"CREATE TABLE IF NOT EXISTS `sluice`.`entitlements`.`salt` (salt STRING NOT NULL) COMMENT '{mark.Comment}'",
            "INSERT INTO `sluice`.`entitlements`.`salt` SELECT sha2(concat(uuid(), uuid(), uuid(), uuid()), 256) WHERE NOT EXISTS (SELECT 1 FROM `sluice`.`entitlements`.`salt`)",
        ]);
    }

    // https://docs.databricks.com/sql/language-manual/delta-merge-into and …/delta-delete-from
    [Fact]
    public void Rows_about_people_are_written_and_removed_many_at_a_time()
    {
        var own = new OwnCatalog("sluice");

        PeopleWriter.StatementOf(own, [Row(FactKind.Exemption, "a'b", "x"), Row(FactKind.Exemption, "c", "y")]).ShouldBe(
            "MERGE INTO `sluice`.`entitlements`.`exemption` AS t USING (SELECT * FROM VALUES ('a\\'b', 'x'), ('c', 'y') AS v(identity, audience)) AS s ON lower(t.identity) = lower(s.identity) AND t.audience = s.audience "
            + "WHEN NOT MATCHED THEN INSERT (identity, audience) VALUES (s.identity, s.audience)");
        PeopleWriter.StatementOf(own, [Row(FactKind.Entitlement, "a", "known") with { Definition = """{"groups":{"A\"":true}}""" }]).ShouldBe(
            "MERGE INTO `sluice`.`entitlements`.`entitlement` AS t USING (SELECT * FROM VALUES ('a', '{\"groups\":{\"A\\\\\"\":true}}') AS v(identity, known)) AS s ON lower(t.identity) = lower(s.identity) "
            + "WHEN MATCHED THEN UPDATE SET known = s.known WHEN NOT MATCHED THEN INSERT (identity, known) VALUES (s.identity, s.known)");
        PeopleWriter.StatementOf(own, [Row(FactKind.Support, "a", "registered")]).ShouldBe(
            "MERGE INTO `sluice`.`entitlements`.`registered` AS t USING (SELECT * FROM VALUES ('a') AS v(identity)) AS s ON lower(t.identity) = lower(s.identity) WHEN NOT MATCHED THEN INSERT (identity) VALUES (s.identity)");
        PeopleWriter.StatementOf(own, [.. ((string[])["a", "b"]).Select(i => Row(FactKind.Exemption, i, "x") with { Verb = ChangeVerb.Remove })]).ShouldBe(
            "DELETE FROM `sluice`.`entitlements`.`exemption` WHERE (audience = 'x' AND lower(identity) IN (lower('a'), lower('b')))");
        PeopleWriter.StatementOf(own, [Row(FactKind.Entitlement, "a", "known") with { Verb = ChangeVerb.Remove }]).ShouldBe("DELETE FROM `sluice`.`entitlements`.`entitlement` WHERE lower(identity) IN (lower('a'))");
    }

    private static Change Row(FactKind kind, string subject, string detail) => new(ChangePhase.Prepare, ChangeVerb.Add, new FactKey(kind, null, subject, detail), "", "");

    private static DesiredState Compile(params IntendedObject[] objects) => AccessCompiler.Compile(Intent([Person(Ann, "Sales"), Person(Bob, "Sales", "Privacy")], objects));

    private static string Body(DesiredState facts, string kind) => facts.Facts.Single(f => f.Key.Subject.StartsWith($"functions.{kind}", StringComparison.Ordinal)).Definition;

    private static string Statement(DesiredFact fact, ObjectKind kind) =>
        RuleWriter.StatementOf(new OwnCatalog("sluice"), new Change(ChangePhase.Protect, ChangeVerb.Add, fact.Key, fact.Definition, ""), kind);
}
