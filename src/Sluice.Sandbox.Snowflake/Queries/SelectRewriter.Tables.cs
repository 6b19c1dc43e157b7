using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <content>Tables: where FROM, JOIN and a comma expect one.</content>
internal sealed partial class SelectRewriter
{
    /// <summary>A table where one is expected: a name, TABLE(...), or a common table, which stays as it is.</summary>
    private bool TryTable()
    {
        var token = tokens[at];
        if (token.Is("LATERAL") || !token.IsName || token.Is("SELECT")) return false;
        frames.Peek().ExpectsTable = false;
        if (token.Is("VALUES"))
        {
            Emit($"({Rows()})");
            Alias("VALUES");
            return true;
        }

        if (token.Is("TABLE") && tokens[at + 1].IsSymbol("("))
        {
            var reader = new TokenReader("", tokens[(at + 2)..]);
            Emit(sources.Function(reader, functions));
            at += 2 + reader.Position + 1;
            return true;
        }

        var reading = new TokenReader("", tokens[at..]);
        var name = reading.ReadName();
        at += reading.Position;
        var travels = TimeTravel.Begins(tokens[at], Following(1));
        if (name.Schema is null && commonTables.Contains(name.Name))
        {
            if (travels) throw SnowflakeException.Unsupported("TIME TRAVEL ON A COMMON TABLE EXPRESSION");
            Emit(EngineNames.Quoted(name.Name));
            return true;
        }

        Emit(sources.Table(name, travels ? Moment() : null));
        Alias(name.Name);
        return true;
    }

    /// <summary>AT | BEFORE (kind => constant).</summary>
    private Moment Moment()
    {
        var isBefore = tokens[at].Is("BEFORE");
        var given = CallArgument.Split(tokens, at + 1, out var close);
        if (given.Count != 1) throw new TokenReader("", tokens[at..]).Unexpected();
        at = close + 1;
        return TimeTravel.Read(context, isBefore, given[0].Name, Part(given[0].Tokens));
    }

    /// <summary>The table's own name, where the query gives it no other.</summary>
    private void Alias(string name)
    {
        var next = tokens[at];
        var hasAlias = next.Is("AS") || next.Kind == TokenKind.Quoted || (next.Kind == TokenKind.Word && !SelectWords.NoAlias.Contains(next.Value));
        if (!hasAlias) Emit($"AS {EngineNames.Quoted(name)}");
    }

    /// <summary>VALUES as a table, whose columns are COLUMN1 and so on (https://docs.snowflake.com/en/sql-reference/constructs/values).</summary>
    private string Rows()
    {
        List<string> rows = [];
        var width = 0;
        do
        {
            var values = CallArgument.Split(tokens, at + 1, out var close);
            rows.Add($"({string.Join(", ", values.Select(value => Part(value.Tokens)))})");
            (width, at) = (values.Count, close + 1);
        }
        while (tokens[at].IsSymbol(",") && tokens[at + 1].IsSymbol("("));
        return $"SELECT * FROM (VALUES {string.Join(", ", rows)}) AS \"~values\"({string.Join(", ", Enumerable.Range(1, width).Select(column => $"\"COLUMN{column}\""))})";
    }

    /// <summary>WITH name [(columns)] AS (, and those after a comma.</summary>
    private static IEnumerable<string> CommonTables(ImmutableArray<Token> tokens)
    {
        if (!tokens.Any(token => token.Is("WITH"))) yield break;
        for (var i = 0; i + 2 < tokens.Length; i++)
        {
            if (tokens[i].IsName && tokens[i + 1].Is("AS") && tokens[i + 2].IsSymbol("(")) yield return tokens[i].Value;
            if (tokens[i].IsName && tokens[i + 1].IsSymbol("(") && i > 0 && (tokens[i - 1].Is("WITH") || tokens[i - 1].Is("RECURSIVE"))) yield return tokens[i].Value;
        }
    }
}
