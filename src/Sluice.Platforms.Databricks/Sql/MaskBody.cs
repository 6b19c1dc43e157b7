using System.Globalization;
using Sluice.Core.Access;
using Sluice.Core.Policies;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Databricks.Enforcing;

namespace Sluice.Platforms.Databricks.Sql;

/// <summary>Prints what a column's value becomes (<see cref="MaskBranches"/>), as the body of a function whose first parameter is the value.</summary>
/// <param name="column">The column.</param>
/// <param name="type">Its type as SQL.</param>
/// <param name="reader">Where the salt is.</param>
/// <param name="own">Where the functions are that call the operator's.</param>
/// <param name="functions">Which of the operator's may be called.</param>
internal sealed class MaskBody(GovernedColumn column, string type, ReaderSql reader, OwnCatalog own, MaskFunctions functions)
{
    private const string Value = "c0";
    private const int HashDigits = 64;
    private const long MicrosOfDay = 86_400_000_000;

    private static readonly IReadOnlyDictionary<string, (long Least, long Most)> Integers = new Dictionary<string, (long Least, long Most)>(StringComparer.Ordinal)
    {
        ["TINYINT"] = (sbyte.MinValue, sbyte.MaxValue),
        ["SMALLINT"] = (short.MinValue, short.MaxValue),
        ["INT"] = (int.MinValue, int.MaxValue),
        ["BIGINT"] = (long.MinValue, long.MaxValue),
    };

    private readonly ColumnFamily _family = ColumnFamilies.Of(column.Type);
    private readonly int? _length = SqlTypes.LengthOf(column.Type);

    /// <summary>Whether a mask can apply here; one that can't becomes NULL. A mask's result has to be castable to the column, so that no number is hashed.</summary>
    public bool CanApply(MaskFunction mask) => mask switch
    {
        MaskFunction.Null => true,
        MaskFunction.Custom custom => functions.Of(custom, out _) is not null,
        _ when _family == ColumnFamily.Other || !MaskFit.CanApply(mask, _family) => false,
        MaskFunction.Constant constant => Constant(constant.Value) is not null,
        MaskFunction.Hash => _family == ColumnFamily.Text && !(_length < HashDigits),
        MaskFunction.Regex regex => Quote.TextProblem(regex.Pattern, int.MaxValue) is null && Quote.TextProblem(regex.Replacement, int.MaxValue) is null,
        _ => true,
    };

    /// <summary>The body.</summary>
    public string Print(IReadOnlyList<PrintedMask> masks)
    {
        var branches = MaskBranches.Of(masks, CanApply);
        var whens = branches.Branches.Select(b => $"WHEN {b.When} THEN {ValueOf(b.Function)} ");
        return $"CASE {(branches.NullWhen is { } always ? $"WHEN {always} THEN NULL " : "")}{string.Concat(whens)}ELSE {Value} END";
    }

    /// <summary>The function that calls the operator's for a mask; null where it is not called.</summary>
    public SqlFunction? CallOf(MaskFunction mask) => mask is MaskFunction.Custom custom && functions.Of(custom, out _) is { } name ? SqlFunction.Calling(name.Names, type) : null;

    private string ValueOf(MaskFunction mask) => mask switch
    {
        MaskFunction.Custom when CallOf(mask) is { } call => Cut($"{own.Function(call.Name)}({Value})"),
        MaskFunction.Constant constant => Constant(constant.Value)!,
        MaskFunction.Hash => $"sha2(concat({reader.Salt}, {Value}), 256)",
        MaskFunction.Regex regex => Cut(Replaced(regex)),
        MaskFunction.RoundNumber round => Rounded(round.BucketSize),
        MaskFunction.RoundTime round => Rounded(round.Precision),
        _ => throw new ArgumentException($"A {mask.GetType().Name} is no mask of Databricks'.", nameof(mask)),
    };

    // The first match alone is what lies behind as little as possible; it shifts the numbers of groups by one.
    private static string Replaced(MaskFunction.Regex regex)
    {
        var flags = $"(?s{(regex.IgnoresCase ? "iu" : "")})";
        var (pattern, shift) = regex.IsGlobal ? (JavaPattern.Of(regex.Pattern), 0) : ($"\\A(.*?)(?:{JavaPattern.Of(regex.Pattern)})", 1);
        return $"regexp_replace({Value}, {Quote.Literal(flags + pattern)}, {Quote.Literal($"{(shift > 0 ? "$1" : "")}{JavaPattern.Replacement(regex.Replacement, shift)}")})";
    }

    private string Cut(string text) => _length is { } length ? $"left({text}, {length})" : text;

    // By the remainder, which is exact. What does not fit into the type is NULL.
    private string Rounded(decimal size)
    {
        var bucket = size.ToString(CultureInfo.InvariantCulture);
        if (type is "FLOAT" or "DOUBLE") return $"floor({Value} / {bucket}D) * {bucket}D";
        // Whole numbers as wider ones, which don't overflow.
        var value = type.StartsWith("DECIMAL", StringComparison.Ordinal) ? Value : $"CAST({Value} AS DECIMAL(20,0))";
        return $"try_cast(({value} - ((({value} % {bucket}) + {bucket}) % {bucket})) AS {type})";
    }

    private string Rounded(TimePrecision precision)
    {
        var micros = DatabricksPredicate.Micros(column.Type, Value)!;
        var unit = precision switch
        {
            TimePrecision.Second => 1_000_000,
            TimePrecision.Minute => 60_000_000,
            TimePrecision.Hour => 3_600_000_000,
            TimePrecision.Day => MicrosOfDay,
            _ => 0,
        };
        var day = type == "DATE" ? Value : $"date_add(DATE'1970-01-01', CAST(({Down(micros, MicrosOfDay)}) div {MicrosOfDay} AS INT))";
        var start = precision switch
        {
            TimePrecision.Month => $"trunc({day}, 'MONTH')",
            TimePrecision.Quarter => $"trunc({day}, 'QUARTER')",
            _ => $"trunc({day}, 'YEAR')",
        };
        if (type == "DATE") return unit > 0 ? Value : start;
        var rounded = unit > 0 ? Down(micros, unit) : $"CAST(datediff({start}, DATE'1970-01-01') AS BIGINT) * {MicrosOfDay}";
        return type == "TIMESTAMP" ? $"timestamp_micros({rounded})" : $"timestampadd(MICROSECOND, {rounded}, TIMESTAMP_NTZ'1970-01-01 00:00:00')";
    }

    private static string Down(string micros, long unit)
    {
        var size = unit.ToString(CultureInfo.InvariantCulture);
        return $"{micros} - ((({micros} % {size}) + {size}) % {size})";
    }

    private string? Constant(string text)
    {
        var invariant = CultureInfo.InvariantCulture;
        return _family switch
        {
            ColumnFamily.Text => Quote.TextProblem(text, _length ?? int.MaxValue) is null ? Quote.Literal(text) : null,
            ColumnFamily.Integer => long.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out var number)
                && Integers.TryGetValue(type, out var range) && number >= range.Least && number <= range.Most ? $"CAST({Quote.Literal(number.ToString(invariant))} AS {type})" : null,
            ColumnFamily.Number => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, invariant, out var number)
                ? $"try_cast({Quote.Literal(number.ToString(invariant))} AS {type})" : null,
            ColumnFamily.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", invariant, DateTimeStyles.None, out var day) ? $"DATE'{day.ToString("yyyy-MM-dd", invariant)}'" : null,
            ColumnFamily.Time => DateTimeOffset.TryParse(text, invariant, DateTimeStyles.AssumeUniversal, out var time)
                ? $"{type}'{time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", invariant)}{(type == "TIMESTAMP" ? "Z" : "")}'" : null,
            ColumnFamily.Boolean => bool.TryParse(text, out var flag) ? flag ? "true" : "false" : null,
            _ => null,
        };
    }
}
