using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>A function of ours on a column or a table, and what it is given.</summary>
/// <param name="Function">Its name in our schema of functions.</param>
/// <param name="Columns">Of a mask the further columns, of a row filter all.</param>
internal sealed record Attachment(string Function, IReadOnlyList<string> Columns)
{
    private const char Behind = '\n';

    private static readonly JsonSerializerOptions Legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether it is given a column, besides the one that it masks.</summary>
    public bool Reads(string column) => Columns.Contains(column, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The definition of a fact: the function with its columns, and behind it what the function does, so that a plan knows whom it asks about.
    /// </summary>
    public string Definition(string does) => $"{Function} {JsonSerializer.Serialize(Columns, Legible)}{Behind}{does}";

    /// <summary>From a definition.</summary>
    public static Attachment Parse(string definition)
    {
        var space = definition.IndexOf(' ', StringComparison.Ordinal);
        var end = definition.IndexOf(Behind, StringComparison.Ordinal);
        return new Attachment(definition[..space], JsonSerializer.Deserialize<string[]>(definition[(space + 1)..end])!);
    }

    /// <summary>
    /// Puts the function on a column. One that is there already is replaced: documentation shows no other way to change a mask, and where it is refused, the
    /// former one stays (https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-alter-table-manage-column).
    /// </summary>
    public string SetMask(OwnCatalog own, ObjectPath table, ObjectKind kind, string column) =>
        $"ALTER {Keyword(kind)} {Named(table)} ALTER COLUMN {Quote.Identifier(column)} SET MASK {own.Function(Function)}{(Columns.Count == 0 ? "" : $" USING COLUMNS ({Listed})")}";

    /// <summary>Takes the mask off a column.</summary>
    public static string DropMask(ObjectPath table, ObjectKind kind, string column) =>
        $"ALTER {Keyword(kind)} {Named(table)} ALTER COLUMN {Quote.Identifier(column)} DROP MASK";

    /// <summary>Puts the function on the rows (https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-row-filter).</summary>
    public string SetFilter(OwnCatalog own, ObjectPath table, ObjectKind kind) => $"ALTER {Keyword(kind)} {Named(table)} SET ROW FILTER {own.Function(Function)} ON ({Listed})";

    /// <summary>Takes the filter off the rows.</summary>
    public static string DropFilter(ObjectPath table, ObjectKind kind) => $"ALTER {Keyword(kind)} {Named(table)} DROP ROW FILTER";

    private string Listed => string.Join(", ", Columns.Select(Quote.Identifier));

    private static string Named(ObjectPath table) => string.Join('.', table.Names.Skip(1).Select(Quote.Identifier));

    private static string Keyword(ObjectKind kind) => kind switch
    {
        ObjectKind.MaterializedView => "MATERIALIZED VIEW",
        ObjectKind.StreamingTable => "STREAMING TABLE",
        _ => "TABLE",
    };
}
