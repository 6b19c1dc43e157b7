using Sluice.Platforms.Databricks.Tests.Enforcing;
using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Databricks.Tests.Setup;

/// <summary>Every kind of statement in the setup scripts, beside the page of Databricks' that it follows.</summary>
public sealed class ScriptKindTests
{
    private static readonly Uri Manual = new("https://docs.databricks.com/aws/en/sql/language-manual/");

    private static readonly (string Words, string Page)[] Pages =
    [
        ("ALTER", "sql-ref-syntax-ddl-alter-table"),
        ("ALTER COLUMN … DROP MASK", "sql-ref-syntax-ddl-column-mask"),
        ("CREATE CATALOG ", "sql-ref-syntax-ddl-create-catalog"),
        ("CREATE SCHEMA ", "sql-ref-syntax-ddl-create-schema"),
        ("DECLARE OR REPLACE VARIABLE", "sql-ref-syntax-ddl-declare-variable"),
        ("DROP CATALOG ", "sql-ref-syntax-ddl-drop-catalog"),
        ("DROP ROW FILTER", "sql-ref-syntax-ddl-row-filter"),
        ("EXECUTE IMMEDIATE", "sql-ref-syntax-aux-execute-immediate"),
        ("GRANT ", "security-grant"),
        ("MATERIALIZED VIEW", "sql-ref-syntax-ddl-alter-materialized-view"),
        ("REVOKE ", "security-revoke"),
        ("SELECT assert_true", "functions/assert_true"),
        ("SELECT group_to_delete FROM VALUES", "sql-ref-syntax-qry-select-values"),
        ("SELECT statement FROM VALUES", "sql-ref-syntax-qry-select-values"),
        ("SET VAR", "sql-ref-syntax-aux-set-variable"),
        ("STREAMING TABLE", "sql-ref-syntax-ddl-alter-streaming-table"),
    ];

    [Fact]
    public void Each_follows_a_page() => ScriptKinds.Check(Manual, Pages, VendorPages.Of);
}
