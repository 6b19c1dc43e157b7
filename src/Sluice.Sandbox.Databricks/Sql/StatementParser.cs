using Sluice.Sandbox.Databricks.Privileges;

namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>Reads one statement of the SQL language manual that the sandbox knows.</summary>
internal static class StatementParser
{
    public static Statement Parse(string text, IReadOnlyDictionary<string, string?>? parameters = null)
    {
        var reader = new TokenReader(text, parameters);
        if (reader.IsEnd) throw new SqlException("PARSE_EMPTY_STATEMENT", "42617", "Syntax error, unexpected empty statement.");
        var statement = Statement(reader, text);
        reader.ExpectEnd();
        return statement;
    }

    private static Statement Statement(TokenReader reader, string text)
    {
        if (reader.Take("SHOW")) return ShowParser.Parse(reader);
        if (reader.Take("DESCRIBE") || reader.Take("DESC")) return ShowParser.Describe(reader);
        if (reader.Take("USE")) return UseWhat(reader);
        if (reader.Take("GRANT")) return GrantParser.Grant(reader);
        if (reader.Take("REVOKE")) return GrantParser.Revoke(reader);
        if (reader.Take("CREATE")) return CreateParser.Parse(reader);
        if (reader.Take("DROP", "TEMPORARY", "VARIABLE")) return VariableParser.Drop(reader);
        if (reader.Take("DROP")) return DropWhat(reader);
        if (reader.Take("UNDROP")) return UndropWhat(reader);
        if (reader.Take("ALTER")) return AlterParser.Parse(reader);
        if (reader.Take("COMMENT", "ON")) return Comment(reader);
        if (reader.Take("SET", "TAG", "ON")) return TagParser.SetTag(reader);
        if (reader.Take("UNSET", "TAG", "ON")) return TagParser.UnsetTag(reader);
        if (reader.Take("DECLARE")) return VariableParser.Declare(reader);
        if (reader.Take("SET", "VAR") || reader.Take("SET", "VARIABLE")) return VariableParser.Set(reader);
        if (reader.Take("EXECUTE", "IMMEDIATE")) return VariableParser.Immediate(reader);
        if (reader.Take("TRUNCATE", "TABLE")) return Emptied(reader.Name());
        if (reader.Peek.Is("INSERT") || reader.Peek.Is("UPDATE") || reader.Peek.Is("DELETE") || reader.Peek.Is("MERGE")) return ChangeOf(reader, text);
        if (reader.Peek.Is("SELECT") || reader.Peek.Is("WITH") || reader.Peek.Is("VALUES") || reader.Peek.Is("TABLE") || reader.Peek.IsSymbol("(")) return new Query(reader.Rest());
        throw reader.Wrong();
    }

    /// <summary>CATALOG c, SCHEMA s, TABLE t, VIEW v, FUNCTION f, METASTORE; a bare name is a table.</summary>
    public static Target Target(TokenReader reader)
    {
        if (reader.Take("METASTORE")) return new(SecurableKind.Metastore, null);
        return new(Kind(reader)?.Kind ?? SecurableKind.Table, reader.Name());
    }

    /// <summary>A securable whose name is still to come.</summary>
    public static Target? Kind(TokenReader reader)
    {
        if (reader.Take("CATALOG")) return new(SecurableKind.Catalog, null);
        if (reader.Take("SCHEMA") || reader.Take("DATABASE")) return new(SecurableKind.Schema, null);
        if (reader.Take("TABLE")) return new(SecurableKind.Table, null) { IsView = false };
        if (reader.Take("STREAMING", "TABLE")) return new(SecurableKind.Table, null) { IsView = false, IsPipelined = true };
        if (reader.Take("VIEW")) return new(SecurableKind.Table, null) { IsView = true };
        if (reader.Take("MATERIALIZED", "VIEW")) return new(SecurableKind.Table, null) { IsView = true, IsPipelined = true };
        if (reader.Take("FUNCTION")) return new(SecurableKind.Function, null);
        return null;
    }

    public static bool IfExists(TokenReader reader) => reader.Take("IF", "EXISTS");

    public static bool IfNotExists(TokenReader reader) => reader.Take("IF", "NOT", "EXISTS");

    private static Use UseWhat(TokenReader reader)
    {
        if (reader.Take("CATALOG")) return new(reader.Peek.Kind == TokenKind.String ? new([reader.String()]) : reader.Name(), IsCatalog: true);
        if (!reader.Take("SCHEMA")) reader.Take("DATABASE");
        return new(reader.Name(), IsCatalog: false);
    }

    private static Drop DropWhat(TokenReader reader)
    {
        var kind = Kind(reader) ?? throw reader.Wrong();
        var ifExists = IfExists(reader);
        var name = reader.Name();
        var cascade = reader.Take("CASCADE");
        if (!cascade) reader.Take("RESTRICT");
        return new(kind with { Name = name }, ifExists, cascade);
    }

    private static Undrop UndropWhat(TokenReader reader)
    {
        if (!reader.Take("TABLE")) reader.Expect("MATERIALIZED", "VIEW");
        return reader.Take("WITH", "ID") ? new(null, reader.String()) : new(reader.Name(), null);
    }

    private static Alter Comment(TokenReader reader)
    {
        if (reader.Take("COLUMN"))
        {
            var full = reader.Name();
            reader.Expect("IS");
            return new(new(SecurableKind.Table, new(full.Parts[..^1])), new SetComment(Text(reader), full.Last));
        }

        var target = Target(reader);
        reader.Expect("IS");
        return new(target, new SetComment(Text(reader)));
    }

    private static string? Text(TokenReader reader) => reader.Take("NULL") ? null : reader.String();

    private static Change Emptied(SqlName table) => new("DELETE", table, $"DELETE FROM {table}");

    private static Change ChangeOf(TokenReader reader, string text)
    {
        var verb = reader.Next().Text.ToUpperInvariant();
        if (verb is "INSERT" && !reader.Take("INTO")) reader.Expect("OVERWRITE");
        if (verb is "MERGE") reader.Expect("INTO");
        if (verb is "DELETE") reader.Expect("FROM");
        reader.Take("TABLE");
        var into = reader.Name();
        reader.Rest();
        return new(verb, into, text);
    }
}
