using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Databricks.Tests.Setup;

/// <summary>Every kind of statement in the setup scripts, beside the page of Databricks' that it follows.</summary>
public sealed class ScriptKindTests
{
    private const string Manual = "https://docs.databricks.com/aws/en/sql/language-manual/";

    // The first whose words begin a kind.
    private static readonly (string Start, string Page)[] Pages =
    [
        ("ALTER", "sql-ref-syntax-ddl-alter-table"),
        ("CREATE CATALOG", "sql-ref-syntax-ddl-create-catalog"),
        ("CREATE SCHEMA", "sql-ref-syntax-ddl-create-schema"),
        ("DECLARE OR REPLACE VARIABLE", "sql-ref-syntax-ddl-declare-variable"),
        ("DROP CATALOG", "sql-ref-syntax-ddl-drop-catalog"),
        ("EXECUTE IMMEDIATE", "sql-ref-syntax-aux-execute-immediate"),
        ("GRANT ", "security-grant"),
        ("REVOKE ", "security-revoke"),
        ("SELECT", "sql-ref-syntax-qry-select"),
        ("SET VAR", "sql-ref-syntax-aux-set-variable"),
    ];

    [Fact]
    public void Each_follows_a_page() =>
        ScriptKinds.Check(static kind => Pages.FirstOrDefault(p => kind.StartsWith(p.Start, StringComparison.Ordinal)).Page is { } page ? Manual + page : null);
}
