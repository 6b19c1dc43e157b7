namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>Functions of Snowflake that the engine lacks or spells otherwise.</summary>
internal static class EngineMacros
{
    public static IReadOnlyList<string> All { get; } =
    [
        "CREATE MACRO iff(c, a, b) AS CASE WHEN c THEN a ELSE b END",
        "CREATE MACRO nvl(a, b) AS coalesce(a, b)",
        "CREATE MACRO nvl2(a, b, c) AS CASE WHEN a IS NOT NULL THEN b ELSE c END",
        "CREATE MACRO zeroifnull(a) AS coalesce(a, 0)",
        "CREATE MACRO nullifzero(a) AS nullif(a, 0)",
        "CREATE MACRO equal_null(a, b) AS a IS NOT DISTINCT FROM b",
        "CREATE MACRO to_varchar(a) AS CAST(a AS VARCHAR)",
        "CREATE MACRO to_char(a) AS CAST(a AS VARCHAR)",
        "CREATE MACRO to_number(a) AS CAST(a AS DECIMAL(38,0))",
        "CREATE MACRO to_boolean(a) AS CAST(a AS BOOLEAN)",
        "CREATE MACRO to_date(a) AS CAST(a AS DATE)",
        "CREATE MACRO to_timestamp(a) AS CAST(a AS TIMESTAMP)",
        "CREATE MACRO to_timestamp_ntz(a) AS CAST(a AS TIMESTAMP)",
        "CREATE MACRO to_timestamp_ltz(a) AS CAST(a AS TIMESTAMPTZ)",
        "CREATE MACRO try_to_number(a) AS TRY_CAST(a AS DECIMAL(38,0))",
        "CREATE MACRO startswith(a, b) AS starts_with(a, b)",
        "CREATE MACRO endswith(a, b) AS ends_with(a, b)",
        "CREATE MACRO charindex(a, b) AS strpos(b, a)",
        "CREATE MACRO rlike(a, b) AS regexp_full_match(a, b)",
        "CREATE MACRO regexp_like(a, b) AS regexp_full_match(a, b)",
        "CREATE MACRO sha2(a) AS sha256(a)",
        "CREATE MACRO square(a) AS a * a",
        "CREATE MACRO dateadd_second(n, d) AS d + to_seconds(n)",
        "CREATE MACRO dateadd_minute(n, d) AS d + to_minutes(n)",
        "CREATE MACRO dateadd_hour(n, d) AS d + to_hours(n)",
        "CREATE MACRO dateadd_day(n, d) AS d + to_days(n)",
        "CREATE MACRO dateadd_week(n, d) AS d + to_days(7 * n)",
        "CREATE MACRO dateadd_month(n, d) AS d + to_months(n)",
        "CREATE MACRO dateadd_year(n, d) AS d + to_years(n)",
    ];
}
