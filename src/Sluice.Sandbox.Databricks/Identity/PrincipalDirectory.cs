using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Sandbox.Databricks.Identity;

/// <summary>The principals of the account and of the workspace.</summary>
internal sealed class PrincipalDirectory
{
    private readonly ImmutableDictionary<string, SandboxPrincipal> byName;
    private readonly Lazy<ILookup<string, SandboxPrincipal>> groups;
    private readonly Lazy<Dictionary<string, SandboxPrincipal>> byId;
    private readonly Lazy<ILookup<string, string>> users;

    public PrincipalDirectory(IEnumerable<SandboxPrincipal> principals)
        : this(principals.ToImmutableDictionary(principal => principal.Name, principal => principal with { Id = IdOf(principal) }))
    {
    }

    private PrincipalDirectory(ImmutableDictionary<string, SandboxPrincipal> byName)
    {
        this.byName = byName;
        groups = new(() => byName.Values.SelectMany(group => group.Members.Select(member => (member, group))).ToLookup(pair => pair.member, pair => pair.group, StringComparer.Ordinal));
        users = new(() => byName.Values.Where(principal => principal.Kind == SandboxPrincipalKind.User).ToLookup(user => user.Name, user => user.Name, StringComparer.OrdinalIgnoreCase));
        byId = new(() => byName.Values.DistinctBy(IdOf).ToDictionary(IdOf, StringComparer.Ordinal));
    }

    /// <summary>The ids of deleted account groups: what is left of them in what they were granted.</summary>
    public ImmutableHashSet<string> Gone { get; private init; } = [];

    public IEnumerable<SandboxPrincipal> Of(SandboxPrincipalKind kind) =>
        byName.Values.Where(principal => principal.Kind == kind).OrderBy(principal => principal.Name, StringComparer.Ordinal);

    public SandboxPrincipal? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>
    /// The name of the principal that is meant: of a user in any case, of anything else exactly. Unity Catalog lists a grant to User@test.org as one to user@test.org
    /// (https://github.com/databricks/terraform-provider-databricks/issues/3654), and tells groups apart by case (pull request 3708 there).
    /// </summary>
    public string Meant(string name) => byName.ContainsKey(name) ? name : users.Value[name].Order(StringComparer.Ordinal).FirstOrDefault() ?? name;

    /// <summary>Whether Unity Catalog may grant to it and let it own things.</summary>
    public bool IsGrantable(string name) => name == SandboxCast.Everybody || Find(name) is { Kind: not SandboxPrincipalKind.WorkspaceGroup };

    public PrincipalDirectory With(SandboxPrincipal principal) => new(byName.SetItem(principal.Name, principal with { Id = principal.Id ?? IdOf(Find(principal.Name) ?? principal) })) { Gone = Gone };

    /// <summary>Deleted, and a member of nothing any more.</summary>
    public PrincipalDirectory Without(SandboxPrincipal principal)
    {
        var rest = GroupsOf(principal.Name).Aggregate(byName.Remove(principal.Name), (all, group) => all.SetItem(group.Name, group with { Members = [.. group.Members.Where(member => member != principal.Name)] }));
        return new(rest) { Gone = principal.Kind == SandboxPrincipalKind.Group ? Gone.Add(IdOf(principal)) : Gone };
    }

    /// <summary>Another name for a group, which stays the group it was.</summary>
    public PrincipalDirectory Renamed(SandboxPrincipal principal, string name)
    {
        var rest = GroupsOf(principal.Name).Aggregate(byName.Remove(principal.Name), (all, group) => all.SetItem(group.Name, group with { Members = [.. group.Members.Select(member => member == principal.Name ? name : member)] }));
        return new(rest.SetItem(name, principal with { Name = name })) { Gone = Gone };
    }

    public SandboxPrincipal? FindById(string? id) => id is null ? null : byId.Value.GetValueOrDefault(id);

    public Caller CallerOf(SandboxPrincipal principal)
    {
        var within = Closure(principal.Name);
        var account = within.Where(group => byName[group].Kind == SandboxPrincipalKind.Group).Append(SandboxCast.Everybody).ToArray();
        return new(principal.Name, account.Append(principal.Name).ToFrozenSet(StringComparer.Ordinal))
        {
            IsAccountAdmin = principal.IsAccountAdmin,
            MayUseCompute = principal.MayUseCompute,
            MayRestartCompute = principal.MayRestartCompute,
            IsWorkspaceAdmin = within.Contains(SandboxCast.WorkspaceAdministrators),
            WorkspaceGroups = within.Append(SandboxCast.WorkspaceUsers).Append(SandboxCast.Everybody).ToFrozenSet(StringComparer.Ordinal),
        };
    }

    /// <summary>The groups a principal is directly in.</summary>
    public IEnumerable<SandboxPrincipal> GroupsOf(string name) => groups.Value[name].OrderBy(group => group.Name, StringComparer.Ordinal);

    /// <summary>The id SCIM shows.</summary>
    public static string IdOf(SandboxPrincipal principal) => principal.Id ?? ScimId(principal.Name);

    /// <summary>An id made of a name: numeric, and the same in every sandbox.</summary>
    public static string ScimId(string name) =>
        (BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(name))) % 9_000_000_000_000_000 + 1_000_000_000_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private HashSet<string> Closure(string name)
    {
        HashSet<string> found = new(StringComparer.Ordinal);
        var queue = new Queue<string>([name]);
        while (queue.TryDequeue(out var member))
        {
            foreach (var group in GroupsOf(member))
            {
                if (found.Add(group.Name)) queue.Enqueue(group.Name);
            }
        }

        return found;
    }
}
