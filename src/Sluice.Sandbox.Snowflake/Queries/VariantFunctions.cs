using System.Globalization;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// VARIANT, OBJECT and ARRAY (https://docs.snowflake.com/en/sql-reference/data-types-semistructured), which are the engine's JSON: a
/// JSON null is a value, a missing field is NULL. An argument is bound by a lambda where its value is needed more than once.
/// </summary>
internal static class VariantFunctions
{
    public static IReadOnlyDictionary<string, Func<List<string>, string?>> Known { get; } = new Dictionary<string, Func<List<string>, string?>>(StringComparer.Ordinal)
    {
        ["PARSE_JSON"] = args => Parsed("CAST", args),
        ["TRY_PARSE_JSON"] = args => Parsed("TRY_CAST", args),
        ["TO_JSON"] = args => $"CAST(json(to_json({args[0]})) AS VARCHAR)",
        ["GET"] = args => $"\"~get\"({args[0]}, {args[1]})",
        ["GET_PATH"] = args => Path(args[1]).Aggregate(args[0], (value, step) => $"\"~get\"({value}, {step})"),
        ["OBJECT_KEYS"] = args => $"\"~keys\"({args[0]})",
        ["IS_NULL_VALUE"] = args => $"(json_type(to_json({args[0]})) = 'NULL')",
        ["TYPEOF"] = args => $"\"~kind\"({args[0]})",
        ["TO_VARIANT"] = args => Casts.To(args[0], new(SqlKind.Variant)),
        ["TO_ARRAY"] = args => Casts.To(args[0], new(SqlKind.Array)),
        ["TO_OBJECT"] = args => Casts.To(args[0], new(SqlKind.Object)),
        ["ARRAY_CONTAINS"] = args => $"list_contains(TRY_CAST(CAST({args[1]} AS JSON) AS JSON[]), json(to_json({args[0]})))",
        ["ARRAY_CONSTRUCT"] = args => $"json_array({string.Join(", ", args)})",
        ["ARRAY_SIZE"] = args => $"\"~size\"({args[0]})",
        ["SPLIT"] = args => $"to_json(string_split({args[0]}, {args[1]}))",
    };

    public static IReadOnlyList<string> Macros { get; } =
    [
        // https://docs.snowflake.com/en/sql-reference/functions/get: a field's name is exact in its case, an index counts from 0, else NULL.
        """
        CREATE MACRO "~get"(v, n) AS list_transform([{'v': to_json(v), 'n': n}], lambda x: CASE
          WHEN typeof(x.n) IN ('VARCHAR', 'JSON') THEN CASE json_type(x.v) WHEN 'OBJECT' THEN
            json_extract(x.v, '/' || replace(replace("~said"(x.n), '~', '~0'), '/', '~1')) END
          WHEN json_type(x.v) = 'ARRAY' AND TRY_CAST(x.n AS BIGINT) >= 0 THEN json_extract(x.v, TRY_CAST(x.n AS BIGINT)) END)[1]
        """,
        // https://docs.snowflake.com/en/sql-reference/functions/object_keys
        """
        CREATE MACRO "~keys"(v) AS list_transform([to_json(v)], lambda x: CASE json_type(x) WHEN 'OBJECT' THEN to_json(json_keys(x)) END)[1]
        """,
        // https://docs.snowflake.com/en/sql-reference/functions/array_size: NULL for what is no array.
        """
        CREATE MACRO "~size"(v) AS list_transform([CAST(v AS JSON)], lambda x: CASE json_type(x) WHEN 'ARRAY' THEN json_array_length(x) END)[1]
        """,
        // https://docs.snowflake.com/en/sql-reference/functions/typeof
        """
        CREATE MACRO "~kind"(v) AS list_transform([CASE typeof(v) WHEN 'JSON' THEN TRY_CAST(v AS JSON) ELSE to_json(v) END], lambda x: CASE json_type(x)
          WHEN 'NULL' THEN 'NULL_VALUE'
          WHEN 'DOUBLE' THEN CASE WHEN contains(lower(CAST(x AS VARCHAR)), 'e') THEN 'DOUBLE' ELSE 'DECIMAL' END
          WHEN 'UBIGINT' THEN 'INTEGER' WHEN 'BIGINT' THEN 'INTEGER' WHEN 'HUGEINT' THEN 'INTEGER' WHEN 'UHUGEINT' THEN 'INTEGER'
          ELSE json_type(x) END)[1]
        """,
        // https://docs.snowflake.com/en/sql-reference/functions/to_array: what is no array becomes the one element of an array, a null NULL.
        """
        CREATE MACRO "~array"(v) AS list_transform([to_json(v)], lambda x: CASE json_type(x) WHEN 'ARRAY' THEN x WHEN 'NULL' THEN NULL
          ELSE CASE WHEN x IS NOT NULL THEN json_array(x) END END)[1]
        """,
        // https://docs.snowflake.com/en/sql-reference/functions/to_object
        """
        CREATE MACRO "~object"(v) AS list_transform([to_json(v)], lambda x: CASE json_type(x) WHEN 'OBJECT' THEN x WHEN 'NULL' THEN NULL
          ELSE CASE WHEN x IS NOT NULL THEN error('Failed to cast variant value ' || CAST(x AS VARCHAR) || ' to OBJECT') END END)[1]
        """,
        // https://docs.snowflake.com/en/sql-reference/functions/convert_timezone: the wall clock of the target zone.
        """
        CREATE MACRO "~zone"(source, target, t) AS (CAST(t AS TIMESTAMP) AT TIME ZONE source) AT TIME ZONE target
        """,
    ];

    public static bool IsSemiStructured(SqlType type) => type.Kind is SqlKind.Variant or SqlKind.Object or SqlKind.Array;

    /// <summary>
    /// "Cannot be used directly in an INSERT statement": INSERT ... SELECT takes what VALUES does not
    /// (https://docs.snowflake.com/en/sql-reference/functions/to_variant).
    /// </summary>
    public static void RefuseInValues(string inserted)
    {
        var tokens = Sql.Tokenizer.Read(inserted);
        if (tokens[0].Is("VALUES") && tokens.FirstOrDefault(token => token.Is("PARSE_JSON") || token.Is("TO_VARIANT")) is { Value: { } name })
        {
            throw new SnowflakeException("002014", "22000", $"SQL compilation error:\nInvalid expression [{name}(...)] in VALUES clause");
        }
    }

    /// <summary>CAST to VARIANT, OBJECT or ARRAY.</summary>
    public static string To(string expression, SqlType type) => type.Kind switch
    {
        SqlKind.Array => $"\"~array\"({expression})",
        SqlKind.Object => $"\"~object\"({expression})",
        _ => $"to_json({expression})",
    };

    /// <summary>An empty text is NULL (https://docs.snowflake.com/en/sql-reference/functions/parse_json).</summary>
    private static string Parsed(string cast, List<string> args) => args.Count == 1
        ? $"{cast}(nullif(trim({Casts.To(args[0], SqlType.Text)}, chr(32) || chr(9) || chr(10) || chr(13)), '') AS JSON)"
        : throw SnowflakeException.Unsupported("PARSE_JSON WITH A PARAMETER");

    /// <summary>a.b[0]["c"]: names and indexes (https://docs.snowflake.com/en/sql-reference/functions/get_path).</summary>
    private static List<string> Path(string literal)
    {
        var written = literal.Trim();
        if (!Casts.IsText(written) || written[0] != '\'') throw SnowflakeException.Unsupported("GET_PATH WITH A PATH THAT IS NO CONSTANT");
        var path = written[1..^1].Replace("''", "'", StringComparison.Ordinal);
        List<string> steps = [];
        for (var at = 0; at < path.Length;)
        {
            if (path[at] == '.') at++;
            var isIndex = at < path.Length && path[at] == '[';
            var end = at >= path.Length ? -1 : isIndex ? Closing(path, at) : path.AsSpan(at) is var rest && rest.IndexOfAny('.', '[') is >= 0 and var found ? at + found : path.Length;
            if (end <= at) throw SnowflakeException.Invalid($"Invalid extraction path '{path}'.");
            steps.Add(isIndex ? Bracketed(path[(at + 1)..end], path) : Sql.Quoting.Text(Unquoted(path[at..end])));
            at = isIndex ? end + 1 : end;
        }

        return steps;
    }

    private static int Closing(string path, int open)
    {
        var isQuoted = false;
        for (var at = open + 1; at < path.Length; at++)
        {
            if (path[at] is '"' or '\'') isQuoted = !isQuoted;
            else if (path[at] == ']' && !isQuoted) return at;
        }

        return -1;
    }

    private static string Bracketed(string inner, string path)
    {
        if (inner is ['"', .., '"'] or ['\'', .., '\'']) return Sql.Quoting.Text(inner[1..^1]);
        return int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? inner : throw SnowflakeException.Invalid($"Invalid extraction path '{path}'.");
    }

    private static string Unquoted(string name) => name is ['"', .., '"'] ? name[1..^1] : name;
}
