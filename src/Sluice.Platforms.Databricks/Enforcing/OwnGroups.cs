namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>A group of ours, as it is in the account.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id.</param>
/// <param name="Members">Its direct members: users and service principals by name, everything else, such as another group, as <see cref="OwnGroups.Unnamed"/> spells it.</param>
internal sealed record OwnGroup(string Name, string Id, IReadOnlyList<string> Members);

/// <summary>What the account has of groups that are called like ours.</summary>
internal sealed record OwnGroups
{
    // No user's name and no application id begins like that.
    private const string ById = "id ";

    /// <summary>None.</summary>
    public static OwnGroups None { get; } = new();

    /// <summary>Those that carry the mark of this instance.</summary>
    public IReadOnlyList<OwnGroup> Ours { get; init; } = [];

    /// <summary>The names of those that don't.</summary>
    public IReadOnlySet<string> Others { get; init; } = new HashSet<string>();

    /// <summary>How many groups the account has in all; null where nobody has to know.</summary>
    public long? InAccount { get; init; }

    /// <summary>A member that is neither a user nor a service principal of the account, by its id.</summary>
    public static string Unnamed(string id) => ById + id;

    /// <summary>The id in such a spelling; null where a member has a name.</summary>
    public static string? IdOf(string member) => member.StartsWith(ById, StringComparison.Ordinal) && !Principals.IsSingle(member) ? member[ById.Length..] : null;
}
