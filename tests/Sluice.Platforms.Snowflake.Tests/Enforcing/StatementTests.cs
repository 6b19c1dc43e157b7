using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.PostgreSql.Enforcing;
using Sluice.Platforms.Snowflake.Sql;
using Sluice.Platforms.Snowflake.Tests.Fakes;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>What is sent, word for word, beside the vendor's page that it follows.</summary>
public sealed class StatementTests
{
    private static readonly NativeNames Names = new("SLUICE", "GOV");
    private static readonly Core.Catalog.ObjectPath Table = new("snow", "SHOP", "S", "o\"rders");

    // https://docs.snowflake.com/en/sql-reference/sql/grant-privilege, …/revoke-privilege, …/grant-role, …/revoke-role, …/create-role, …/drop-role, …/alter-role
    [Fact]
    public void Roles_and_grants()
    {
        Statements.CreateRole("SLUICE_AUD_1", "mark").ShouldBe("CREATE ROLE \"SLUICE_AUD_1\" COMMENT = 'mark'");
        Statements.DropRole("SLUICE_AUD_1").ShouldBe("DROP ROLE IF EXISTS \"SLUICE_AUD_1\"");
        Statements.Comment("R", "it's").ShouldBe("ALTER ROLE \"R\" SET COMMENT = 'it''s'");
        Statements.AddMember("R", "o'neil").ShouldBe("GRANT ROLE \"R\" TO USER \"o'neil\"");
        Statements.RemoveMember("R", RoleMember.Role("LEAK")).ShouldBe("REVOKE ROLE \"R\" FROM ROLE \"LEAK\"");
        Statements.Grant(Table, [new Privilege("SELECT"), new Privilege("INSERT")], "R").ShouldBe("GRANT SELECT, INSERT ON TABLE \"SHOP\".\"S\".\"o\"\"rders\" TO ROLE \"R\"");
        Statements.Grant(Table.Parent!, [new Privilege("USAGE")], "R").ShouldBe("GRANT USAGE ON SCHEMA \"SHOP\".\"S\" TO ROLE \"R\"");
        Statements.Grant(Table.Parent!.Parent!, [new Privilege("USAGE")], "R").ShouldBe("GRANT USAGE ON DATABASE \"SHOP\" TO ROLE \"R\"");
        Statements.Revoke(Table, [Privilege.Parse("SELECT ON DYNAMIC TABLE")], "R", isPassedOn: false).ShouldBe("REVOKE SELECT ON DYNAMIC TABLE \"SHOP\".\"S\".\"o\"\"rders\" FROM ROLE \"R\"");
        Statements.WithoutGrantOption(Table, new Privilege("SELECT"), "R").ShouldBe("REVOKE GRANT OPTION FOR SELECT ON TABLE \"SHOP\".\"S\".\"o\"\"rders\" FROM ROLE \"R\" CASCADE");
    }

    // https://docs.snowflake.com/en/sql-reference/sql/create-masking-policy, …/alter-masking-policy, …/drop-masking-policy, …/create-row-access-policy,
    // …/alter-table-column ("SET MASKING POLICY"), …/alter-table ("ADD ROW ACCESS POLICY"), …/alter-view
    [Fact]
    public void Policies()
    {
        var key = new FactKey(FactKind.Mask, Table, "e-mail");
        var policy = Names.Policy("SLUICE_MASK_1");
        Statements.CreatePolicy("MASKING POLICY", policy, "AS (V VARCHAR) RETURNS VARCHAR -> NULL", "mark").ShouldBe("CREATE MASKING POLICY \"GOV\".\"POLICIES\".\"SLUICE_MASK_1\" AS (V VARCHAR) RETURNS VARCHAR -> NULL COMMENT = 'mark'");
        Statements.CreatePolicy("MASKING POLICY", policy, "AS (V VARCHAR) RETURNS VARCHAR -> NULL", "mark", isShared: true).ShouldEndWith("-> NULL COMMENT = 'mark' EXEMPT_OTHER_POLICIES = TRUE");
        Statements.SetBody("MASKING POLICY", policy, "NULL").ShouldBe("ALTER MASKING POLICY \"GOV\".\"POLICIES\".\"SLUICE_MASK_1\" SET BODY -> NULL");
        Statements.DropPolicy("ROW ACCESS POLICY", policy).ShouldBe("DROP ROW ACCESS POLICY IF EXISTS \"GOV\".\"POLICIES\".\"SLUICE_MASK_1\"");
        Statements.Mask(Statements.Altered(key), "e-mail", policy, "(\"e-mail\", \"c\")", isReplacing: false)
            .ShouldBe("ALTER TABLE \"SHOP\".\"S\".\"o\"\"rders\" MODIFY COLUMN \"e-mail\" SET MASKING POLICY \"GOV\".\"POLICIES\".\"SLUICE_MASK_1\" USING (\"e-mail\", \"c\")");
        Statements.Mask(Statements.Altered(key with { Detail = PolicyText.OnView }), "a", policy, "(\"a\")", isReplacing: true)
            .ShouldBe("ALTER VIEW \"SHOP\".\"S\".\"o\"\"rders\" MODIFY COLUMN \"a\" SET MASKING POLICY \"GOV\".\"POLICIES\".\"SLUICE_MASK_1\" USING (\"a\") FORCE");
        Statements.Unmask(Statements.Altered(key), "a").ShouldBe("ALTER TABLE \"SHOP\".\"S\".\"o\"\"rders\" MODIFY COLUMN \"a\" UNSET MASKING POLICY");
        Statements.Filter(Statements.Altered(key), null, policy, "(\"a\")").ShouldBe("ALTER TABLE \"SHOP\".\"S\".\"o\"\"rders\" ADD ROW ACCESS POLICY \"GOV\".\"POLICIES\".\"SLUICE_MASK_1\" ON (\"a\")");
        Statements.Filter(Statements.Altered(key), "x.y", policy, "(\"a\")")
            .ShouldBe("ALTER TABLE \"SHOP\".\"S\".\"o\"\"rders\" DROP ROW ACCESS POLICY x.y, ADD ROW ACCESS POLICY \"GOV\".\"POLICIES\".\"SLUICE_MASK_1\" ON (\"a\")");
        Statements.Unfilter(Statements.Altered(key), policy).ShouldBe("ALTER TABLE \"SHOP\".\"S\".\"o\"\"rders\" DROP ROW ACCESS POLICY \"GOV\".\"POLICIES\".\"SLUICE_MASK_1\"");
    }

    // Memoizable functions with constant arguments: https://docs.snowflake.com/en/developer-guide/udf/sql/udf-sql-scalar-functions
    [Fact]
    public void What_is_asked_about_the_person_goes_through_functions_and_columns_are_arguments()
    {
        var of = new GovernedObject
        {
            Path = Table, Kind = Core.Catalog.ObjectKind.Table, Tags = [],
            Columns = [new GovernedColumn("REGION", "VARCHAR(10)", [], ColumnFamily.Text), new GovernedColumn("BORN", "DATE", [], ColumnFamily.Date), new GovernedColumn("N", "NUMBER(10,2)", [], ColumnFamily.Number)],
        };
        Print(new Predicate.AttributeContains("Region", new Operand.Column("REGION"))).ShouldBe(
            "(CASE WHEN A1 IS NULL THEN NULL WHEN ARRAY_CONTAINS(A1::VARIANT, \"GOV\".\"FUNCTIONS\".\"KNOWN_ATTRIBUTE_VALUES\"('Region', 'all')) THEN TRUE "
            + "WHEN NOT ARRAY_CONTAINS(A1::VARIANT, \"GOV\".\"FUNCTIONS\".\"KNOWN_ATTRIBUTE_VALUES\"('Region', 'some')) THEN FALSE END)");
        Print(new Predicate.InGroups(["it's"])).ShouldBe("\"GOV\".\"FUNCTIONS\".\"KNOWN_IN_GROUP\"('it''s')");
        Print(new Predicate.Comparison(ComparisonOperator.GreaterOrEqual, new Operand.Column("BORN"), new Operand.Text("2024-01-31"))).ShouldBe("(A1 >= DATE_FROM_PARTS(2024, 1, 31))");
        Print(new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("N"), new Operand.Text("x"))).ShouldBe("NULL::BOOLEAN", "a number is no text: unknown");
        Print(new Predicate.IsInShare(new Operand.Column("N"), 10)).ShouldBe("(TO_NUMBER(LEFT(SHA2(RTRIM(RTRIM(TO_VARCHAR(A1), '0'), '.'), 256), 8), 'XXXXXXXX') * 100 < 10 * 4294967296)");
        Print(new Predicate.Like(new Operand.Column("REGION"), "a\\%_")).ShouldBe("(A1 LIKE 'a\\\\%_')");
        Print(new Predicate.IsNewerThan(new Operand.Column("BORN"), TimeSpan.FromDays(1))).ShouldBe("(A1::TIMESTAMP_NTZ >= DATEADD('second', -86400, CONVERT_TIMEZONE('UTC', CURRENT_TIMESTAMP())::TIMESTAMP_NTZ))");
        new PredicatePrinter(of, Names).Print(new Predicate.IsNewerThan(new Operand.Column("REGION"), TimeSpan.FromDays(1)), out var problem).ShouldBe("false");
        problem.ShouldNotBeNull();

        string Print(Predicate predicate)
        {
            var sql = new PredicatePrinter(of, Names).Print(predicate, out var refused);
            refused.ShouldBeNull();
            return sql;
        }
    }

    private static readonly Compiling.MaskFunctions Functions = new(Core.Connections.Technology.Snowflake, ["GOV.\"a\"\"b\""], null);

    // The reference of CREATE FUNCTION and DROP FUNCTION: https://docs.snowflake.com/en/sql-reference/sql/create-function
    [Theory]
    [InlineData("VARCHAR(10)", "VARCHAR", "VARCHAR")]
    [InlineData("NUMBER(10,2)", "NUMBER(10,2)", "NUMBER")]
    public void A_custom_mask_calls_a_function_that_calls_the_operators(string type, string argument, string plain)
    {
        var printer = new MaskPrinter(new GovernedColumn("C", type, []), Names, Functions);
        var custom = new MaskFunction.Custom([new("Snowflake", "gov.\"a\"\"b\".\"f'(\"")], 0);
        var call = printer.CallOf(custom)!;

        call.Definition.ShouldBe($"(V {argument}) RETURNS {argument} AS \"GOV\".\"a\"\"b\".\"f'(\"(V)::{argument}");
        printer.Body("x", [new Compiling.PrintedMask(custom, "w")]).ShouldBe($"CASE WHEN x THEN V WHEN w THEN \"GOV\".\"FUNCTIONS\".\"{call.Name}\"(V) ELSE V END");
        var (mark, key) = (new InstanceMark("ffff"), new FactKey(FactKind.Support, null, call.Name, CallingFunction.Detail));
        CallingFunction.StatementOf(new Change(ChangePhase.Prepare, ChangeVerb.Add, key, call.Definition, ""), "F", mark)
            .ShouldBe($"CREATE OR REPLACE FUNCTION F(V {argument}) RETURNS {argument} COMMENT = {Quote.Literal(mark.Comment)} AS '\"GOV\".\"a\"\"b\".\"f''(\"(V)::{argument}'");
        CallingFunction.StatementOf(new Change(ChangePhase.Clean, ChangeVerb.Remove, key, CallingFunction.DefinitionOf($"{call.Name}({plain}) RETURN {plain}", "…", call.Name), ""), "F", mark)
            .ShouldBe($"DROP FUNCTION IF EXISTS F({plain})");
    }

    [Theory]
    [InlineData("VARCHAR(16777216)", "SHA2(CONCAT(\"GOV\".\"FUNCTIONS\".\"SALT\"(), V), 256)")]
    [InlineData("VARCHAR(63)", null)]
    [InlineData("NUMBER(38,0)", null)]
    public void A_digest_fits_where_it_has_room(string type, string? value)
    {
        var printer = new MaskPrinter(new GovernedColumn("C", type, []), Names, Functions);
        printer.CanApply(new MaskFunction.Hash()).ShouldBe(value is not null);
        printer.Body("x", [new Compiling.PrintedMask(new MaskFunction.Hash(), "w")]).ShouldBe(value is null ? "CASE WHEN x THEN V WHEN w THEN NULL ELSE V END" : $"CASE WHEN x THEN V WHEN w THEN {value} ELSE V END");
    }

    [Theory]
    [InlineData("NUMBER(4,2)", "99.99", true)]
    [InlineData("NUMBER(4,2)", "100", false)]
    [InlineData("NUMBER(4,2)", "1.234", false)]
    [InlineData("NUMBER(2,2)", "0.5", true)]
    [InlineData("VARCHAR(3)", "abc", true)]
    [InlineData("VARCHAR(3)", "abcd", false)]
    [InlineData("DATE", "2024-02-30", false)]
    [InlineData("BOOLEAN", "true", true)]
    public void A_constant_is_put_only_where_the_column_can_hold_it(string type, string constant, bool fits) =>
        new MaskPrinter(new GovernedColumn("C", type, []), Names, Functions).CanApply(new MaskFunction.Constant(constant)).ShouldBe(fits);

    [Fact]
    public void A_plan_shows_no_secret_and_every_change_as_statements()
    {
        var platform = Payload.Platform();
        var identities = new[] { People.Alone(People.Person("ANN", ["A"], [("Region", "EU")])) };
        var item = new IntendedObject
        {
            Object = new GovernedObject { Path = Table, Kind = Core.Catalog.ObjectKind.Table, Tags = [], Columns = [new GovernedColumn("A", "VARCHAR(100)", []), new GovernedColumn("B", "VARCHAR(100)", [])] },
            Access = new ObjectAccess
            {
                Read = People.Rule("A"), Write = AccessRule.Nobody, Masks = [new ColumnMask("A", new MaskFunction.Hash(), People.Rule("P"), null, "m")],
                RowRules = [new RowRule(new Predicate.AttributeContains("Region", new Operand.Column("B")), People.Rule("P"), "r")],
            },
        };
        var desired = platform.Compile(new AccessIntent { Prefix = "SLUICE", OwnContainer = "GOV", Objects = [item], Identities = identities, MembersOf = People.Decide(identities), ProtectsUnregistered = false });

        var lines = desired.Facts.SelectMany(f => new[] { ChangeVerb.Add, ChangeVerb.Remove }.SelectMany(v => platform.Describe(new Change(ChangePhase.Grant, v, f.Key, f.Definition, f.Reason)))).ToList();

        lines.ShouldAllBe(l => l.Length > 0);
        foreach (var kind in (string[])["CREATE ROLE", "GRANT ROLE", "GRANT SELECT", "GRANT REFERENCES", "CREATE MASKING POLICY", "CREATE ROW ACCESS POLICY", "SET MASKING POLICY", "ADD ROW ACCESS POLICY", "CREATE TABLE", "CREATE OR REPLACE FUNCTION", "MERGE INTO", "INSERT INTO", "THEN DELETE", "DROP FUNCTION"])
            lines.ShouldContain(l => l.Contains(kind, StringComparison.Ordinal), kind);
        desired.Facts.Select(f => f.Key.Kind).Distinct().Count().ShouldBeGreaterThan(5);
    }
}
