using System.Collections.Immutable;
using System.Globalization;

namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>Reads a data type.</summary>
internal static class TypeParser
{
    public static SqlType Parse(TokenReader reader)
    {
        var word = reader.Peek;
        var name = SqlType.Canonical(reader.Identifier());
        if (!SqlType.IsKnown(name)) throw new SqlException("UNSUPPORTED_DATATYPE", "0A000", $"Unsupported data type \"{word.Text.ToUpperInvariant()}\".");
        switch (name)
        {
            case "decimal":
                var digits = Numbers(reader);
                return new(name) { Precision = digits.Length > 0 ? digits[0] : 10, Scale = digits.Length > 1 ? digits[1] : 0 };
            case "varchar" or "char":
                return new(name) { Length = Numbers(reader) is [var length] ? length : null };
            case "interval":
                while (reader.Peek.Kind == TokenKind.Word && IsUnit(reader.Peek)) reader.Next();
                return new(name);
            case "array":
                reader.ExpectSymbol("<");
                var element = Parse(reader);
                Close(reader);
                return new(name) { Parts = [("element", element)] };
            case "map":
                reader.ExpectSymbol("<");
                var key = Parse(reader);
                reader.ExpectSymbol(",");
                var value = Parse(reader);
                Close(reader);
                return new(name) { Parts = [("key", key), ("value", value)] };
            case "struct":
                return new(name) { Parts = Fields(reader) };
            default:
                return new(name);
        }
    }

    private static ImmutableArray<(string Name, SqlType Type)> Fields(TokenReader reader)
    {
        var fields = ImmutableArray.CreateBuilder<(string, SqlType)>();
        reader.ExpectSymbol("<");
        do
        {
            var name = reader.Identifier();
            reader.TakeColon();
            fields.Add((name, Parse(reader)));
            if (reader.Take("NOT", "NULL")) continue;
            if (reader.Take("COMMENT")) reader.String();
        }
        while (reader.TakeSymbol(","));
        Close(reader);
        return fields.ToImmutable();
    }

    private static int[] Numbers(TokenReader reader)
    {
        List<int> numbers = [];
        if (!reader.TakeSymbol("(")) return [];
        do numbers.Add(reader.Peek.Kind == TokenKind.Number && int.TryParse(reader.Peek.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw reader.Wrong());
        while (reader.Next().Kind == TokenKind.Number && reader.TakeSymbol(","));
        reader.ExpectSymbol(")");
        return [.. numbers];
    }

    private static void Close(TokenReader reader)
    {
        if (reader.TakeHalfOf(">>")) return;
        reader.ExpectSymbol(">");
    }

    private static bool IsUnit(Token token) => token.Is("YEAR") || token.Is("MONTH") || token.Is("DAY") || token.Is("HOUR") || token.Is("MINUTE") || token.Is("SECOND") || token.Is("TO");
}
