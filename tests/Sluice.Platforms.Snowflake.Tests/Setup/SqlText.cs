using System.Text;

namespace Sluice.Platforms.Snowflake.Setup;

/// <summary>Splits SQL as Snowflake reads it: quoted identifiers, string literals, line comments, statements.</summary>
internal static class SqlText
{
    /// <summary>A statement: its words with a mark in the place of each name and text, and the names.</summary>
    internal sealed record Statement(string Shape, IReadOnlyList<string> Identifiers);

    public static List<Statement> Statements(string sql)
    {
        var statements = new List<Statement>();
        var (shape, names) = (new StringBuilder(), new List<string>());
        Read(sql, name => { shape.Append("<name>"); names.Add(name); }, _ => shape.Append("<text>"), _ => { }, c =>
        {
            if (c != ';')
            {
                shape.Append(char.IsWhiteSpace(c) ? ' ' : c);
                return;
            }

            statements.Add(new Statement(shape.ToString().Trim(), [.. names]));
            shape.Clear();
            names.Clear();
        });
        shape.ToString().Trim().ShouldBe("", "a script ends with a semicolon");
        return statements;
    }

    public static List<string> Comments(string sql)
    {
        var comments = new List<string>();
        Read(sql, static _ => { }, static _ => { }, comments.Add, static _ => { });
        return comments;
    }

    private static void Read(string sql, Action<string> name, Action<string> text, Action<string> comment, Action<char> other)
    {
        for (var i = 0; i < sql.Length; i++)
        {
            if (sql[i] is '"' or '\'')
            {
                var (quote, value) = (sql[i], new StringBuilder());
                while (true)
                {
                    i++;
                    if (quote == '\'' && sql[i] == '\\') value.Append(sql[++i]);
                    else if (sql[i] != quote) value.Append(sql[i]);
                    else if (i + 1 < sql.Length && sql[i + 1] == quote) value.Append(sql[i++]);
                    else break;
                }

                (quote == '"' ? name : text)(value.ToString());
            }
            else if (sql.AsSpan(i).StartsWith("$$"))
            {
                var end = sql.IndexOf("$$", i + 2, StringComparison.Ordinal);
                text(sql[(i + 2)..end]);
                i = end + 1;
            }
            else if (sql[i] == '-' && i + 1 < sql.Length && sql[i + 1] == '-')
            {
                var end = sql.IndexOf('\n', i);
                comment(sql[i..end]);
                i = end - 1;
            }
            else
            {
                other(sql[i]);
            }
        }
    }
}
