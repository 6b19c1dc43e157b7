using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>KEY = value options, and the tags of WITH TAG.</summary>
internal sealed class OptionList
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    public List<(ObjectName Tag, string Value)> Tags { get; } = [];

    public IReadOnlyDictionary<string, string> Values => values;

    public string? this[string key]
    {
        get => values.GetValueOrDefault(key);
        set => values[key] = value!;
    }

    /// <summary>Options up to the end of the statement.</summary>
    public static OptionList Read(TokenReader reader)
    {
        var options = new OptionList();
        while (!reader.AtEnd)
        {
            if (!TryReadOne(reader, options)) throw reader.Unexpected();
        }

        return options;
    }

    public static bool TryReadOne(TokenReader reader, OptionList options)
    {
        if (reader.Accept("WITH", "TAG") || (reader.IsAt("TAG") && reader.Peek().IsSymbol("(") && reader.Accept("TAG")))
        {
            reader.ExpectSymbol("(");
            do options.Tags.Add(ReadTag(reader));
            while (reader.AcceptSymbol(","));
            reader.ExpectSymbol(")");
            return true;
        }

        if (reader.IsAt("WITH") && reader.Peek().IsName) reader.Take();
        if (reader.Current.Kind != TokenKind.Word || !reader.Peek().IsSymbol("=")) return false;
        var key = reader.Take().Value;
        reader.ExpectSymbol("=");
        options[key] = ReadValue(reader);
        reader.AcceptSymbol(",");
        return true;
    }

    public static (ObjectName Tag, string Value) ReadTag(TokenReader reader)
    {
        var tag = reader.ReadName();
        reader.ExpectSymbol("=");
        return (tag, reader.ReadText());
    }

    private static string ReadValue(TokenReader reader)
    {
        if (!reader.Current.IsSymbol("("))
        {
            if (reader.Current.Kind is TokenKind.Text or TokenKind.Number or TokenKind.Variable) return reader.Take().Value;
            if (reader.AcceptSymbol("@")) return $"@{reader.ReadName()}{(reader.AcceptSymbol("/") && reader.Current.IsName ? "/" + reader.Take().Value : "")}";
            var name = reader.ReadName();
            return name.Schema is null ? name.Name : name.ToString();
        }

        // A list is kept as its elements, parted by commas.
        var (first, end) = reader.ReadParenthesised();
        var inner = new TokenReader(reader.TextOf(first, end));
        List<string> elements = [];
        while (!inner.AtEnd)
        {
            var token = inner.Take();
            if (token.Kind != TokenKind.Symbol) elements.Add(token.Value);
        }

        return string.Join(',', elements);
    }
}
