using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>Who belongs to which group, nested ones included.</summary>
internal sealed class Membership
{
    private readonly Dictionary<string, DirectoryEntry>? _groups;
    private readonly Dictionary<string, DirectoryEntry> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _people = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _known = new(StringComparer.Ordinal);

    private Membership(string unshown) => Unshown = unshown;

    private Membership(IReadOnlyList<DirectoryEntry> people, IReadOnlyList<DirectoryEntry> groups)
        : this("the workspace does not list its members")
    {
        foreach (var person in people) _people[person.Id] = person.Name!;
        _groups = new Dictionary<string, DirectoryEntry>(StringComparer.Ordinal);
        foreach (var group in groups)
        {
            _byId[group.Id] = group;
            if (group.Name is { } name) _groups[name] = group;
        }
    }

    /// <summary>Of nobody known.</summary>
    public static Membership Unknown { get; } = new("its members are not shown to Sluice's service principal, which is no workspace admin");

    /// <summary>Why it can't be told who is in a group of which <see cref="Of"/> knows nothing.</summary>
    public string Unshown { get; }

    /// <summary>Reads it. Only a workspace admin is shown who the members are; to others it is unknown.</summary>
    public static async Task<Membership> ReadAsync(DirectoryClient directory, CancellationToken cancellationToken)
    {
        try
        {
            var users = await directory.UsersAsync(cancellationToken);
            var groups = await directory.GroupsAsync(cancellationToken);
            // Those who are no admins are shown neither the members of groups nor the names of users.
            if (users.Any(static u => u.Name is null || !Principals.IsSingle(u.Name)) || groups.All(static g => g.Members is null)) return Unknown;
            var services = await directory.ServicePrincipalsAsync(cancellationToken);
            return new Membership([.. users, .. services.Where(static s => s.Name is not null)], groups);
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.AccessDenied or PlatformFailure.NotFound or PlatformFailure.Refused)
        {
            return Unknown;
        }
        catch (PlatformException e) when (e.Failure == PlatformFailure.Unavailable)
        {
            return new Membership($"its members can't be told: {e.Message}");
        }
    }

    /// <summary>The users and service principals in a group, directly or by other groups; null when that can't be told.</summary>
    public IReadOnlyList<string>? Of(string group)
    {
        if (_groups is null || !_groups.TryGetValue(group, out var found)) return null;
        if (_known.TryGetValue(group, out var members)) return members;
        var people = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal) { found.Id };
        var open = new Queue<DirectoryEntry>([found]);
        while (open.TryDequeue(out var next))
        {
            foreach (var id in next.Members ?? [])
            {
                if (_people.TryGetValue(id, out var person)) people.Add(person);
                else if (_byId.TryGetValue(id, out var inner) && seen.Add(id)) open.Enqueue(inner);
            }
        }

        return _known[group] = [.. people.Order(StringComparer.Ordinal)];
    }
}
