using System.Collections.Immutable;
using System.Globalization;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// Functions whose arguments the engine takes in another order, number or sense. Their results are those of Snowflake's function
/// reference (https://docs.snowflake.com/en/sql-reference/functions-all).
/// </summary>
internal static class CallRewriter
{
    private static readonly Dictionary<string, Func<List<string>, string?>> Known = new(StringComparer.Ordinal)
    {
        ["CONCAT"] = args => $"CAST(({string.Join(" || ", args.Select(Text))}) AS VARCHAR)",
        ["CONCAT_WS"] = args => $"({string.Join($" || {Text(args[0])} || ", args.Skip(1).Select(Text))})",
        ["LEFT"] = args => $"system.main.\"left\"({Text(args[0])}, greatest({args[1]}, 0))",
        ["RIGHT"] = args => $"system.main.\"right\"({Text(args[0])}, greatest({args[1]}, 0))",
        ["SUBSTR"] = Substring,
        ["SUBSTRING"] = Substring,
        ["REPEAT"] = args => $"repeat({Text(args[0])}, CAST(greatest({args[1]}, 0) AS BIGINT))",
        ["LPAD"] = args => $"lpad({Text(args[0])}, CAST(greatest({args[1]}, 0) AS INTEGER), {(args.Count > 2 ? args[2] : "' '")})",
        ["RPAD"] = args => $"rpad({Text(args[0])}, CAST(greatest({args[1]}, 0) AS INTEGER), {(args.Count > 2 ? args[2] : "' '")})",
        ["LENGTH"] = Length,
        ["LEN"] = Length,
        ["UPPER"] = args => $"upper({Text(args[0])})",
        ["LOWER"] = args => $"lower({Text(args[0])})",
        ["REVERSE"] = args => $"reverse({Text(args[0])})",
        ["REGEXP_REPLACE"] = Regexes.Replace,
        ["REGEXP_LIKE"] = Regexes.Like,
        ["RLIKE"] = Regexes.Like,
        ["REGEXP_SUBSTR"] = Regexes.Substring,
        ["SHA2"] = Sha2,
        ["SHA2_HEX"] = Sha2,
        ["SHA1"] = args => $"sha1({Bytes(args[0])})",
        ["SHA1_HEX"] = args => $"sha1({Bytes(args[0])})",
        ["SHA2_BINARY"] = args => $"unhex({Sha2(args)})",
        ["SHA1_BINARY"] = args => $"unhex(sha1({Bytes(args[0])}))",
        ["MD5_BINARY"] = args => $"unhex(md5({Bytes(args[0])}))",
        ["MD5"] = args => $"md5({Bytes(args[0])})",
        ["MD5_HEX"] = args => $"md5({Bytes(args[0])})",
        ["HEX_ENCODE"] = args => args.Count > 1 ? $"CASE WHEN {args[1]} = 0 THEN lower(hex({args[0]})) ELSE hex({args[0]}) END" : $"hex({args[0]})",
        ["HEX_DECODE_STRING"] = args => $"decode(unhex({args[0]}))",
        ["HEX_DECODE_BINARY"] = args => $"unhex({args[0]})",
        ["BASE64_ENCODE"] = args => $"base64({Bytes(args[0])})",
        ["BASE64_DECODE_STRING"] = args => $"decode(from_base64({args[0]}))",
        ["TO_VARCHAR"] = Formatted,
        ["TO_CHAR"] = Formatted,
        ["TO_BOOLEAN"] = args => Casts.To(args[0], SqlType.Boolean),
        ["TRY_TO_BOOLEAN"] = args => Casts.To(args[0], SqlType.Boolean, tries: true),
        ["TO_NUMBER"] = args => Number(args, tries: false),
        ["TO_DECIMAL"] = args => Number(args, tries: false),
        ["TO_NUMERIC"] = args => Number(args, tries: false),
        ["TRY_TO_NUMBER"] = args => Number(args, tries: true),
        ["TRY_TO_DECIMAL"] = args => Number(args, tries: true),
        ["TRY_TO_NUMERIC"] = args => Number(args, tries: true),
        ["TO_DOUBLE"] = args => Only(args, new(SqlKind.Real), tries: false),
        ["TRY_TO_DOUBLE"] = args => Only(args, new(SqlKind.Real), tries: true),
        ["TO_BINARY"] = args => Binary(args, tries: false),
        ["TRY_TO_BINARY"] = args => Binary(args, tries: true),
        ["TO_DATE"] = args => Only(args, new(SqlKind.Date), tries: false),
        ["DATE"] = args => Only(args, new(SqlKind.Date), tries: false),
        ["TRY_TO_DATE"] = args => Only(args, new(SqlKind.Date), tries: true),
        ["TO_TIMESTAMP"] = args => Only(args, new(SqlKind.TimestampNtz), tries: false),
        ["TO_TIMESTAMP_NTZ"] = args => Only(args, new(SqlKind.TimestampNtz), tries: false),
        ["TO_TIMESTAMP_LTZ"] = args => Only(args, new(SqlKind.TimestampLtz), tries: false),
        ["TO_TIMESTAMP_TZ"] = args => Only(args, new(SqlKind.TimestampTz), tries: false),
        ["TRY_TO_TIMESTAMP"] = args => Only(args, new(SqlKind.TimestampNtz), tries: true),
        ["TRY_TO_TIMESTAMP_NTZ"] = args => Only(args, new(SqlKind.TimestampNtz), tries: true),
        ["DATE_FROM_PARTS"] = args => $"make_date(CAST({args[0]} AS BIGINT), CAST({args[1]} AS BIGINT), CAST({args[2]} AS BIGINT))",
        ["MOD"] = args => $"(({args[0]}) % ({args[1]}))",
        ["CONVERT_TIMEZONE"] = args => args.Count > 2
            ? $"\"~zone\"({args[0]}, {args[1]}, {args[2]})"
            : $"({Casts.To(args[1], SqlType.Instant)} AT TIME ZONE {args[0]})",
        ["GREATEST"] = args => Nulls(args, $"greatest({string.Join(", ", args)})"),
        ["LEAST"] = args => Nulls(args, $"least({string.Join(", ", args)})"),
        ["FLOOR"] = args => Scaled("floor", args),
        ["CEIL"] = args => Scaled("ceil", args),
        ["TRUNC"] = args => args.Count == 1 || int.TryParse(args[1], CultureInfo.InvariantCulture, out _) ? $"trunc({string.Join(", ", args)})" : $"\"~date_trunc\"({args[1]}, {args[0]})",
        ["TRUNCATE"] = args => $"trunc({string.Join(", ", args)})",
        ["IFNULL"] = args => $"coalesce({args[0]}, {args[1]})",
        ["DECODE"] = Decode,
        ["BOOLAND_AGG"] = args => $"bool_and({Casts.To(args[0], SqlType.Boolean)})",
        ["BOOLOR_AGG"] = args => $"bool_or({Casts.To(args[0], SqlType.Boolean)})",
    };

    private static readonly (string Element, string Engine)[] TimeFormats =
    [
        ("YYYY", "%Y"), ("MON", "%b"), ("MM", "%m"), ("DD", "%d"), ("HH24", "%H"), ("HH12", "%I"), ("MI", "%M"), ("SS", "%S"), ("FF3", "%g"),
    ];

    public static bool Knows(string name) => Known.ContainsKey(name) || VariantFunctions.Known.ContainsKey(name) || name is "CAST" or "TRY_CAST" or "ARRAY_AGG";

    /// <returns>What the engine reads, or null where the call is to stand as it is.</returns>
    public static string? Rewrite(string name, IReadOnlyList<CallArgument> arguments, Func<ImmutableArray<Token>, string> write)
    {
        if (name is "CAST" or "TRY_CAST") return Cast(arguments[0].Tokens, write, tries: name == "TRY_CAST");
        if (name == "ARRAY_AGG") return Collected(arguments[0].Tokens, write);
        try
        {
            return (Known.GetValueOrDefault(name) ?? VariantFunctions.Known[name])([.. arguments.Select(argument => write(argument.Tokens))]);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new SnowflakeException("000938", "22023", $"SQL compilation error:\nnot enough arguments for function [{name}]");
        }
    }

    private static string Cast(ImmutableArray<Token> tokens, Func<ImmutableArray<Token>, string> write, bool tries)
    {
        var split = LastAs(tokens);
        if (split < 0) throw new TokenReader("", tokens.Add(new(TokenKind.End, "<EOF>", 0, 0))).Unexpected();
        var type = new TokenReader("", tokens[(split + 1)..].Add(new(TokenKind.End, "<EOF>", 0, 0))).ReadType();
        return Casts.To(write(tokens[..split]), type, tries);
    }

    private static int LastAs(ImmutableArray<Token> tokens)
    {
        var depth = 0;
        for (var i = tokens.Length - 1; i >= 0; i--)
        {
            depth += tokens[i].IsSymbol(")") ? 1 : tokens[i].IsSymbol("(") ? -1 : 0;
            if (depth == 0 && tokens[i].Is("AS")) return i;
        }

        return -1;
    }

    /// <summary>NULLs are left out, and no row makes an empty array.</summary>
    private static string Collected(ImmutableArray<Token> tokens, Func<ImmutableArray<Token>, string> write)
    {
        var isDistinct = tokens.Length > 0 && tokens[0].Is("DISTINCT");
        var value = write(isDistinct ? tokens[1..] : tokens);
        return $"to_json(coalesce(list({(isDistinct ? "DISTINCT " : "")}{value}) FILTER (WHERE {value} IS NOT NULL), []))";
    }

    private static string Text(string argument) => Casts.To(argument, SqlType.Text);

    /// <summary>What a digest is made of: binary as it is, all else as text.</summary>
    private static string Bytes(string argument) => Casts.IsText(argument) ? $"encode({argument})" : $"CASE typeof({argument}) WHEN 'BLOB' THEN TRY_CAST({argument} AS BLOB) ELSE encode({Text(argument)}) END";

    private static string Substring(List<string> args) =>
        $"substring({Text(args[0])}, CASE WHEN {args[1]} = 0 THEN 1 ELSE {args[1]} END{(args.Count > 2 ? $", greatest({args[2]}, 0)" : "")})";

    private static string Length(List<string> args) => $"CASE typeof({args[0]}) WHEN 'BLOB' THEN octet_length(TRY_CAST({args[0]} AS BLOB)) ELSE length({Text(args[0])}) END";

    private static string Sha2(List<string> args) => args.Count == 1 || args[1].Trim() is "256" or "0"
        ? $"sha256({Bytes(args[0])})"
        : $"\"~sha2\"(hex({Bytes(args[0])}), {args[1]})";

    /// <summary>Formats of dates and times; those of numbers are not understood here.</summary>
    private static string? Formatted(List<string> args)
    {
        if (args.Count == 1) return Text(args[0]);
        var format = args[1];
        if (!format.StartsWith('\'') || !format.Contains('Y', StringComparison.OrdinalIgnoreCase)) throw SnowflakeException.Unsupported($"FORMAT {format}");
        foreach (var (element, engine) in TimeFormats) format = format.Replace(element, engine, StringComparison.OrdinalIgnoreCase);
        return $"strftime(CAST({args[0]} AS TIMESTAMP), {format})";
    }

    private static string Number(List<string> args, bool tries)
    {
        if (args.Count == 2 && IsHexadecimal(args[1])) return $"CAST({(tries ? "TRY_CAST" : "CAST")}('0x' || {Text(args[0])} AS UBIGINT) AS HUGEINT)";
        var sizes = args.Skip(1).Select(size => int.TryParse(size, CultureInfo.InvariantCulture, out var digits) ? digits : -1).ToArray();
        if (sizes.Length > 2 || sizes.Contains(-1)) throw SnowflakeException.Unsupported("TO_NUMBER WITH A FORMAT");
        return Casts.To(args[0], new(SqlKind.Fixed, sizes.Length > 0 ? sizes[0] : 38, sizes.Length > 1 ? sizes[1] : 0), tries);
    }

    /// <summary>X, a hexadecimal digit (https://docs.snowflake.com/en/sql-reference/sql-format-models).</summary>
    private static bool IsHexadecimal(string format) => format is ['\'', .. { Length: > 0 } digits, '\''] && digits.All(digit => digit is 'X' or 'x');

    private static string Binary(List<string> args, bool tries) => args.Count < 2 || args[1] == "'HEX'" ? Casts.To(args[0], new(SqlKind.Binary), tries)
        : args[1].ToUpperInvariant() is "'UTF-8'" or "'UTF8'" ? $"encode({args[0]})"
        : args[1] == "'BASE64'" ? $"from_base64({args[0]})"
        : throw SnowflakeException.Unsupported($"TO_BINARY FORMAT {args[1]}");

    private static string Only(List<string> args, SqlType type, bool tries) =>
        args.Count == 1 ? Casts.To(args[0], type, tries) : throw SnowflakeException.Unsupported($"CONVERSION TO {type.Short} WITH A FORMAT");

    private static string Nulls(List<string> args, string otherwise) => $"CASE WHEN {string.Join(" OR ", args.Select(arg => $"{arg} IS NULL"))} THEN NULL ELSE {otherwise} END";

    private static string Scaled(string function, List<string> args) =>
        args.Count == 1 ? $"{function}({args[0]})" : $"({function}({args[0]} * power(10, {args[1]})) / power(10, {args[1]}))";

    private static string Decode(List<string> args)
    {
        var pairs = Enumerable.Range(0, (args.Count - 1) / 2).Select(pair => $"WHEN {args[0]} IS NOT DISTINCT FROM {args[(2 * pair) + 1]} THEN {args[(2 * pair) + 2]}");
        return $"CASE {string.Join(' ', pairs)} ELSE {(args.Count % 2 == 0 ? args[^1] : "NULL")} END";
    }
}
