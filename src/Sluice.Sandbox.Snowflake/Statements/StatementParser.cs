using Sluice.Sandbox.Snowflake.Shows;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>Finds the parser for a statement by the words it begins with.</summary>
internal static class StatementParser
{
    public static Statement Parse(string sql) => Parse(new TokenReader(sql));

    public static Statement Parse(TokenReader reader)
    {
        var statement = Read(reader);
        reader.AcceptSymbol(";");
        reader.ExpectEnd();
        return statement;
    }

    private static Statement Read(TokenReader reader)
    {
        if (reader.Current.IsSymbol("(") || reader.IsAt("SELECT") || reader.IsAt("WITH") || reader.IsAt("VALUES")) return SelectStatement.Read(reader);
        if (reader.Accept("SHOW")) return ShowParser.Read(reader);
        if (reader.Accept("DESCRIBE") || reader.Accept("DESC")) return DescribeStatement.Read(reader);
        if (reader.Accept("USE")) return UseStatement.Read(reader);
        if (reader.Accept("CREATE")) return CreateParser.Read(reader);
        if (reader.Accept("ALTER")) return AlterParser.Read(reader);
        if (reader.Accept("DROP")) return DropStatement.Read(reader);
        if (reader.Accept("UNDROP")) return UndropStatement.Read(reader);
        if (reader.Accept("COMMENT")) return CommentStatement.Read(reader);
        if (reader.Accept("GRANT")) return GrantParser.Read(reader, revokes: false);
        if (reader.Accept("REVOKE")) return GrantParser.Read(reader, revokes: true);
        if (reader.Accept("SET")) return VariableStatement.Read(reader);
        if (reader.Accept("UNSET")) return VariableStatement.ReadUnset(reader);
        if (reader.IsAt("INSERT") || reader.IsAt("UPDATE") || reader.IsAt("DELETE") || reader.IsAt("MERGE") || reader.IsAt("TRUNCATE")) return DmlStatement.Read(reader);
        if (reader.IsAt("BEGIN") || reader.IsAt("START") || reader.IsAt("COMMIT") || reader.IsAt("ROLLBACK")) return TransactionStatement.Read(reader);
        if (reader.Accept("CALL")) return CallStatement.Read(reader);
        throw reader.Unexpected();
    }
}
