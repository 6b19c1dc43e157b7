using System.Text;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>
/// IDENTIFIER(…), which stands for the name that a constant text holds, wherever one may stand: literals and parameter markers side by side,
/// or joined with the session's variables (https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-names-identifier-clause). A
/// text is read as a name and written back quoted, so that it can be nothing but a name.
/// </summary>
internal sealed class IdentifierClause
{
    private readonly Session session;
    private readonly string text;
    private readonly Token[] tokens;
    private int at;

    private IdentifierClause(Session session, string text)
    {
        this.session = session;
        this.text = text;
        tokens = Tokenizer.Read(text);
    }

    /// <summary>The statement with names in their places.</summary>
    public static string Resolved(Session session, string text) =>
        text.Contains("IDENTIFIER", StringComparison.OrdinalIgnoreCase) ? new IdentifierClause(session, text).Resolved() : text;

    private string Resolved()
    {
        var resolved = new StringBuilder();
        var written = 0;
        while (tokens[at].Kind != TokenKind.End)
        {
            var start = tokens[at].Start;
            if (!(tokens[at++].Is("IDENTIFIER") && tokens[at].IsSymbol("("))) continue;
            at++;
            var name = Named(Value() ?? throw NotConstant("NULL", start, "It evaluates to NULL."));
            if (!tokens[at].IsSymbol(")")) throw NotConstant("NOT_CONSTANT", start, "It depends on what is no constant.");
            resolved.Append(text, written, start - written).Append(name);
            written = tokens[at++].End;
        }

        return resolved.Append(text, written, text.Length - written).ToString();
    }

    /// <summary>Terms side by side or with || between; NULL when one of them is.</summary>
    private string? Value()
    {
        var value = Term();
        while (true)
        {
            if (tokens[at].IsSymbol("||")) at++;
            else if (!IsTerm(tokens[at])) return value;
            var next = Term();
            value = value is null || next is null ? null : value + next;
        }
    }

    private string? Term()
    {
        var token = tokens[at];
        if (!IsTerm(token)) throw token.IsSymbol(")") ? SqlException.Syntax("')'", token.Start) : NotConstant("NOT_CONSTANT", token.Start, "It depends on what is no constant.");
        at++;
        if (token.Kind == TokenKind.String) return token.Text;
        if (token.Kind == TokenKind.Parameter) return Parameter(token);
        if (token.IsSymbol("("))
        {
            var inner = Value();
            Close();
            return inner;
        }

        return token.Is("concat") && tokens[at].IsSymbol("(") ? Concatenated() : Variable(token);
    }

    private string? Concatenated()
    {
        at++;
        var value = tokens[at].IsSymbol(")") ? "" : Value();
        while (tokens[at].IsSymbol(","))
        {
            at++;
            var next = Value();
            value = value is null || next is null ? null : value + next;
        }

        Close();
        return value;
    }

    private string? Parameter(Token token)
    {
        if (!session.Parameters.TryGetValue(token.Text, out var bound)) throw new SqlException("UNBOUND_SQL_PARAMETER", "42P02", $"Found the unbound parameter: {token.Text}.");
        return IsText(bound.Type) ? bound.Value : throw NotConstant("WRONG_TYPE", token.Start, $"Its data type is \"{bound.Type.ResultText}\".");
    }

    private string? Variable(Token token)
    {
        List<string> parts = [token.Text];
        for (; tokens[at].IsSymbol(".") && tokens[at + 1].IsName; at += 2) parts.Add(tokens[at + 1].Text);
        var name = new SqlName([.. parts]);
        if (!VariableParser.IsVariable(name) || !session.Variables.TryGetValue(name.Last, out var found)) throw NotConstant("NOT_CONSTANT", token.Start, $"{name} is no variable.");
        return IsText(found.Type) ? found.Value : throw NotConstant("WRONG_TYPE", token.Start, $"Its data type is \"{found.Type.ResultText}\".");
    }

    private void Close()
    {
        if (!tokens[at].IsSymbol(")")) throw NotConstant("NOT_CONSTANT", tokens[at].Start, "It depends on what is no constant.");
        at++;
    }

    private static SqlName Named(string value)
    {
        var reader = new TokenReader(value);
        var name = reader.Name();
        reader.ExpectEnd();
        return name;
    }

    private static bool IsText(SqlType type) => type.Base is "string" or "varchar" or "char";

    private static bool IsTerm(Token token) => token.Kind is TokenKind.String or TokenKind.Parameter || token.IsName || token.IsSymbol("(");

    /// <summary>From https://docs.databricks.com/aws/en/error-messages/not-a-constant-string-error-class.</summary>
    private SqlException NotConstant(string condition, int from, string why) =>
        new($"NOT_A_CONSTANT_STRING.{condition}", "42601", $"The expression \"{text[from..Math.Min(text.Length, from + 60)]}\" used for the routine or clause `IDENTIFIER` must be a constant STRING which is NOT NULL. {why}");
}
