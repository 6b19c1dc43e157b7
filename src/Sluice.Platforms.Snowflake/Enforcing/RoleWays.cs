using Sluice.Core.Catalog;
using Sluice.Core.Planning;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// The ways that a role of somebody else's opens: to registered people past the policies, and to others. Who gets more by it than policies give is found once for all
/// objects that the same people read, and named only where they are few: a role that thousands hold and that reads every table is told once for each table.
/// </summary>
/// <param name="role">The role.</param>
/// <param name="holders">The users who hold it, each with the roles between.</param>
/// <param name="registered">The identities of registered people.</param>
internal sealed class RoleWays(RoleName role, IReadOnlyCollection<KeyValuePair<string, string>> holders, IReadOnlySet<string> registered)
{
    // Of one way into one object, so many people are named; of a role that more hold, the role is.
    private const int MostNamed = 50;

    private readonly List<KeyValuePair<string, string>> _people = [.. holders.Where(h => registered.Contains(h.Key))];
    private readonly List<KeyValuePair<string, string>> _others = [.. holders.Where(h => !registered.Contains(h.Key))];
    private readonly Dictionary<IReadOnlySet<string>, List<KeyValuePair<string, string>>> _beyond = new(ReferenceEqualityComparer.Instance);

    /// <summary>The registered people that it lets into an object, and no policy does.</summary>
    /// <param name="path">The object.</param>
    /// <param name="readers">Who reads it by policies: one set for all objects that they read.</param>
    /// <param name="what">What the role has, as it stands behind "which".</param>
    public IEnumerable<Residual> PastPolicies(ObjectPath path, IReadOnlySet<string> readers, string what)
    {
        if (!_beyond.TryGetValue(readers, out var people)) _beyond[readers] = people = [.. _people.Where(h => !readers.Contains(h.Key))];
        return people.Count > MostNamed
            ? [new Residual(path, "", $"{role}, which {what}; {people.Count} registered people hold it")]
            : people.Select(h => new Residual(path, h.Key, $"{h.Value}, which {what}"));
    }

    /// <summary>The others that it lets into an object.</summary>
    /// <param name="path">The object.</param>
    /// <param name="what">What the role has, as it stands behind "which".</param>
    public IEnumerable<Residual> OfOthers(ObjectPath path, string what) => _others.Count > MostNamed
        ? [new Residual(path, role.Name, $"{role}, which {what}; {_others.Count} users who are nobody registered hold it")]
        : _others.Select(h => new Residual(path, h.Key, $"{h.Value}, which {what}"));
}
