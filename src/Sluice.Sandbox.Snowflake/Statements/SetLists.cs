using System.Text;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>SET lists of UPDATE and MERGE: Snowflake lets a column be written with its table's name, the engine does not.</summary>
internal static class SetLists
{
    public static string Unqualified(string sql)
    {
        var tokens = Tokenizer.Read(sql);
        var written = new StringBuilder();
        var (copied, depth, inSet) = (0, 0, false);
        for (var i = 0; i + 3 < tokens.Length; i++)
        {
            depth += tokens[i].IsSymbol("(") ? 1 : tokens[i].IsSymbol(")") ? -1 : 0;
            if (depth > 0) continue;
            if (tokens[i].Is("SET")) inSet = true;
            else if (tokens[i].Is("WHEN") || tokens[i].Is("WHERE") || tokens[i].Is("FROM")) inSet = false;
            if (!inSet || !(tokens[i].Is("SET") || tokens[i].IsSymbol(","))) continue;
            if (!tokens[i + 1].IsName || !tokens[i + 2].IsSymbol(".") || !tokens[i + 3].IsName) continue;
            written.Append(sql, copied, tokens[i + 1].Start - copied);
            copied = tokens[i + 3].Start;
        }

        return written.Append(sql, copied, sql.Length - copied).ToString();
    }
}
