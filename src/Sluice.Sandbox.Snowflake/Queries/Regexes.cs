using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// Regular expression functions (https://docs.snowflake.com/en/sql-reference/functions-regexp): a pattern is anchored at both ends for
/// REGEXP_LIKE, and REGEXP_REPLACE replaces every occurrence unless told which.
/// </summary>
internal static class Regexes
{
    public static string Replace(List<string> args)
    {
        if (args.Count > 3 && args[3].Trim() != "1") throw SnowflakeException.Unsupported("REGEXP_REPLACE FROM ANOTHER POSITION");
        var occurrence = args.Count > 4 ? args[4].Trim() : "0";
        if (occurrence is not ("0" or "1")) throw SnowflakeException.Unsupported("REGEXP_REPLACE OF ONE OCCURRENCE");
        return $"regexp_replace({Text(args[0])}, {args[1]}, {(args.Count > 2 ? args[2] : "''")}, '{(occurrence == "0" ? "g" : "")}{Flags(args, 5)}')";
    }

    public static string Like(List<string> args) => $"regexp_full_match({Text(args[0])}, {args[1]}{(args.Count > 2 ? $", '{Flags(args, 2)}'" : "")})";

    public static string Substring(List<string> args) => args.Count == 2
        ? $"CASE WHEN regexp_matches({Text(args[0])}, {args[1]}) THEN regexp_extract({Text(args[0])}, {args[1]}) END"
        : throw SnowflakeException.Unsupported("REGEXP_SUBSTR WITH A POSITION");

    /// <summary>c, i, m and s mean the same to the engine; e (extract) changes nothing where nothing is extracted.</summary>
    private static string Flags(List<string> args, int index) => args.Count > index ? new([.. args[index].Where(flag => flag is 'c' or 'i' or 'm' or 's')]) : "";

    private static string Text(string argument) => Casts.To(argument, SqlType.Text);
}
