using Sluice.Testing.Naive;

namespace Sluice.Testing.Cases;

/// <summary>
/// A column that tables may have. A name always has the same kind, and so has its tag, so that a predicate means the same kind of value on every table.
/// </summary>
internal sealed record ColumnWord(string Name, ColumnKind Kind, string? Tag = null);

/// <summary>The names that cases are made of: few, so that they meet.</summary>
internal static class Vocabulary
{
    internal static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    internal static readonly string[] Groups = ["Staff", "Analysts", "EU Analysts", "Privacy Office", "Audit", "okta:Sales", "Domain.Sales"];

    /// <summary>What a group lies in, and the bare name of one that has a source.</summary>
    internal static readonly Dictionary<string, string[]> Above = new()
    {
        ["EU Analysts"] = ["Analysts", "Staff"],
        ["Analysts"] = ["Staff"],
        ["okta:Sales"] = ["Sales"],
    };

    internal static readonly (string Name, string[] Values)[] Attributes =
    [
        ("Region", ["EU", "US", "DE", "Ünion"]),
        ("Clearance", ["PII", "FIN", "PII.Email"]),
        ("Domain", ["Domain.Sales", "Domain.HR", "Sensitive"]),
        ("Code", ["1", "7", "42"]),
    ];

    internal const string UnknownGroup = "Ghosts";

    internal const string UnknownAttribute = "Haunt";

    internal const string MissingColumn = "nowhere";

    internal const string MissingTag = "Nothing";

    internal static readonly string[] ObjectTags = ["Domain", "Domain.Sales", "Domain.Sales.EU", "Domain.HR", "Domain.SalesForce", "Sensitive"];

    /// <summary>Tags that columns of any kind may carry.</summary>
    internal static readonly string[] AnyColumnTags = ["PII", "PII.Email", "PIIX"];

    internal static readonly ColumnWord[] Columns =
    [
        new("region", ColumnKind.Text, "Region"), new("Region", ColumnKind.Text, "Region.Home"), new("country", ColumnKind.Text, "Country"),
        new("e-mail", ColumnKind.Text), new("ssn", ColumnKind.Text), new("SSN", ColumnKind.Text), new("it's", ColumnKind.Text, "Country"),
        new("owner_group", ColumnKind.Text, "Team"), new("漢字", ColumnKind.Text, "Region"), new("dotted.name", ColumnKind.Text, "Team"),
        new("id", ColumnKind.Integer, "Code"), new("quo\"te", ColumnKind.Integer, "Code.Old"), new("ÄLTER", ColumnKind.Integer),
        new("amount", ColumnKind.Numeric, "Amount"), new("Net Amount", ColumnKind.Numeric, "Amount.Net"), new("rate", ColumnKind.Numeric),
        new("born", ColumnKind.Date, "When"), new("select", ColumnKind.Date, "When.Start"), new("Größe's \"day\"", ColumnKind.Date),
        new("is_open", ColumnKind.Boolean, "Flag"), new("Ünïcode", ColumnKind.Boolean, "Flag"),
    ];

    /// <summary>Tags under which columns of one kind are found.</summary>
    internal static readonly (string Tag, ColumnKind Kind)[] TypedTags =
    [
        ("Region", ColumnKind.Text), ("Country", ColumnKind.Text), ("Team", ColumnKind.Text), ("Code", ColumnKind.Integer),
        ("Amount", ColumnKind.Numeric), ("When", ColumnKind.Date), ("Flag", ColumnKind.Boolean),
    ];

    internal static readonly string[] Tables = ["orders", "Customers", "it's", "a.b", "\"quoted\"", "漢字", "Größe", "invoices", "people", "events"];

    internal static readonly string[] Schemas = ["public", "Eu.West", "o'brien", "raw"];

    internal static readonly string[] Usernames = ["ann", "bob", "o'neil", "Zoë", "DVORAK", "li.wei", "eve@example.org", "svc-etl"];

    internal static readonly string[] Regexes = ["^ssn$", "a", "^[a-z]+$", "name$", "o.*p"];

    /// <summary>Whether a column stands before all others whose names differ from its own in case alone.</summary>
    internal static bool IsFirstOfCase(ColumnWord word) => Columns.First(c => c.Name.Equals(word.Name, StringComparison.OrdinalIgnoreCase)) == word;

    internal static bool IsPlain(string name) => name.All(c => c is (>= 'a' and <= 'z') or '_') && name != "select";

    /// <summary>As PostgreSQL spells it.</summary>
    internal static string TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Text => "text",
        ColumnKind.Integer => "bigint",
        ColumnKind.Numeric => "numeric(20,4)",
        ColumnKind.Date => "date",
        ColumnKind.Boolean => "boolean",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Values that meet what predicates ask for. Letters beyond ASCII have no case here: platforms change that of others each in its own way.</summary>
    internal static object?[] Values(ColumnKind kind) => kind switch
    {
        ColumnKind.Text => ["EU", "US", "DE", "eu", "Analysts", "Audit", "Staff", "ann", "a@example.org", "O'Brien", "漢字", "", " x ", "100%", "123-45-6789", null],
        ColumnKind.Integer => [0L, 1L, 7L, 42L, -7L, 9999L, 10000L, 123456789012L, null],
        ColumnKind.Numeric => [0m, 0.5m, -0.5m, 9999.99m, 10000m, 42m, -1234.5678m, 99999999999.25m, null],
        ColumnKind.Date => [
            new DateOnly(1999, 12, 31), new DateOnly(2024, 2, 29), new DateOnly(2025, 6, 1), new DateOnly(2026, 2, 28), new DateOnly(2026, 5, 20),
            new DateOnly(2026, 6, 14), null],
        ColumnKind.Boolean => [true, false, null],
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
