using System.Globalization;
using Sluice.Core.Access;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Databricks.Enforcing;

namespace Sluice.Platforms.Databricks.Sql;

/// <summary>
/// Prints a predicate as Databricks' SQL. Statements run with ANSI errors (https://docs.databricks.com/sql/language-manual/sql-ref-ansi-compliance): what has no common
/// type is not compared but unknown, and nothing depends on the session's time zone.
/// </summary>
/// <param name="of">The object.</param>
/// <param name="reader">Asks about whoever reads.</param>
/// <param name="columns">Gives each column that is named its parameter.</param>
internal sealed class DatabricksPredicate(GovernedObject of, ReaderSql reader, FunctionColumns columns) : SqlPredicate(of)
{
    private const string UnixEpoch = "TIMESTAMP_NTZ'1970-01-01 00:00:00'";

    /// <inheritdoc/>
    protected override string Unknown => "CAST(NULL AS BOOLEAN)";

    /// <summary>A time as microseconds since 1970 in UTC, whatever the session's zone.</summary>
    /// <param name="type">The column's type.</param>
    /// <param name="value">The value.</param>
    public static string? Micros(string type, string value) => ColumnFamilies.Plain(type) switch
    {
        "timestamp" or "timestamp_ltz" => $"unix_micros({value})",
        "timestamp_ntz" => $"timestampdiff(MICROSECOND, {UnixEpoch}, {value})",
        "date" => $"(CAST(datediff({value}, DATE'1970-01-01') AS BIGINT) * 86400000000)",
        _ => null,
    };

    /// <inheritdoc/>
    protected override string Literal(string text) => Quote.Literal(text);

    /// <inheritdoc/>
    protected override string TextLiteral(string? text) => text is null ? "CAST(NULL AS STRING)" : Quote.Literal(text);

    /// <inheritdoc/>
    protected override string Column(GovernedColumn column) => columns.NameOf(column) ?? Problem($"column {column.Name} is of type {column.Type}, which no function can be given");

    /// <inheritdoc/>
    protected override string TextOf(GovernedColumn column)
    {
        var name = Column(column);
        return ColumnFamilies.Plain(column.Type) switch
        {
            "string" or "varchar" or "char" => name,
            "timestamp" or "timestamp_ltz" => $"CAST(timestampadd(MICROSECOND, unix_micros({name}), {UnixEpoch}) AS STRING)",
            _ when ColumnFamilies.Of(column.Type) != ColumnFamily.Other => $"CAST({name} AS STRING)",
            _ => Problem($"column {column.Name} is of type {column.Type}, whose values have no text"),
        };
    }

    /// <inheritdoc/>
    protected override string TextOf(string expression, Operand operand) => $"CAST({expression} AS STRING)";

    /// <inheritdoc/>
    // A backslash escapes in a pattern, unless it is escaped itself (https://docs.databricks.com/sql/language-manual/functions/like).
    protected override string Like(string text, string pattern) => $"({text} LIKE {Quote.Literal(pattern.Replace("\\", "\\\\", StringComparison.Ordinal))})";

    /// <inheritdoc/>
    protected override string InGroup(string group) => reader.InGroup(group);

    /// <inheritdoc/>
    protected override string HasAttribute(string name, string value) => AttributeContains(name, Quote.Literal(value));

    /// <inheritdoc/>
    protected override string AttributeContains(string name, string text) => Among(text, reader.ValuesOf(name, ofSome: false), reader.ValuesOf(name, ofSome: true));

    /// <inheritdoc/>
    protected override string GroupsContain(string text) => Among(text, reader.GroupNames(ofSome: false), reader.GroupNames(ofSome: true));

    /// <inheritdoc/>
    protected override string PersonProperty(PropertyKind kind) => reader.Property(kind);

    /// <inheritdoc/>
    protected override string IsNewerThan(GovernedColumn column, TimeSpan age) => Micros(column.Type, Column(column)) is { } micros
        ? $"({micros} >= unix_micros(current_timestamp()) - {(age.Ticks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture)})"
        : Problem($"column {column.Name} is of type {column.Type}, which is no time");

    /// <inheritdoc/>
    // Eight hexadecimal digits are in the order of the numbers that they are; 'g' is behind all of them.
    protected override string IsInShare(string text, int percent)
    {
        var bound = ((Math.Clamp(percent, 0, 100) * (1L << 32)) + 99) / 100;
        return $"(substr(sha2({text}, 256), 1, 8) < {Quote.Literal(bound > uint.MaxValue ? "g" : bound.ToString("x8", CultureInfo.InvariantCulture))})";
    }

    /// <inheritdoc/>
    protected override string Call(ScalarFunction function, IReadOnlyList<string> arguments) => function switch
    {
        ScalarFunction.Lower => $"lower({arguments[0]})",
        ScalarFunction.Upper => $"upper({arguments[0]})",
        ScalarFunction.Trim => $"trim({arguments[0]})",
        ScalarFunction.Length => $"length({arguments[0]})",
        ScalarFunction.Abs => $"abs({arguments[0]})",
        ScalarFunction.Coalesce => $"coalesce({string.Join(", ", arguments)})",
        _ => Problem($"{function} is no function of Databricks' dialect"),
    };

    /// <inheritdoc/>
    protected override bool AreComparable(Operand left, Operand right)
    {
        var (one, other) = (KindOf(left), KindOf(right));
        if (one == Kind.Any || other == Kind.Any) return true;
        if (one == Kind.None || other == Kind.None) return false;
        if (one == other) return one != Kind.Time || ZoneOf(left) == ZoneOf(right);
        // The language has no literals of days and times: a text beside one is read as one, if it is one.
        return (one is Kind.Date or Kind.Time && right is Operand.Text text && Moment(left, text.Value) is not null)
            || (other is Kind.Date or Kind.Time && left is Operand.Text reverse && Moment(right, reverse.Value) is not null);
    }

    /// <inheritdoc/>
    protected override string Of(Operand operand, Operand beside) =>
        operand is Operand.Text text && Moment(beside, text.Value) is { } moment ? moment : Of(operand);

    // Of an empty list nothing is a member and everything is none, NULL included: so NULL is asked for by itself.
    private static string Among(string text, string values, string valuesOfSome) =>
        $"(CASE WHEN array_contains({values}, {text}) THEN true WHEN {text} IS NOT NULL AND NOT array_contains({valuesOfSome}, {text}) THEN false END)";

    private string? Moment(Operand beside, string text)
    {
        if (beside is not Operand.Column || ColumnOf(beside) is not { } column) return null;
        var invariant = CultureInfo.InvariantCulture;
        switch (ColumnFamilies.Plain(column.Type))
        {
            case "date": return DateOnly.TryParseExact(text, "yyyy-MM-dd", invariant, DateTimeStyles.None, out var day) ? $"DATE'{day.ToString("yyyy-MM-dd", invariant)}'" : null;
            case "timestamp" or "timestamp_ltz": return Parsed() is { } time ? $"TIMESTAMP'{time}Z'" : null;
            case "timestamp_ntz": return Parsed() is { } local ? $"TIMESTAMP_NTZ'{local}'" : null;
            default: return null;
        }

        string? Parsed() => DateTimeOffset.TryParse(text, invariant, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", invariant) : null;
    }

    private bool ZoneOf(Operand operand) => operand is Operand.Column && ColumnOf(operand) is { } column && ColumnFamilies.Plain(column.Type) == "timestamp_ntz";

    private Kind KindOf(Operand operand) => operand switch
    {
        Operand.Null => Kind.Any,
        Operand.Text or Operand.Property => Kind.Text,
        Operand.Number => Kind.Number,
        Operand.Boolean => Kind.Boolean,
        Operand.Call { Function: ScalarFunction.Lower or ScalarFunction.Upper or ScalarFunction.Trim } => Kind.Text,
        Operand.Call { Function: ScalarFunction.Length or ScalarFunction.Abs } => Kind.Number,
        Operand.Call { Function: ScalarFunction.Coalesce } call => call.Arguments.Select(KindOf).Where(static k => k != Kind.Any).Distinct().ToList() switch
        {
            [] => Kind.Any,
            [var only] => only,
            _ => Kind.None,
        },
        Operand.Column => ColumnOf(operand) is { } column
            ? ColumnFamilies.Of(column.Type) switch
            {
                ColumnFamily.Text => Kind.Text,
                ColumnFamily.Integer or ColumnFamily.Number => Kind.Number,
                ColumnFamily.Date => Kind.Date,
                ColumnFamily.Time => Kind.Time,
                ColumnFamily.Boolean => Kind.Boolean,
                _ => Kind.None,
            }
            : Kind.Any,
        _ => Kind.None,
    };

    private enum Kind
    {
        Any,
        None,
        Text,
        Number,
        Boolean,
        Date,
        Time,
    }
}
