using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Execution.Dialect;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Values that hold others: how they are made, and how one reaches into them.</summary>
internal sealed partial class QueryRewriter
{
    /// <summary>Writes what begins here if it makes such a value, and answers where it ends; -1 otherwise.</summary>
    private int Nested(int at, int end, ImmutableHashSet<string> tables)
    {
        if (at + 1 >= end || !tokens[at + 1].IsSymbol("(") || (at > 0 && tokens[at - 1].IsSymbol("."))) return -1;
        if (tokens[at].Is("FROM_JSON")) return FromJson(at + 1, tables);
        if (tokens[at].Is("STRUCT") && tokens[at + 2].IsSymbol("*")) return Row(at);
        if (tokens[at].Is("MAP")) return Pairs(at + 1, "MAP {", tables);
        return tokens[at].Is("NAMED_STRUCT") ? Pairs(at + 1, "{", tables) : -1;
    }

    /// <summary>Whether something here reaches into the operand before it.</summary>
    private bool Reaches(int at) => operand >= 0 && (tokens[at].IsSymbol("[")
        || (tokens[at].IsSymbol(".") && tokens[at + 1].IsName && (tokens[at - 1].IsSymbol(")") || tokens[at - 1].IsSymbol("]")) && !(at >= 4 && tokens[at - 4].Is("IDENTIFIER"))));

    /// <summary>
    /// value.field and value[key]: https://docs.databricks.com/aws/en/sql/language-manual/functions/dotsign and …/bracketsign. What was
    /// reached is the operand of what comes after it.
    /// </summary>
    private int Reach(int at, ImmutableHashSet<string> tables)
    {
        var whole = operand;
        if (tokens[at].IsSymbol("."))
        {
            sql.Insert(whole, "struct_extract(");
            return Written($", {EngineQuoting.Literal(tokens[at + 1].Text)})", at + 2);
        }

        var close = Bracket(at);
        // A text written there is a map's key, which the engine must not take for a number.
        var isKey = close == at + 2 && tokens[at + 1].Kind == TokenKind.String;
        sql.Insert(whole, isKey ? "sandbox_try_element_at(" : "sandbox_item(");
        Write(",");
        Inside(at + 1, close, tables);
        operand = whole;
        return Written(")", close + 1);
    }

    /// <summary>from_json(text, 'schema'): https://docs.databricks.com/aws/en/sql/language-manual/functions/from_json.</summary>
    private int FromJson(int open, ImmutableHashSet<string> tables)
    {
        var close = tokens.Close(open);
        var comma = tokens.Outside(open + 1, close, at => tokens[at].IsSymbol(","));
        if (comma < 0) throw new SqlException("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", "42605", "The `from_json` requires [2, 3] parameters but the actual number is 1.");
        var schema = "";
        for (var at = comma + 1; at < close; at++)
        {
            if (tokens[at].Kind != TokenKind.String) throw SqlException.Unsupported("The sandbox knows from_json with a literal schema and without options alone.");
            schema += tokens[at].Text;
        }

        var type = JsonShapes.Schema(schema);
        Write("CAST(CAST(sandbox_from_json(CAST((");
        Inside(open + 1, comma, tables);
        return Written($") AS VARCHAR), {EngineQuoting.Literal(schema)}) AS JSON) AS {type.Engine})", close + 1);
    }

    /// <summary>
    /// struct(*), the columns of the relation that is read (https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-qry-star): the engine knows a row by its
    /// relation's name.
    /// </summary>
    private int Row(int at)
    {
        var from = FromOf(at + 4);
        if (!tokens[at + 3].IsSymbol(")") || from < 0 || !tokens[from + 1].IsName) throw OneRelation();
        var (name, after) = tokens.Chain(from + 1);
        if (HasAlias(after, tokens.Length))
        {
            var alias = tokens[after].Is("AS") ? after + 1 : after;
            (name, after) = (new([tokens[alias].Text]), alias + 1);
        }

        if (after < tokens.Length && !tokens[after].IsSymbol(")") && !tokens[after].Is("WHERE")) throw OneRelation();
        return Written(EngineQuoting.Identifier(name.Last), at + 4);
    }

    private static SqlException OneRelation() => SqlException.Unsupported("The sandbox knows struct(*) of one named relation alone.");

    /// <summary>The FROM of the query that something is selected in, in whichever calls it stands.</summary>
    private int FromOf(int at)
    {
        for (var depth = 0; at < tokens.Length; at++)
        {
            if (tokens[at].IsSymbol("(")) depth++;
            if (tokens[at].IsSymbol(")") && depth > 0) depth--;
            else if (depth == 0 && tokens[at].Is("FROM")) return at;
        }

        return -1;
    }

    /// <summary>map(k, v, …) and named_struct('a', v, …), whose arguments come in pairs.</summary>
    private int Pairs(int open, string head, ImmutableHashSet<string> tables)
    {
        var close = tokens.Close(open);
        Write(head);
        for (var (start, count) = (open + 1, 0); start < close; count++)
        {
            var comma = tokens.Outside(start, close, at => tokens[at].IsSymbol(","));
            Inside(start, comma < 0 ? close : comma, tables);
            if (comma < 0 && count % 2 == 0) throw new SqlException("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", "42605", $"The `{tokens[open - 1].Text.ToLowerInvariant()}` requires 2n (n >= 0) parameters but the actual number is {count + 1}.");
            if (comma >= 0) Write(count % 2 == 0 ? ":" : ",");
            start = comma < 0 ? close : comma + 1;
        }

        return Written("}", close + 1);
    }

    private int Bracket(int open)
    {
        var depth = 0;
        for (var at = open; at < tokens.Length; at++)
        {
            if (tokens[at].IsSymbol("[")) depth++;
            if (tokens[at].IsSymbol("]") && --depth == 0) return at;
        }

        throw SqlException.Syntax("end of input", text.Length);
    }
}
