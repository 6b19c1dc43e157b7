using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Tests.Sql;

public sealed class StatementParserTests
{
    [Theory]
    [InlineData("GRANT SELECT ON TABLE a.b.c TO `x@y.z`", "Select", "Table", "`a`.`b`.`c`", "x@y.z")]
    [InlineData("grant use catalog, use schema, select on catalog a to analysts", "Select, UseCatalog, UseSchema", "Catalog", "`a`", "analysts")]
    [InlineData("GRANT ALL PRIVILEGES ON SCHEMA a.b TO 'account users'", "AllPrivileges", "Schema", "`a`.`b`", "account users")]
    [InlineData("GRANT CREATE CATALOG ON METASTORE TO `x`", "CreateCatalog", "Metastore", null, "x")]
    [InlineData("GRANT EXECUTE ON FUNCTION f TO PRINCIPAL `x`", "Execute", "Function", "`f`", "x")]
    [InlineData("GRANT MODIFY ON VIEW v TO `x`;", "Modify", "Table", "`v`", "x")]
    public void Grants_are_read(string text, string privileges, string kind, string? name, string principal)
    {
        var grant = StatementParser.Parse(text).ShouldBeOfType<GrantStatement>();
        grant.Privileges.ToString().ShouldBe(privileges);
        grant.On.Kind.ShouldBe(Enum.Parse<SecurableKind>(kind));
        grant.On.Name?.ToString().ShouldBe(name);
        grant.Principal.ShouldBe(principal);
        grant.Revokes.ShouldBeFalse();
    }

    [Fact]
    public void A_revoke_takes_what_a_grant_gives()
    {
        var revoke = StatementParser.Parse("REVOKE SELECT ON TABLE t FROM `x`").ShouldBeOfType<GrantStatement>();
        revoke.Edit.ShouldBe(new GrantEdit("x", Privilege.None, Privilege.Select));
    }

    [Theory]
    [InlineData("ALTER TABLE t SET TAGS ('a' = 'b', 'c')", "SetTags", null)]
    [InlineData("ALTER TABLE t ALTER COLUMN c SET TAGS ('a' = 'b')", "SetTags", "c")]
    [InlineData("ALTER TABLE t ALTER COLUMN `c d` UNSET TAGS ('a')", "UnsetTags", "c d")]
    [InlineData("ALTER CATALOG c SET TAGS ('a' = 'b')", "SetTags", null)]
    [InlineData("SET TAG ON COLUMN a.b.t.c `key` = `value`", "SetTags", "c")]
    [InlineData("UNSET TAG ON SCHEMA a.b key", "UnsetTags", null)]
    [InlineData("ALTER SCHEMA a.b OWNER TO `x`", "SetOwner", null)]
    [InlineData("ALTER TABLE t SET OWNER TO `x`", "SetOwner", null)]
    [InlineData("ALTER TABLE t RENAME TO u", "Rename", null)]
    [InlineData("ALTER TABLE t SET ROW FILTER f ON (a, b)", "SetRowFilter", null)]
    [InlineData("ALTER TABLE t DROP ROW FILTER", "DropRowFilter", null)]
    [InlineData("ALTER TABLE t ALTER COLUMN c SET MASK f USING COLUMNS (a)", "SetMask", "c")]
    [InlineData("ALTER TABLE t ALTER COLUMN c DROP MASK", "DropMask", "c")]
    [InlineData("ALTER TABLE t ADD COLUMNS (a INT COMMENT 'x', b STRING NOT NULL)", "AddColumns", null)]
    [InlineData("ALTER TABLE t ADD COLUMN a INT", "AddColumns", null)]
    [InlineData("ALTER TABLE t RENAME COLUMN a TO b", "RenameColumn", null)]
    [InlineData("ALTER VIEW v AS SELECT 1", "ReplaceView", null)]
    [InlineData("COMMENT ON TABLE t IS 'x'", "SetComment", null)]
    [InlineData("COMMENT ON COLUMN a.b.t.c IS NULL", "SetComment", "c")]
    public void Alterations_are_read(string text, string change, string? column)
    {
        var alter = StatementParser.Parse(text).ShouldBeOfType<Alter>();
        alter.Change.GetType().Name.ShouldBe(change);
        (alter.Change.GetType().GetProperty("Column")?.GetValue(alter.Change) as string).ShouldBe(column);
    }

    [Theory]
    [InlineData("SHOW CATALOGS LIKE 'a*'", "SHOW CATALOGS")]
    [InlineData("SHOW DATABASES IN a", "SHOW SCHEMAS")]
    [InlineData("SHOW TABLES FROM a.b 'x*'", "SHOW TABLES")]
    [InlineData("SHOW VIEWS IN a.b", "SHOW VIEWS")]
    [InlineData("SHOW GRANTS ON TABLE t", "SHOW GRANTS")]
    [InlineData("SHOW GRANTS `x` ON CATALOG c", "SHOW GRANTS")]
    [InlineData("SHOW GRANTS TO `x` ON METASTORE", "SHOW GRANTS")]
    [InlineData("DESCRIBE TABLE EXTENDED t", "DESCRIBE")]
    [InlineData("DESC t", "DESCRIBE")]
    [InlineData("USE CATALOG c", "USE CATALOG")]
    [InlineData("USE a.b", "USE SCHEMA")]
    [InlineData("CREATE CATALOG IF NOT EXISTS c COMMENT 'x'", "CREATE CATALOG")]
    [InlineData("CREATE SCHEMA s MANAGED LOCATION 's3://x' WITH DBPROPERTIES ('a' = 'b')", "CREATE SCHEMA")]
    [InlineData("CREATE OR REPLACE TABLE t (a INT NOT NULL COMMENT 'x' MASK f USING COLUMNS (b), b STRING) USING delta PARTITIONED BY (b) COMMENT 'y' TBLPROPERTIES ('a' = 'b')", "CREATE TABLE")]
    [InlineData("CREATE TABLE t AS SELECT 1", "CREATE TABLE")]
    [InlineData("CREATE VIEW v (a COMMENT 'x', b) COMMENT 'y' AS SELECT 1, 2", "CREATE VIEW")]
    [InlineData("CREATE MATERIALIZED VIEW v AS SELECT 1", "CREATE MATERIALIZED VIEW")]
    [InlineData("CREATE FUNCTION f(a STRING, b INT DEFAULT 1 COMMENT 'x') RETURNS STRING LANGUAGE SQL DETERMINISTIC COMMENT 'y' RETURN CASE WHEN a = '' THEN b END", "CREATE FUNCTION")]
    [InlineData("DROP TABLE IF EXISTS t", "DROP TABLE")]
    [InlineData("DROP SCHEMA s CASCADE", "DROP SCHEMA")]
    [InlineData("DROP FUNCTION f", "DROP FUNCTION")]
    [InlineData("INSERT INTO t VALUES (1)", "INSERT")]
    [InlineData("UPDATE t SET a = 1", "UPDATE")]
    [InlineData("DELETE FROM t", "DELETE")]
    [InlineData("MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE", "MERGE")]
    [InlineData("(SELECT 1) UNION (SELECT 2)", "SELECT")]
    public void Statements_are_told_apart_by_their_verb(string text, string verb) => StatementParser.Parse(text).Verb.ShouldBe(verb);

    [Theory]
    [InlineData("GRANT USE_CATALOG ON CATALOG c TO x")]
    [InlineData("GRANT NOTHING ON CATALOG c TO x")]
    [InlineData("GRANT SELECT ON TABLE t TO a.b")]
    [InlineData("GRANT SELECT ON TABLE t")]
    [InlineData("ALTER TABLE t")]
    [InlineData("ALTER TABLE t SET TAGS ()")]
    [InlineData("SHOW TABLES IN a.b.")]
    [InlineData("CREATE FUNCTION f(a INT RETURN a")]
    [InlineData("CREATE TABLE t (a)")]
    [InlineData("DROP TABLE t u")]
    [InlineData("USE CATALOG")]
    public void A_malformed_statement_is_a_syntax_error(string text) =>
        Should.Throw<SqlException>(() => StatementParser.Parse(text)).SqlState.ShouldBe("42601");

    [Fact]
    public void A_mask_in_a_column_definition_keeps_its_arguments()
    {
        var table = StatementParser.Parse("CREATE TABLE t (a STRING MASK m.f USING COLUMNS (b, c), b INT, c INT)").ShouldBeOfType<CreateTable>();
        table.Columns[0].Mask.ShouldNotBeNull().Function.ShouldBe("m.f");
        table.Columns[0].Mask!.Using.Select(argument => argument.ToString()).ShouldBe(["b", "c"]);
    }
}
