using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>Reads CREATE TABLE in all its kinds.</summary>
internal static class TableParser
{
    public static CreateTableStatement Read(TokenReader reader, CreateHead head)
    {
        var statement = new CreateTableStatement(head, reader.Sql);
        if (reader.Current.IsSymbol("(")) statement.Columns = ReadColumns(reader);
        while (!reader.AtEnd)
        {
            if (reader.Accept("AS")) statement.Query = reader.ReadRest();
            else if (reader.Accept("COPY", "GRANTS")) statement.CopiesGrants = true;
            else if (reader.Accept("CLONE"))
            {
                (statement.Source, statement.Clones) = (reader.ReadName(), true);
                if (Queries.TimeTravel.Begins(reader.Current, reader.Peek())) statement.At = ReadMoment(reader);
            }
            else if (reader.Accept("LIKE")) statement.Source = reader.ReadName();
            else if (reader.Accept("CLUSTER", "BY") || reader.Accept("PARTITION", "BY")) reader.ReadParenthesised();
            else if (reader.Accept("ROW", "ACCESS", "POLICY") || reader.Accept("WITH", "ROW", "ACCESS", "POLICY")) statement.RowAccess = ReadRowAccess(reader);
            else if (!OptionList.TryReadOne(reader, statement.Options)) throw reader.Unexpected();
        }

        return statement;
    }

    private static (bool IsBefore, string Kind, string Expression) ReadMoment(TokenReader reader)
    {
        var isBefore = reader.Take().Is("BEFORE");
        reader.ExpectSymbol("(");
        var kind = reader.ReadIdentifier();
        reader.ExpectSymbol("=>");
        var first = reader.Position;
        reader.SkipToClosing();
        return (isBefore, kind, reader.TextOf(first, reader.Position - 1));
    }

    public static (ObjectName Policy, List<string> Columns) ReadRowAccess(TokenReader reader)
    {
        var policy = reader.ReadName();
        reader.Expect("ON");
        return (policy, ReadNames(reader));
    }

    /// <summary>A view's column list: names with comments, masks and tags, but no types.</summary>
    public static List<ColumnPlan> ReadViewColumns(TokenReader reader)
    {
        List<ColumnPlan> columns = [];
        if (!reader.AcceptSymbol("(")) return columns;
        do
        {
            var column = new ColumnPlan(reader.ReadIdentifier(), SqlType.Text);
            while (ReadColumnOption(reader, column))
            {
            }

            columns.Add(column);
        }
        while (reader.AcceptSymbol(","));
        reader.ExpectSymbol(")");
        return columns;
    }

    public static ColumnPlan ReadColumn(TokenReader reader)
    {
        var column = new ColumnPlan(reader.ReadIdentifier(), reader.ReadType());
        while (ReadColumnOption(reader, column))
        {
        }

        return column;
    }

    public static List<string> ReadNames(TokenReader reader)
    {
        List<string> names = [];
        reader.ExpectSymbol("(");
        do names.Add(reader.ReadIdentifier());
        while (reader.AcceptSymbol(","));
        reader.ExpectSymbol(")");
        return names;
    }

    private static List<ColumnPlan> ReadColumns(TokenReader reader)
    {
        List<ColumnPlan> columns = [];
        reader.ExpectSymbol("(");
        do
        {
            if (reader.IsAt("CONSTRAINT") || reader.IsAt("PRIMARY", "KEY") || reader.IsAt("FOREIGN", "KEY") || (reader.IsAt("UNIQUE") && reader.Peek().IsSymbol("("))) SkipConstraint(reader);
            else columns.Add(ReadColumn(reader));
        }
        while (reader.AcceptSymbol(","));
        reader.ExpectSymbol(")");
        return columns;
    }

    private static void SkipConstraint(TokenReader reader)
    {
        while (!reader.Current.IsSymbol(",") && !reader.Current.IsSymbol(")"))
        {
            if (reader.Current.IsSymbol("(")) reader.ReadParenthesised();
            else if (reader.AtEnd) throw reader.Unexpected();
            else reader.Take();
        }
    }

    private static bool ReadColumnOption(TokenReader reader, ColumnPlan column)
    {
        if (reader.Accept("NOT", "NULL")) column.Nullable = false;
        else if (reader.Accept("NULL")) column.Nullable = true;
        else if (reader.Accept("COMMENT")) column.Comment = reader.ReadText();
        else if (reader.Accept("DEFAULT")) column.Default = ReadExpression(reader);
        else if (reader.Accept("PRIMARY", "KEY") || reader.Accept("UNIQUE") || reader.Accept("RELY")) return true;
        else if (reader.AcceptAny("AUTOINCREMENT", "IDENTITY"))
        {
            if (reader.Current.IsSymbol("(")) reader.ReadParenthesised();
        }
        else if (reader.Accept("COLLATE")) reader.ReadText();
        else if (reader.Accept("AS"))
        {
            var (first, end) = reader.ReadParenthesised();
            column.Expression = reader.TextOf(first, end);
        }
        else if (reader.Accept("WITH", "MASKING", "POLICY") || reader.Accept("MASKING", "POLICY"))
        {
            column.Mask = reader.ReadName();
            if (reader.Accept("USING")) column.MaskColumns = ReadNames(reader);
        }
        else if (reader.Accept("WITH", "TAG") || (reader.IsAt("TAG") && reader.Peek().IsSymbol("(") && reader.Accept("TAG")))
        {
            reader.ExpectSymbol("(");
            do column.Tags.Add(OptionList.ReadTag(reader));
            while (reader.AcceptSymbol(","));
            reader.ExpectSymbol(")");
        }
        else return false;
        return true;
    }

    /// <summary>A default: a constant or a call.</summary>
    private static string ReadExpression(TokenReader reader)
    {
        var first = reader.Position;
        reader.Take();
        if (reader.Current.IsSymbol("(")) reader.ReadParenthesised();
        return reader.TextOf(first, reader.Position);
    }
}

/// <summary>A column as a statement describes it.</summary>
internal sealed class ColumnPlan(string name, SqlType type)
{
    public string Name => name;

    public SqlType Type => type;

    public bool Nullable { get; set; } = true;

    public string? Comment { get; set; }

    public string? Default { get; set; }

    public string? Expression { get; set; }

    /// <summary>The column.</summary>
    public ColumnState State => new(name, type) { Nullable = Nullable, Default = Default, Comment = Comment, Expression = Expression };

    public ObjectName? Mask { get; set; }

    public List<string> MaskColumns { get; set; } = [];

    public List<(ObjectName Tag, string Value)> Tags { get; } = [];
}
