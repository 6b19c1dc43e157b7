using System.Globalization;
using Sluice.Core.Access;
using Sluice.Core.Policies;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.PostgreSql.Enforcing;

namespace Sluice.Platforms.PostgreSql.Sql;

/// <summary>
/// Prints a column with masks as PostgreSQL's SQL.
/// </summary>
internal static class MaskPrinter
{
    // In the view itself, where it is read with the rights of the view's owner: a function that hashes anything would be everybody's to try values with.
    private const string Salt = "(SELECT s.salt FROM sluice.salt s)";

    private static readonly IReadOnlyDictionary<string, (long Least, long Most)> Integers = new Dictionary<string, (long Least, long Most)>(StringComparer.Ordinal)
    {
        ["smallint"] = (short.MinValue, short.MaxValue),
        ["integer"] = (int.MinValue, int.MaxValue),
        ["bigint"] = (long.MinValue, long.MaxValue),
    };

    /// <summary>Whether the SQL reads the salt.</summary>
    public static bool ReadsSalt(string sql) => sql.Contains(Salt, StringComparison.Ordinal);

    /// <summary>Whether a mask can apply to a column's type; one that can't becomes NULL.</summary>
    public static bool CanApply(MaskFunction mask, GovernedColumn column)
    {
        var family = ColumnFamilies.Of(column.Type);
        return mask switch
        {
            MaskFunction.Null => true,
            MaskFunction.Custom => false,
            _ when family == ColumnFamily.Other || !MaskFit.CanApply(mask, family) => false,
            MaskFunction.Constant constant => Constant(constant.Value, column) is not null,
            MaskFunction.Regex regex => Quote.IsText(regex.Pattern) && Quote.IsText(regex.Replacement),
            _ => true,
        };
    }

    /// <summary>The column as it is selected, under its own name.</summary>
    /// <exception cref="ArgumentException">A name no column can have.</exception>
    public static string Column(GovernedColumn column, IReadOnlyList<PrintedMask> masks)
    {
        var name = Quote.Identifier(column.Name);
        if (masks.Count == 0) return name;
        var branches = MaskBranches.Of(masks, m => CanApply(m, column));

        // One column has one type: where a number is hashed for some, everybody reads a text.
        var asText = ColumnFamilies.Of(column.Type) == ColumnFamily.Integer && branches.Branches.Any(b => b.Function is MaskFunction.Hash) ? "::text" : "";
        var whens = branches.Branches.Select(b => $"WHEN {b.When} THEN {Value(b.Function, column, name)}{TextOf(b.Function, asText)} ");
        return $"CASE {(branches.NullWhen is { } when ? $"WHEN {when} THEN NULL " : "")}{string.Concat(whens)}ELSE {name}{asText} END AS {name}";
    }

    private static string Value(MaskFunction mask, GovernedColumn column, string name) => mask switch
    {
        MaskFunction.Constant constant => Constant(constant.Value, column)!,
        MaskFunction.Hash => $"pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to({Salt} || {name}::text, 'UTF8')), 'hex')",
        // A column's own collation may be one that expressions can't be matched in.
        MaskFunction.Regex regex => $"pg_catalog.regexp_replace({name}::text COLLATE pg_catalog.\"default\", {Quote.Literal(regex.Pattern)}, {Quote.Literal(regex.Replacement)}, '{Flags(regex)}')",
        MaskFunction.RoundNumber round => Rounded(round.BucketSize, column, name),
        MaskFunction.RoundTime round => Rounded(round.Precision, column, name),
        _ => throw new ArgumentException($"A {mask.GetType().Name} is no mask of a view.", nameof(mask)),
    };

    private static string TextOf(MaskFunction mask, string asText) => mask is MaskFunction.RoundNumber ? asText : "";

    private static string Flags(MaskFunction.Regex regex) => $"{(regex.IsGlobal ? "g" : "")}{(regex.IgnoresCase ? "i" : "")}";

    // By the remainder, which is exact: a quotient of numerics is rounded, and may be rounded up.
    private static string Rounded(decimal size, GovernedColumn column, string name)
    {
        var bucket = size.ToString(CultureInfo.InvariantCulture);
        return ColumnFamilies.Plain(column.Type) switch
        {
            "real" or "double precision" => $"(pg_catalog.floor({name} / {bucket}::double precision) * {bucket}::double precision)",
            "numeric" => Down(name, bucket),
            _ => $"{Down($"{name}::numeric", bucket)}::bigint",
        };
    }

    private static string Down(string value, string bucket) => $"({value} - ((({value} % {bucket}::numeric) + {bucket}::numeric) % {bucket}::numeric))";

    private static string Rounded(TimePrecision precision, GovernedColumn column, string name)
    {
        var unit = precision switch
        {
            TimePrecision.Second => "'second'",
            TimePrecision.Minute => "'minute'",
            TimePrecision.Hour => "'hour'",
            TimePrecision.Day => "'day'",
            TimePrecision.Month => "'month'",
            TimePrecision.Quarter => "'quarter'",
            _ => "'year'",
        };
        return ColumnFamilies.Plain(column.Type) switch
        {
            "date" => $"pg_catalog.date_trunc({unit}, {name}::timestamp)::date",
            // Where a day begins must not depend on the session's zone.
            "timestamp with time zone" => $"pg_catalog.date_trunc({unit}, {name}, 'UTC')",
            _ => $"pg_catalog.date_trunc({unit}, {name})",
        };
    }

    // Without a type: it takes the column's, as the other branches do.
    private static string? Constant(string text, GovernedColumn column)
    {
        var invariant = CultureInfo.InvariantCulture;
        var type = ColumnFamilies.Plain(column.Type);
        return ColumnFamilies.Of(column.Type) switch
        {
            ColumnFamily.Text => Quote.IsText(text) ? Quote.Literal(text) : null,
            ColumnFamily.Integer => long.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out var number)
                && Integers.TryGetValue(type, out var range) && number >= range.Least && number <= range.Most ? Quote.Literal(number.ToString(invariant)) : null,
            ColumnFamily.Number => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, invariant, out var number)
                ? Quote.Literal(number.ToString(invariant)) : null,
            ColumnFamily.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", invariant, DateTimeStyles.None, out _) ? Quote.Literal(text) : null,
            ColumnFamily.Time => DateTimeOffset.TryParse(text, invariant, DateTimeStyles.AssumeUniversal, out var time)
                ? Quote.Literal($"{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", invariant)}{(type.EndsWith("with time zone", StringComparison.Ordinal) ? "+00" : "")}") : null,
            ColumnFamily.Boolean => bool.TryParse(text, out var flag) ? flag ? "true" : "false" : null,
            _ => null,
        };
    }
}
