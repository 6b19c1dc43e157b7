using System.Globalization;
using Sluice.Core.Access;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Snowflake.Enforcing;

namespace Sluice.Platforms.Snowflake.Sql;

/// <summary>
/// Prints a predicate as the body of a Snowflake policy: the columns are the policy's arguments, numbered as they are met, so that tables that are treated
/// alike share a policy whatever their columns are called. What is asked about the person goes through memoizable functions with constant arguments.
/// Nothing depends on how a session spells values.
/// </summary>
/// <param name="of">The object.</param>
/// <param name="names">Of the connection.</param>
/// <param name="masked">The column whose mask's condition this is: the policy's value; null for a row rule.</param>
internal sealed class PredicatePrinter(GovernedObject of, NativeNames names, GovernedColumn? masked = null) : SqlPredicate(of)
{
    /// <summary>The value of a masking policy.</summary>
    public const string Value = "V";

    private const string Moment = "YYYY-MM-DD HH24:MI:SS.FF9";

    private readonly List<GovernedColumn> _arguments = [];

    /// <summary>The columns that are arguments, in their order; the masked one left out.</summary>
    public IReadOnlyList<GovernedColumn> Arguments => _arguments;

    /// <summary>The name of an argument.</summary>
    /// <param name="index">From 0.</param>
    public static string Argument(int index) => string.Create(CultureInfo.InvariantCulture, $"A{index + 1}");

    /// <inheritdoc/>
    protected override string Unknown => "NULL::BOOLEAN";

    /// <inheritdoc/>
    protected override string Literal(string text) => Quote.Literal(text);

    /// <inheritdoc/>
    protected override string TextLiteral(string? text) => text is null ? "NULL::VARCHAR" : $"{Quote.Literal(text)}::VARCHAR";

    /// <inheritdoc/>
    protected override string Column(GovernedColumn column)
    {
        if (ReferenceEquals(column, masked) || column.Name == masked?.Name) return Value;
        var index = _arguments.FindIndex(a => a.Name == column.Name);
        if (index < 0)
        {
            index = _arguments.Count;
            _arguments.Add(column);
        }

        return Argument(index);
    }

    /// <inheritdoc/>
    protected override string TextOf(GovernedColumn column) => ColumnFamilies.Of(column.Type) switch
    {
        ColumnFamily.Text => Column(column),
        ColumnFamily.Integer or ColumnFamily.Boolean => $"TO_VARCHAR({Column(column)})",
        ColumnFamily.Number when ColumnFamilies.SizeOf(column.Type).Scale is > 0 => $"RTRIM(RTRIM(TO_VARCHAR({Column(column)}), '0'), '.')",
        ColumnFamily.Date => $"TO_VARCHAR({Column(column)}, 'YYYY-MM-DD')",
        _ => Problem($"column {column.Name} of type {column.Type} has no text that is the same in every session"),
    };

    /// <inheritdoc/>
    protected override string TextOf(string expression, Operand operand) => operand switch
    {
        Operand.Call { Function: ScalarFunction.Length } => $"TO_VARCHAR({expression})",
        Operand.Call { Function: ScalarFunction.Abs } => $"IFF(CONTAINS(TO_VARCHAR({expression}), '.'), RTRIM(RTRIM(TO_VARCHAR({expression}), '0'), '.'), TO_VARCHAR({expression}))",
        Operand.Call { Function: ScalarFunction.Coalesce } call when call.Arguments.All(a => FamilyOf(a) is ColumnFamily.Text or null) => expression,
        _ => Problem("what is compared as a text has to be a text"),
    };

    /// <inheritdoc/>
    /// <remarks>There is no default escape character (https://docs.snowflake.com/en/sql-reference/functions/like).</remarks>
    protected override string Like(string text, string pattern) => $"({text} LIKE {Quote.Literal(pattern)})";

    /// <inheritdoc/>
    protected override string InGroup(string group) => $"{names.Function("KNOWN_IN_GROUP")}({Quote.Literal(group)})";

    /// <inheritdoc/>
    protected override string HasAttribute(string name, string value) => Among($"{Quote.Literal(value)}", Values(name, "all"), Values(name, "some"));

    /// <inheritdoc/>
    protected override string AttributeContains(string name, string text) => Among(text, Values(name, "all"), Values(name, "some"));

    /// <inheritdoc/>
    protected override string GroupsContain(string text) => Among(text, GroupNames("all"), GroupNames("some"));

    /// <inheritdoc/>
    protected override string PersonProperty(PropertyKind kind) => kind == PropertyKind.Username ? $"{names.Function("KNOWN_USERNAME")}()" : $"{names.Function("KNOWN_IAM")}()";

    /// <inheritdoc/>
    protected override string IsNewerThan(GovernedColumn column, TimeSpan age)
    {
        var seconds = ((decimal)age.Ticks / TimeSpan.TicksPerSecond).ToString(CultureInfo.InvariantCulture);
        var (time, now) = ColumnFamilies.Plain(column.Type) switch
        {
            "TIMESTAMP_NTZ" => (Column(column), "CONVERT_TIMEZONE('UTC', CURRENT_TIMESTAMP())::TIMESTAMP_NTZ"),
            "DATE" => ($"{Column(column)}::TIMESTAMP_NTZ", "CONVERT_TIMEZONE('UTC', CURRENT_TIMESTAMP())::TIMESTAMP_NTZ"),
            "TIMESTAMP_LTZ" or "TIMESTAMP_TZ" => (Column(column), "CURRENT_TIMESTAMP()"),
            _ => (Problem($"column {column.Name} is of type {column.Type}, which is no time"), ""),
        };
        return $"({time} >= DATEADD('second', -{seconds}, {now}))";
    }

    /// <inheritdoc/>
    protected override string IsInShare(string text, int percent) => $"(TO_NUMBER(LEFT(SHA2({text}, 256), 8), 'XXXXXXXX') * 100 < {percent} * 4294967296)";

    /// <inheritdoc/>
    protected override string Call(ScalarFunction function, IReadOnlyList<string> arguments) => function switch
    {
        ScalarFunction.Lower => $"LOWER({arguments[0]})",
        ScalarFunction.Upper => $"UPPER({arguments[0]})",
        ScalarFunction.Trim => $"TRIM({arguments[0]}, ' ')",
        ScalarFunction.Length => $"LENGTH({arguments[0]})",
        ScalarFunction.Abs => $"ABS({arguments[0]})",
        ScalarFunction.Coalesce when arguments.Count == 1 => arguments[0],
        ScalarFunction.Coalesce => $"COALESCE({string.Join(", ", arguments)})",
        _ => Problem($"{function} is no function of Snowflake's dialect"),
    };

    /// <inheritdoc/>
    protected override bool AreComparable(Operand left, Operand right) => (FamilyOf(left), FamilyOf(right)) switch
    {
        (null or ColumnFamily.Other, _) or (_, null or ColumnFamily.Other) => true,
        (ColumnFamily.Integer or ColumnFamily.Number, ColumnFamily.Integer or ColumnFamily.Number) => true,
        (ColumnFamily.Text, ColumnFamily.Date or ColumnFamily.Time) => left is Operand.Text,
        (ColumnFamily.Date or ColumnFamily.Time, ColumnFamily.Text) => right is Operand.Text,
        var (one, other) => one == other,
    };

    /// <inheritdoc/>
    protected override string Of(Operand operand, Operand beside)
    {
        if (operand is not Operand.Text text || ColumnOf(beside) is not { } column) return Of(operand);
        return ColumnFamilies.Of(column.Type) switch
        {
            ColumnFamily.Date => Day(text.Value) ?? Problem($"{text.Value} is no day, as column {column.Name} is"),
            ColumnFamily.Time => Time(text.Value, column.Type) ?? Problem($"{text.Value} is no time, as column {column.Name} is"),
            _ => Of(operand),
        };
    }

    /// <summary>A day as a literal that every session reads alike; null for a text that is none.</summary>
    public static string? Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? string.Create(CultureInfo.InvariantCulture, $"DATE_FROM_PARTS({day.Year}, {day.Month}, {day.Day})")
            : null;

    /// <summary>A time of a column's type as a literal that every session reads alike; null for a text that is none. One without a zone is in UTC.</summary>
    public static string? Time(string text, string type)
    {
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return null;
        var written = time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture);
        return ColumnFamilies.Plain(type) == "TIMESTAMP_NTZ"
            ? $"TO_TIMESTAMP_NTZ({Quote.Literal(written)}, '{Moment}')"
            : $"TO_TIMESTAMP_TZ({Quote.Literal($"{written} +00:00")}, '{Moment} TZH:TZM')";
    }

    private string Values(string attribute, string holders) => $"{names.Function("KNOWN_ATTRIBUTE_VALUES")}({Quote.Literal(attribute)}, {Quote.Literal(holders)})";

    private string GroupNames(string holders) => $"{names.Function("KNOWN_GROUP_NAMES")}({Quote.Literal(holders)})";

    // NULL of NULL, whatever an array contains.
    private static string Among(string text, string all, string some) =>
        $"(CASE WHEN {text} IS NULL THEN NULL WHEN ARRAY_CONTAINS({text}::VARIANT, {all}) THEN TRUE WHEN NOT ARRAY_CONTAINS({text}::VARIANT, {some}) THEN FALSE END)";

    private ColumnFamily? FamilyOf(Operand operand) => operand switch
    {
        Operand.Text or Operand.Property => ColumnFamily.Text,
        Operand.Number => ColumnFamily.Number,
        Operand.Boolean => ColumnFamily.Boolean,
        Operand.Column => ColumnOf(operand) is { } column ? ColumnFamilies.Of(column.Type) : null,
        Operand.Call { Function: ScalarFunction.Lower or ScalarFunction.Upper or ScalarFunction.Trim } => ColumnFamily.Text,
        Operand.Call { Function: ScalarFunction.Length or ScalarFunction.Abs } => ColumnFamily.Number,
        Operand.Call { Function: ScalarFunction.Coalesce } call => call.Arguments.Select(FamilyOf).FirstOrDefault(static f => f is not null),
        _ => null,
    };
}
