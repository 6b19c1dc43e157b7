using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Scripting;

namespace Sluice.Sandbox.Snowflake.Sql;

/// <summary>The text of one statement, and in a word or two what it is: "SHOW TABLES", "CREATE VIEW", "SELECT".</summary>
internal readonly record struct StatementText(string Text, string Kind)
{
    private static readonly HashSet<string> Passed =
        ["OR", "REPLACE", "IF", "NOT", "EXISTS", "TRANSIENT", "TEMPORARY", "TEMP", "SECURE", "RECURSIVE", "TERSE", "LOCAL", "GLOBAL", "VOLATILE"];

    /// <summary>Cuts a text at its semicolons, but for those in blocks.</summary>
    /// <param name="sql">The text.</param>
    /// <param name="inScript">True for what EXECUTE IMMEDIATE is given, in which branches and loops are whole too.</param>
    public static ImmutableArray<StatementText> Split(string sql, bool inScript = false)
    {
        var tokens = Tokenizer.Read(sql);
        var statements = ImmutableArray.CreateBuilder<StatementText>();
        var first = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (i == first && Blocks.Begins(tokens, i, inScript)) i = Blocks.End(tokens, i);
            if (tokens[i].Kind != TokenKind.End && !tokens[i].IsSymbol(";")) continue;
            if (i > first) statements.Add(new(sql[tokens[first].Start..tokens[i - 1].End], Blocks.Begins(tokens, first, inScript) ? "BLOCK" : KindOf(tokens.AsSpan(first, i - first))));
            first = i + 1;
        }

        return statements.ToImmutable();
    }

    private static string KindOf(ReadOnlySpan<Token> tokens)
    {
        var verb = tokens[0].Value;
        if (verb is "WITH" or "(" or "VALUES") return "SELECT";
        if (verb is "DESC") verb = "DESCRIBE";
        if (verb is not ("SHOW" or "CREATE" or "ALTER" or "DROP" or "DESCRIBE" or "USE" or "EXECUTE")) return verb;
        var at = 1;
        while (at < tokens.Length && tokens[at].Kind == TokenKind.Word && Passed.Contains(tokens[at].Value)) at++;
        if (at >= tokens.Length || tokens[at].Kind != TokenKind.Word) return verb;
        var word = tokens[at].Value;
        var second = at + 1 < tokens.Length && tokens[at + 1].Kind == TokenKind.Word ? tokens[at + 1].Value : "";
        var two = word is "MATERIALIZED" or "EXTERNAL" or "EVENT" or "ICEBERG" or "DYNAMIC" or "MASKING" or "SESSION" or "NETWORK" or "SECURITY" or "FUTURE" or "FILE" or "SECONDARY"
            || (word == "DATABASE" && second is "ROLE" or "ROLES");
        if (word == "ROW") return $"{verb} ROW ACCESS {(at + 2 < tokens.Length ? tokens[at + 2].Value : "")}";
        return two && verb + word != "ALTERSESSION" ? $"{verb} {word} {second}" : $"{verb} {word}";
    }
}
