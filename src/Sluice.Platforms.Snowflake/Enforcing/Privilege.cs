using Sluice.Core.Catalog;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>A privilege on an object, with the object's kind, without which it can't be granted.</summary>
/// <param name="Name">As Snowflake spells it: <c>SELECT</c>.</param>
/// <param name="On">The kind as a GRANT names it: <c>TABLE</c>.</param>
/// <param name="IsOfUser">Whether it is granted straight to a user, as Sluice never does, and not to a role.</param>
internal readonly record struct Privilege(string Name, string On = ObjectKinds.Table, bool IsOfUser = false)
{
    /// <summary>To read.</summary>
    public const string Select = "SELECT";

    /// <summary>To reach what is in a database or schema.</summary>
    public const string Usage = "USAGE";

    /// <summary>To do anything with it.</summary>
    public const string Ownership = "OWNERSHIP";

    private const string Separator = " ON ";
    private const string ToUser = " TO USER";

    /// <summary>What a subscription to write is granted. Which rows it reaches, it has to read.</summary>
    public static IReadOnlyList<string> Writing { get; } = ["INSERT", "UPDATE", "DELETE", "TRUNCATE"];

    /// <summary>Reads what <see cref="ToString"/> printed.</summary>
    public static Privilege Parse(string text)
    {
        var isOfUser = text.EndsWith(ToUser, StringComparison.Ordinal);
        if (isOfUser) text = text[..^ToUser.Length];
        var at = text.IndexOf(Separator, StringComparison.Ordinal);
        return at < 0 ? new Privilege(text, IsOfUser: isOfUser) : new Privilege(text[..at], text[(at + Separator.Length)..], isOfUser);
    }

    /// <summary>A privilege on an object of a kind.</summary>
    public static Privilege Of(string name, ObjectKind kind) => new(name, ObjectKinds.Keyword(kind));

    /// <summary>Whether it opens or changes data: what a subscription is granted.</summary>
    public bool IsOfData => Name == Select || Writing.Contains(Name, StringComparer.Ordinal);

    /// <summary><c>SELECT</c>, <c>SELECT ON VIEW</c>, <c>SELECT ON VIEW TO USER</c>.</summary>
    public override string ToString() => $"{Name}{(On == ObjectKinds.Table ? "" : $"{Separator}{On}")}{(IsOfUser ? ToUser : "")}";
}
