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

    /// <summary>What a row filter is given.</summary>
    public static ImmutableArray<string> FilterArguments(TokenReader reader)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        reader.ExpectSymbol("(");
        if (reader.TakeSymbol(")")) return [];
        do
        {
            if (reader.Peek.Kind is TokenKind.String or TokenKind.Number) throw SqlException.Unsupported("A row filter with constants for arguments is not supported by this stand-in yet.");
            names.Add(reader.Identifier());
        }
        while (reader.TakeSymbol(","));
        reader.ExpectSymbol(")");
        return names.ToImmutable();
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
        return new(string.Join('.', function.Parts), reader.Take("USING", "COLUMNS") ? Names(reader) : []);
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
