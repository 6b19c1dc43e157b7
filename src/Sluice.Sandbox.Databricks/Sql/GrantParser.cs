using Sluice.Sandbox.Databricks.Privileges;

namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>Reads GRANT and REVOKE.</summary>
internal static class GrantParser
{
    public static GrantStatement Grant(TokenReader reader)
    {
        var (privileges, on) = What(reader);
        reader.Expect("TO");
        return new(privileges, on, Principal(reader), Revokes: false);
    }

    public static GrantStatement Revoke(TokenReader reader)
    {
        var (privileges, on) = What(reader);
        reader.Expect("FROM");
        return new(privileges, on, Principal(reader), Revokes: true);
    }

    /// <summary>A principal stands in back-ticks, bare, or in quotes.</summary>
    public static string Principal(TokenReader reader)
    {
        reader.Take("PRINCIPAL");
        return reader.Peek.Kind == TokenKind.String ? reader.String() : reader.Name() is { Length: 1 } name ? name.Last : throw reader.Wrong();
    }

    private static (Privilege Privileges, Target On) What(TokenReader reader)
    {
        var privileges = Privilege.None;
        do
        {
            var start = reader.Peek;
            var words = new List<string>();
            while (reader.Peek.Kind == TokenKind.Word && !reader.Peek.Is("ON")) words.Add(reader.Next().Text);
            var spelled = string.Join(' ', words).ToUpperInvariant();
            // REST's spelling with underscores is no privilege in SQL.
            if (spelled.Contains('_', StringComparison.Ordinal) || PrivilegeNames.Find(spelled) is not { } privilege) throw SqlException.Syntax($"'{start.Text}'", start.Start);
            privileges |= privilege;
        }
        while (reader.TakeSymbol(","));
        reader.Expect("ON");
        return (privileges, StatementParser.Target(reader));
    }
}
