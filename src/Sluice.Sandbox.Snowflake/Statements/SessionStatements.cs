using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>SET and UNSET of session variables.</summary>
internal sealed class VariableStatement(IReadOnlyList<(string Name, string? Expression)> assignments) : Statement
{
    public override bool Writes => false;

    public static VariableStatement Read(TokenReader reader)
    {
        if (!reader.AcceptSymbol("(")) return new([(ReadName(reader), reader.ReadRest())]);
        List<string> names = [];
        do names.Add(reader.ReadIdentifier());
        while (reader.AcceptSymbol(","));
        reader.ExpectSymbol(")");
        reader.ExpectSymbol("=");
        reader.ExpectSymbol("(");
        List<(string, string?)> read = [];
        foreach (var name in names)
        {
            if (read.Count > 0) reader.ExpectSymbol(",");
            var first = reader.Position;
            for (var depth = 0; depth > 0 || !(reader.Current.IsSymbol(",") || reader.Current.IsSymbol(")"));)
            {
                var token = reader.Take();
                if (token.Kind == TokenKind.End) throw reader.Unexpected();
                depth += token.IsSymbol("(") ? 1 : token.IsSymbol(")") ? -1 : 0;
            }

            read.Add((name, reader.TextOf(first, reader.Position)));
        }

        reader.ExpectSymbol(")");
        return new(read);
    }

    public static VariableStatement ReadUnset(TokenReader reader)
    {
        if (!reader.AcceptSymbol("(")) return new([(reader.ReadIdentifier(), null)]);
        List<(string, string?)> names = [];
        do names.Add((reader.ReadIdentifier(), null));
        while (reader.AcceptSymbol(","));
        reader.ExpectSymbol(")");
        return new(names);
    }

    public override Outcome Execute(StatementContext context)
    {
        foreach (var (name, expression) in assignments)
        {
            if (expression is null) context.Session.Variables.Remove(name);
            else context.Session.Variables[name] = Constant(SelectRewriter.Evaluate(context, expression));
        }

        return Outcome.Done;
    }

    private static string ReadName(TokenReader reader)
    {
        var name = reader.ReadIdentifier();
        reader.ExpectSymbol("=");
        return name;
    }

    private static string Constant(object? value) => value switch
    {
        null => "NULL",
        bool flag => flag ? "TRUE" : "FALSE",
        long or int or double or decimal or System.Numerics.BigInteger => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        _ => Quoting.Text(value.ToString()!),
    };
}

/// <summary>ALTER SESSION SET and UNSET.</summary>
internal sealed class AlterSessionStatement(IReadOnlyList<(string Key, string? Value, bool IsText)> settings) : Statement
{
    public override bool Writes => false;

    public static AlterSessionStatement Read(TokenReader reader)
    {
        List<(string, string?, bool)> settings = [];
        var unset = reader.Accept("UNSET");
        if (!unset) reader.Expect("SET");
        while (!reader.AtEnd)
        {
            var key = reader.ReadIdentifier();
            if (unset) settings.Add((key, null, false));
            else
            {
                reader.ExpectSymbol("=");
                var value = reader.Take();
                if (value.Kind is not (TokenKind.Text or TokenKind.Number or TokenKind.Word)) throw reader.Unexpected();
                settings.Add((key, value.Value, value.Kind == TokenKind.Text));
            }

            reader.AcceptSymbol(",");
        }

        return settings.Count > 0 ? new(settings) : throw reader.Unexpected();
    }

    public override Outcome Execute(StatementContext context)
    {
        foreach (var (key, value, isText) in settings)
        {
            if (value is null) context.Session.Parameters.Unset(key);
            else context.Session.Parameters.Set(key, Parse(value, isText));
        }

        return Outcome.Status("Statement executed successfully.", StatementTypes.AlterSession);
    }

    private static JsonValue Parse(string value, bool isText) =>
        !isText && long.TryParse(value, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number)
        : !isText && bool.TryParse(value, out var flag) ? JsonValue.Create(flag)
        : JsonValue.Create(value);
}

/// <summary>BEGIN, COMMIT and ROLLBACK. Only rows take part: DDL commits by itself, as at Snowflake.</summary>
internal sealed class TransactionStatement(string verb) : Statement
{
    public override bool Commits => false;

    public static TransactionStatement Read(TokenReader reader)
    {
        var verb = reader.Take().Value;
        if (verb == "START") reader.Expect("TRANSACTION");
        else reader.AcceptAny("TRANSACTION", "WORK");
        if (reader.Accept("NAME")) reader.ReadIdentifier();
        return new(verb == "START" ? "BEGIN" : verb);
    }

    public override Outcome Execute(StatementContext context)
    {
        var engine = context.Runtime.Engine.For(context.Session);
        engine.Transact(verb);
        if (verb == "ROLLBACK") engine.Recount();
        return Outcome.Status("Statement executed successfully.", StatementTypes.Transaction);
    }
}

/// <summary>CALL: no stored procedure can be made here, so none is found.</summary>
internal sealed class CallStatement(ObjectName name) : Statement
{
    public override bool Writes => false;

    public static CallStatement Read(TokenReader reader)
    {
        var name = reader.ReadName();
        reader.ReadParenthesised();
        return new(name);
    }

    public override Outcome Execute(StatementContext context) =>
        throw new SnowflakeException("002140", "42601", $"SQL compilation error:\nUnknown function {name}.");
}
