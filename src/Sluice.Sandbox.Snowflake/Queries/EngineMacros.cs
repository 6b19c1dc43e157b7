namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>Functions of Snowflake that the engine lacks or spells otherwise.</summary>
internal static class EngineMacros
{
    public static IReadOnlyList<string> All { get; } =
    [
        .. Casts.Macros,
        .. VariantFunctions.Macros,
        """
        CREATE MACRO "/"(a BIGINT, b BIGINT) AS CASE WHEN b = 0 THEN error('Division by zero') ELSE CAST(round(system.main."/"(a, b), 6) AS DECIMAL(38,6)) END,
          (a HUGEINT, b HUGEINT) AS CASE WHEN b = 0 THEN error('Division by zero') ELSE CAST(round(system.main."/"(a, b), 6) AS DECIMAL(38,6)) END,
          (a DECIMAL(38,8), b DECIMAL(38,8)) AS CASE WHEN b = 0 THEN error('Division by zero') ELSE CAST(round(system.main."/"(a, b), 8) AS DECIMAL(38,8)) END,
          (a DOUBLE, b DOUBLE) AS CASE WHEN b = 0 THEN error('Division by zero') ELSE system.main."/"(a, b) END
        """,
        """CREATE MACRO "%"(a, b) AS CASE WHEN b = 0 THEN error('Division by zero') ELSE system.main."%"(a, b) END""",
        "CREATE MACRO iff(c, a, b) AS CASE WHEN c THEN a ELSE b END",
        "CREATE MACRO nvl(a, b) AS coalesce(a, b)",
        "CREATE MACRO nvl2(a, b, c) AS CASE WHEN a IS NOT NULL THEN b ELSE c END",
        "CREATE MACRO zeroifnull(a) AS coalesce(a, 0)",
        "CREATE MACRO nullifzero(a) AS nullif(a, 0)",
        "CREATE MACRO equal_null(a, b) AS a IS NOT DISTINCT FROM b",
        "CREATE MACRO startswith(a, b) AS starts_with(a, b)",
        "CREATE MACRO endswith(a, b) AS ends_with(a, b)",
        "CREATE MACRO charindex(a, b) AS strpos(b, a)",
        "CREATE MACRO square(a) AS a * a",
        // What is truncated stays of its type (https://docs.snowflake.com/en/sql-reference/functions/date_trunc).
        """
        CREATE MACRO "~date_trunc"(p VARCHAR, d DATE) AS CAST(date_trunc(p, d) AS DATE), (p VARCHAR, d TIMESTAMP) AS CAST(date_trunc(p, d) AS TIMESTAMP),
          (p VARCHAR, d TIMESTAMPTZ) AS CAST(date_trunc(p, d) AS TIMESTAMPTZ), (p VARCHAR, d TIME) AS CAST(date_trunc(p, DATE '1970-01-01' + d) AS TIME),
          (p VARCHAR, d VARCHAR) AS date_trunc(p, CAST(d AS TIMESTAMP))
        """,
        "CREATE MACRO dateadd_second(n, d) AS d + to_seconds(n)",
        "CREATE MACRO dateadd_minute(n, d) AS d + to_minutes(n)",
        "CREATE MACRO dateadd_hour(n, d) AS d + to_hours(n)",
        // A date stays a date when days and more are added to it (https://docs.snowflake.com/en/sql-reference/functions/dateadd).
        Adding("day", "to_days(CAST(n AS INTEGER))"),
        Adding("week", "to_days(CAST(7 * n AS INTEGER))"),
        Adding("month", "to_months(CAST(n AS INTEGER))"),
        Adding("quarter", "to_months(CAST(3 * n AS INTEGER))"),
        Adding("year", "to_years(CAST(n AS INTEGER))"),
    ];

    private static string Adding(string part, string interval) =>
        $"CREATE MACRO dateadd_{part}(n HUGEINT, d DATE) AS CAST(d + {interval} AS DATE), (n HUGEINT, d TIMESTAMP) AS d + {interval}, "
        + $"(n HUGEINT, d TIMESTAMPTZ) AS d + {interval}, (n HUGEINT, d VARCHAR) AS CAST(d AS TIMESTAMP) + {interval}";
}
