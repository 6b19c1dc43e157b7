using Sluice.Core.Catalog;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>A privilege on an object, with the object's kind, without which it can't be granted.</summary>
/// <param name="Name">As Snowflake spells it: <c>SELECT</c>.</param>
/// <param name="On">The kind as a GRANT names it: <c>TABLE</c>.</param>
internal readonly record struct Privilege(string Name, string On = ObjectKinds.Table)
{
    /// <summary>To read.</summary>
    public const string Select = "SELECT";

    /// <summary>To reach what is in a database or schema.</summary>
    public const string Usage = "USAGE";

    /// <summary>To do anything with it.</summary>
    public const string Ownership = "OWNERSHIP";

    private const string Separator = " ON ";

    /// <summary>What a subscription to write is granted. Which rows it reaches, it has to read.</summary>
    public static IReadOnlyList<string> Writing { get; } = ["INSERT", "UPDATE", "DELETE", "TRUNCATE"];

    /// <summary>Reads what <see cref="ToString"/> printed.</summary>
    public static Privilege Parse(string text)
    {
        var at = text.IndexOf(Separator, StringComparison.Ordinal);
        return at < 0 ? new Privilege(text) : new Privilege(text[..at], text[(at + Separator.Length)..]);
    }

    /// <summary>A privilege on an object of a kind.</summary>
    public static Privilege Of(string name, ObjectKind kind) => new(name, ObjectKinds.Keyword(kind));

    /// <summary><c>SELECT</c>, <c>SELECT ON VIEW</c>.</summary>
    public override string ToString() => On == ObjectKinds.Table ? Name : $"{Name}{Separator}{On}";
}
