using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Privileges;

namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>Reads lists of tags and properties, and the SET TAG and UNSET TAG statements.</summary>
internal static class TagParser
{
    /// <summary>('key' = 'value', 'bare'): a key without a value has the empty one.</summary>
    public static ImmutableSortedDictionary<string, string> Pairs(TokenReader reader)
    {
        var pairs = SecurableObject.NoTexts.ToBuilder();
        reader.ExpectSymbol("(");
        do
        {
            var key = Key(reader);
            var value = reader.TakeSymbol("=") || reader.TakeSymbol("==") ? Value(reader) : "";
            pairs[key] = value;
        }
        while (reader.TakeSymbol(","));
        reader.ExpectSymbol(")");
        return pairs.ToImmutable();
    }

    public static ImmutableArray<string> Keys(TokenReader reader)
    {
        var keys = ImmutableArray.CreateBuilder<string>();
        reader.ExpectSymbol("(");
        do keys.Add(Key(reader));
        while (reader.TakeSymbol(","));
        reader.ExpectSymbol(")");
        return keys.ToImmutable();
    }

    public static Alter SetTag(TokenReader reader)
    {
        var (target, column) = Target(reader);
        var key = Key(reader);
        var value = reader.TakeSymbol("=") || reader.TakeSymbol("==") ? Value(reader) : "";
        return new(target, new SetTags(SecurableObject.NoTexts.Add(key, value), column) { KeepsOld = true });
    }

    public static Alter UnsetTag(TokenReader reader)
    {
        var (target, column) = Target(reader);
        return new(target, new UnsetTags([Key(reader)], column));
    }

    private static (Target Target, string? Column) Target(TokenReader reader)
    {
        if (!reader.Take("COLUMN")) return (StatementParser.Target(reader), null);
        var full = reader.Name();
        return (new(SecurableKind.Table, new(full.Parts[..^1])), full.Last);
    }

    private static string Key(TokenReader reader)
    {
        if (reader.Peek.Kind is TokenKind.String or TokenKind.Parameter) return reader.String();
        var name = reader.Name();
        return string.Join('.', name.Parts);
    }

    private static string Value(TokenReader reader) =>
        reader.Peek.Kind is TokenKind.Number or TokenKind.Word or TokenKind.Quoted ? reader.Next().Text : reader.String();
}
