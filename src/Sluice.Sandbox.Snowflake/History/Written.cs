using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.History;

/// <summary>What INSERT, UPDATE, MERGE, DELETE and CREATE TABLE ... AS write, column by column.</summary>
internal static class Written
{
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns named, in order; none are all.</param>
    /// <param name="query">Where the rows come from.</param>
    /// <param name="read">The tables the query names.</param>
    public static ModifiedTable ByQuery(SchemaObject table, IReadOnlyCollection<string> columns, string query, IEnumerable<SchemaObject> read)
    {
        var sources = ColumnLineage.OfQuery(query, read);
        var written = columns.Count == 0 ? Enumerable.Range(0, table.Columns.Length) : columns.Select(column => IndexOf(table, column));
        return new(table, [.. written.Where(column => column >= 0).Select((column, index) => (column, index < sources.Count ? sources[index] : []))]);
    }

    public static ModifiedTable ByValues(SchemaObject table, IEnumerable<(string Column, string Value)> assignments, IReadOnlyCollection<SchemaObject> read) =>
        new(table, [.. assignments.Select(assignment => (IndexOf(table, assignment.Column), ColumnLineage.OfExpression(assignment.Value, read))).Where(written => written.Item1 >= 0)]);

    /// <summary>column = expression, ... behind each SET.</summary>
    public static IEnumerable<(string Column, string Value)> Assignments(string sql)
    {
        var reader = new TokenReader(sql);
        while (!reader.AtEnd)
        {
            if (!reader.Accept("SET"))
            {
                reader.Take();
                continue;
            }

            do
            {
                var column = reader.ReadIdentifier();
                if (reader.AcceptSymbol(".")) column = reader.ReadIdentifier();
                reader.ExpectSymbol("=");
                yield return (column, Value(reader));
            }
            while (reader.AcceptSymbol(","));
        }
    }

    private static string Value(TokenReader reader)
    {
        var first = reader.Position;
        while (!reader.AtEnd && !reader.Current.IsSymbol(",") && !reader.IsAt("FROM") && !reader.IsAt("WHERE") && !reader.IsAt("WHEN"))
        {
            if (reader.Accept("CASE")) SkipCase(reader);
            else if (reader.Current.IsSymbol("(")) reader.ReadParenthesised();
            else reader.Take();
        }

        return reader.TextOf(first, reader.Position);
    }

    private static void SkipCase(TokenReader reader)
    {
        for (var depth = 1; depth > 0 && !reader.AtEnd;)
        {
            if (reader.Accept("CASE")) depth++;
            else if (reader.Accept("END")) depth--;
            else reader.Take();
        }
    }

    private static int IndexOf(SchemaObject table, string column)
    {
        for (var i = 0; i < table.Columns.Length; i++)
        {
            if (table.Columns[i].Name == column) return i;
        }

        return -1;
    }
}
