using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Catalog;

namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>Reads column definitions.</summary>
internal static class ColumnParser
{
    public static ImmutableArray<ColumnObject> List(TokenReader reader)
    {
        var columns = ImmutableArray.CreateBuilder<ColumnObject>();
        reader.ExpectSymbol("(");
        do
        {
            if (!PrimaryKey(reader)) columns.Add(One(reader));
        }
        while (reader.TakeSymbol(","));
        reader.ExpectSymbol(")");
        return columns.ToImmutable();
    }

    public static ImmutableArray<string> Names(TokenReader reader)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        reader.ExpectSymbol("(");
        if (reader.TakeSymbol(")")) return [];
        do names.Add(reader.Identifier());
        while (reader.TakeSymbol(","));
        reader.ExpectSymbol(")");
        return names.ToImmutable();
    }

    /// <summary>What a mask or row filter is given: columns and constants.</summary>
    public static ImmutableArray<GuardArgument> GuardArguments(TokenReader reader)
    {
        var arguments = ImmutableArray.CreateBuilder<GuardArgument>();
        reader.ExpectSymbol("(");
        if (reader.TakeSymbol(")")) return [];
        do arguments.Add(GuardArgument(reader));
        while (reader.TakeSymbol(","));
        reader.ExpectSymbol(")");
        return arguments.ToImmutable();
    }

    private static GuardArgument GuardArgument(TokenReader reader)
    {
        if (reader.Peek.Kind == TokenKind.String) return new(null, reader.String(), IsText: true);
        var sign = reader.TakeSymbol("-") ? "-" : "";
        if (reader.Peek.Kind == TokenKind.Number) return new(null, $"{sign}{reader.Next().Text}");
        if (sign.Length > 0) throw reader.Wrong();
        foreach (var word in new[] { "true", "false", "NULL" })
        {
            if (reader.Take(word)) return new(null, word);
        }

        if (reader.Peek.Is("INTERVAL")) throw SqlException.Unsupported("The sandbox knows no intervals as constants of row filters and column masks.");
        var name = reader.Name();
        return name.Length == 1 ? Catalog.GuardArgument.Of(name.Last) : throw SqlException.Guard("ASSIGNED_COLUMN_MASK_MULTI_PART_USING_COLUMN_NAME", $"A column mask or row filter is given the column {name}, whose name has several parts.");
    }

    public static ColumnObject One(TokenReader reader)
    {
        var column = new ColumnObject(reader.Identifier(), TypeParser.Parse(reader));
        while (true)
        {
            if (reader.Take("NOT", "NULL")) column = column with { Nullable = false };
            else if (reader.Take("COMMENT")) column = column with { Comment = reader.String() };
            else if (reader.Take("DEFAULT")) reader.Until(token => token.IsSymbol(",") || token.Is("COMMENT") || token.Is("NOT") || token.Is("MASK"));
            else if (reader.Take("MASK")) column = column with { Mask = Mask(reader) };
            else return column;
        }
    }

    /// <summary>f [USING COLUMNS (a, b)]; the function's name is filled up when the statement runs.</summary>
    private static ColumnMask Mask(TokenReader reader)
    {
        var function = reader.Name();
        return new(string.Join('.', function.Parts), reader.Take("USING", "COLUMNS") ? GuardArguments(reader) : []);
    }

    // The service enforces no primary key either.
    private static bool PrimaryKey(TokenReader reader)
    {
        if (reader.Take("CONSTRAINT")) reader.Identifier();
        if (!reader.Take("PRIMARY", "KEY")) return false;
        Names(reader);
        reader.Take("RELY");
        return true;
    }
}
