using Sluice.Sandbox.Snowflake.Results;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// Conversions as Snowflake makes them (https://docs.snowflake.com/en/sql-reference/data-type-conversion): timestamps are written with
/// milliseconds, binary as hexadecimal digits, floating point numbers are rounded half away from zero, and words such as 'on' are booleans.
/// </summary>
internal static class Casts
{
    private static readonly HashSet<string> TextFunctions =
        ["\"~text\"", "system.main.\"left\"", "system.main.\"right\"", "substring", "repeat", "lpad", "rpad", "upper", "lower", "reverse", "regexp_replace", "sha256", "sha1", "md5", "hex", "strftime"];

    /// <summary>Macros of the engine that convert by what a value's type turns out to be.</summary>
    public static IReadOnlyList<string> Macros { get; } =
    [
        // A null in a VARIANT is NULL, and its text has no quotes (https://docs.snowflake.com/en/user-guide/querying-semistructured).
        """
        CREATE MACRO "~said"(a) AS CASE typeof(a) WHEN 'JSON' THEN TRY_CAST(CAST(a AS VARCHAR) AS JSON) ->> '$' ELSE CAST(a AS VARCHAR) END
        """,
        """
        CREATE MACRO "~text"(a) AS CASE typeof(a)
          WHEN 'JSON' THEN TRY_CAST(CAST(a AS VARCHAR) AS JSON) ->> '$'
          WHEN 'TIMESTAMP' THEN strftime(TRY_CAST(a AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g')
          WHEN 'TIMESTAMP WITH TIME ZONE' THEN strftime(TRY_CAST(a AS TIMESTAMPTZ), '%Y-%m-%d %H:%M:%S.%g +0000')
          WHEN 'BLOB' THEN hex(TRY_CAST(a AS BLOB))
          WHEN 'DOUBLE' THEN regexp_replace(CAST(a AS VARCHAR), '\.0$', '')
          ELSE CAST(a AS VARCHAR) END
        """,
        """
        CREATE MACRO "~try_boolean"(a) AS list_transform([a], lambda x: CASE
          WHEN typeof(x) IN ('VARCHAR', 'JSON') THEN CASE
            WHEN lower("~said"(x)) IN ('true', 't', 'yes', 'y', 'on', '1') THEN true
            WHEN lower("~said"(x)) IN ('false', 'f', 'no', 'n', 'off', '0') THEN false END
          ELSE TRY_CAST(x AS BOOLEAN) END)[1]
        """,
        """
        CREATE MACRO "~boolean"(a) AS list_transform([a], lambda x: CASE
          WHEN "~said"(x) IS NOT NULL AND "~try_boolean"(x) IS NULL THEN error('Boolean value ''' || "~text"(x) || ''' is not recognized')
          ELSE "~try_boolean"(x) END)[1]
        """,
        """
        CREATE MACRO "~whole"(a) AS CASE typeof(a) WHEN 'DOUBLE' THEN CAST(round(TRY_CAST(a AS DOUBLE)) AS HUGEINT) WHEN 'JSON' THEN CAST("~said"(a) AS HUGEINT) ELSE CAST(a AS HUGEINT) END
        """,
        """
        CREATE MACRO "~try_whole"(a) AS CASE typeof(a) WHEN 'DOUBLE' THEN TRY_CAST(round(TRY_CAST(a AS DOUBLE)) AS HUGEINT) WHEN 'JSON' THEN TRY_CAST("~said"(a) AS HUGEINT) ELSE TRY_CAST(a AS HUGEINT) END
        """,
        """
        CREATE MACRO "~instant"(a) AS CASE typeof(a)
          WHEN 'VARCHAR' THEN CAST(regexp_replace(CAST(a AS VARCHAR), ' ([+-][0-9])', '\1') AS TIMESTAMPTZ) ELSE CAST(a AS TIMESTAMPTZ) END
        """,
        """
        CREATE MACRO "~try_instant"(a) AS CASE typeof(a)
          WHEN 'VARCHAR' THEN TRY_CAST(regexp_replace(CAST(a AS VARCHAR), ' ([+-][0-9])', '\1') AS TIMESTAMPTZ) ELSE TRY_CAST(a AS TIMESTAMPTZ) END
        """,
        """
        CREATE MACRO "~binary"(a) AS CASE typeof(a) WHEN 'BLOB' THEN TRY_CAST(a AS BLOB) ELSE unhex(CAST(a AS VARCHAR)) END
        """,
        """
        CREATE MACRO "~try_binary"(a) AS CASE
          WHEN typeof(a) = 'BLOB' THEN TRY_CAST(a AS BLOB)
          WHEN regexp_full_match(CAST(a AS VARCHAR), '([0-9A-Fa-f]{2})*') THEN unhex(CAST(a AS VARCHAR)) END
        """,
    ];

    /// <summary>True for what is known to be text: an engine's macro writes its argument several times, so none is put around it in vain.</summary>
    public static bool IsText(string expression)
    {
        var trimmed = expression.Trim();
        var open = trimmed.IndexOf('(', StringComparison.Ordinal);
        if (open < 0) return trimmed is ['\'', .., '\''] && !trimmed[1..^1].Replace("''", "", StringComparison.Ordinal).Contains('\'', StringComparison.Ordinal);
        if (!IsCall(trimmed, open)) return false;
        return trimmed[..open] == "CAST" ? trimmed.EndsWith(" AS VARCHAR)", StringComparison.Ordinal) : TextFunctions.Contains(trimmed[..open]);
    }

    /// <summary>CAST, or with <paramref name="tries"/> TRY_CAST, which answers NULL for what can't be converted.</summary>
    public static string To(string expression, SqlType type, bool tries = false)
    {
        var prefix = tries ? "~try_" : "~";
        return type.Kind switch
        {
            SqlKind.Text => IsText(expression) ? expression : $"\"~text\"({expression})",
            SqlKind.TimestampLtz or SqlKind.TimestampTz => $"\"{prefix}instant\"({expression})",
            SqlKind.Boolean => $"\"{prefix}boolean\"({expression})",
            SqlKind.Fixed when type.Scale == 0 => $"\"{prefix}whole\"({expression})",
            SqlKind.Binary => $"\"{prefix}binary\"({expression})",
            SqlKind.Variant or SqlKind.Object or SqlKind.Array => VariantFunctions.To(expression, type),
            _ => $"{(tries ? "TRY_CAST" : "CAST")}({expression} AS {type.Engine})",
        };
    }

    /// <summary>What is given as a value of a type, or kept as one.</summary>
    public static string Given(string expression, SqlType type) => type.Kind == SqlKind.Variant ? VariantFunctions.To(expression, type) : $"CAST({expression} AS {type.Engine})";

    /// <summary>True where the parenthesis that opens here closes at the end.</summary>
    private static bool IsCall(string expression, int open)
    {
        var (depth, quote) = (0, '\0');
        for (var i = open; i < expression.Length; i++)
        {
            var c = expression[i];
            if (quote != '\0') quote = c == quote ? '\0' : quote;
            else if (c is '\'' or '"') quote = c;
            else depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) return i == expression.Length - 1;
        }

        return false;
    }
}
