using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>The types of a call's arguments: as far as they are known from what is written, else as the engine found them.</summary>
internal sealed class ArgumentTypes(TableSources sources, IReadOnlyDictionary<string, BodyArgument> inPlace)
{
    private static readonly Dictionary<string, SqlKind> Returned = new(StringComparer.Ordinal)
    {
        ["PARSE_JSON"] = SqlKind.Variant,
        ["TRY_PARSE_JSON"] = SqlKind.Variant,
        ["TO_VARIANT"] = SqlKind.Variant,
        ["ARRAY_AGG"] = SqlKind.Array,
        ["ARRAY_CONSTRUCT"] = SqlKind.Array,
        ["OBJECT_KEYS"] = SqlKind.Array,
        ["SPLIT"] = SqlKind.Array,
        ["TO_ARRAY"] = SqlKind.Array,
        ["TO_OBJECT"] = SqlKind.Object,
        ["TO_TIMESTAMP_TZ"] = SqlKind.TimestampTz,
    };

    /// <summary>Type names of the engine that more than one of Snowflake's types have.</summary>
    private static readonly SqlKind[][] Alike = [[SqlKind.Variant, SqlKind.Array, SqlKind.Object], [SqlKind.TimestampLtz, SqlKind.TimestampTz]];

    /// <summary>True where what is written tells the type; it is null for NULL.</summary>
    public bool TryKnow(ImmutableArray<Token> written, out SqlType? type)
    {
        type = null;
        if (written is [var only]) return TryKnow(only, out type);
        if (written.Length == 0) return false;
        if (Closes(written, 0)) return TryKnow(written[1..^1], out type);
        var cast = LastCast(written);
        if (cast > 0 && IsOperand(written[..cast]))
        {
            type = Read(written[(cast + 1)..]);
            return true;
        }

        if (written[0].Kind != TokenKind.Word || !Closes(written, 1)) return false;
        if (written[0].Is("CAST") && LastAs(written) is > 0 and var named) type = Read(written[(named + 1)..^1]);
        else if (Returned.TryGetValue(written[0].Value, out var kind)) type = new(kind);
        return type is not null;
    }

    /// <summary>What the engine calls by one name is told apart by the column that is meant.</summary>
    public SqlType? Refined(ImmutableArray<Token> written, SqlType? found)
    {
        if (found is not { } type || Array.Find(Alike, alike => alike.Contains(type.Kind)) is not { } kinds || !IsColumn(written)) return found;
        var name = written[^1].Value;
        var columns = sources.Tables.SelectMany(table => table.Columns).Where(column => column.Name == name).Select(column => column.Type).Where(column => kinds.Contains(column.Kind)).Distinct().ToArray();
        if (columns.Length == 0 && inPlace.TryGetValue(name, out var argument) && kinds.Contains(argument.Type.Kind)) return argument.Type;
        return columns is [var one] ? one : found;
    }

    private bool TryKnow(Token token, out SqlType? type)
    {
        type = token.Kind switch
        {
            TokenKind.Text => SqlType.Text,
            TokenKind.Number => token.Value.Contains('E', StringComparison.OrdinalIgnoreCase) ? new(SqlKind.Real) : SqlType.Number,
            _ when token.Is("TRUE") || token.Is("FALSE") => SqlType.Boolean,
            _ when token.IsName && inPlace.TryGetValue(token.Value, out var argument) && !argument.MayBeHidden => argument.Type,
            _ => null,
        };
        return type is not null || token.Is("NULL");
    }

    private static bool IsColumn(ImmutableArray<Token> written)
    {
        for (var i = 0; i < written.Length; i++)
        {
            if (i % 2 == 0 ? !written[i].IsName : !written[i].IsSymbol(".")) return false;
        }

        return written.Length % 2 == 1;
    }

    private static bool IsOperand(ImmutableArray<Token> written) =>
        written.Length == 1 || Closes(written, 0) || (written[0].IsName && Closes(written, 1)) || IsColumn(written);

    /// <summary>True where the parenthesis that opens there closes at the end.</summary>
    private static bool Closes(ImmutableArray<Token> written, int open)
    {
        if (open >= written.Length || !written[open].IsSymbol("(")) return false;
        var depth = 0;
        for (var i = open; i < written.Length; i++)
        {
            depth += written[i].IsSymbol("(") ? 1 : written[i].IsSymbol(")") ? -1 : 0;
            if (depth == 0) return i == written.Length - 1;
        }

        return false;
    }

    private static int LastCast(ImmutableArray<Token> written)
    {
        for (var (i, depth) = (written.Length - 1, 0); i >= 0; i--)
        {
            depth += written[i].IsSymbol(")") ? 1 : written[i].IsSymbol("(") ? -1 : 0;
            if (depth != 0) continue;
            if (written[i].IsSymbol("::")) return i;
            if (!written[i].IsName && !written[i].IsSymbol("(")) return -1;
        }

        return -1;
    }

    private static int LastAs(ImmutableArray<Token> written)
    {
        for (var (i, depth) = (written.Length - 1, 0); i >= 0; i--)
        {
            depth += written[i].IsSymbol(")") ? 1 : written[i].IsSymbol("(") ? -1 : 0;
            if (depth == 1 && written[i].Is("AS")) return i;
        }

        return -1;
    }

    private static SqlType Read(ImmutableArray<Token> type) => new TokenReader("", type.Add(new(TokenKind.End, "<EOF>", 0, 0))).ReadType();
}
