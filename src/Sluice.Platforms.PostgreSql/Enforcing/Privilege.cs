using Sluice.Platforms.PostgreSql.Sql;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>A privilege on an object, or on one of its columns.</summary>
/// <param name="Name">As PostgreSQL spells it: <c>SELECT</c>.</param>
/// <param name="Column">The column; null for the whole object.</param>
internal readonly record struct Privilege(string Name, string? Column = null)
{
    /// <summary>To read.</summary>
    public const string Select = "SELECT";

    /// <summary>To enter a database.</summary>
    public const string Connect = "CONNECT";

    /// <summary>To reach what is in a schema.</summary>
    public const string Usage = "USAGE";

    /// <summary>What a subscription to write is granted. Which rows it reaches, it has to read.</summary>
    public static IReadOnlyList<string> Writing { get; } = ["INSERT", "UPDATE", "DELETE"];

    /// <summary>Reads what <see cref="ToString"/> printed.</summary>
    public static Privilege Parse(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        return open < 0
            ? new Privilege(text)
            : new Privilege(text[..open], text[(open + 2)..^2].Replace("\"\"", "\"", StringComparison.Ordinal));
    }

    /// <summary>As it stands in a GRANT: <c>SELECT</c>, <c>SELECT("a column")</c>.</summary>
    public override string ToString() => Column is null ? Name : $"{Name}({Quote.Identifier(Column)})";
}
