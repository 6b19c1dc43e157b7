using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Sandbox.Databricks.Identity;

/// <summary>The principals of the account and of the workspace.</summary>
internal sealed class PrincipalDirectory
{
    private readonly ImmutableDictionary<string, SandboxPrincipal> byName;

    public PrincipalDirectory(IEnumerable<SandboxPrincipal> principals)
        : this(principals.ToImmutableDictionary(principal => principal.Name))
    {
    }

    private PrincipalDirectory(ImmutableDictionary<string, SandboxPrincipal> byName) => this.byName = byName;

    public IEnumerable<SandboxPrincipal> Of(SandboxPrincipalKind kind) =>
        byName.Values.Where(principal => principal.Kind == kind).OrderBy(principal => principal.Name, StringComparer.Ordinal);

    public SandboxPrincipal? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Whether Unity Catalog may grant to it and let it own things.</summary>
    public bool IsGrantable(string name) => name == SandboxCast.Everybody || Find(name) is { Kind: not SandboxPrincipalKind.WorkspaceGroup };

    public PrincipalDirectory With(SandboxPrincipal principal) => new(byName.SetItem(principal.Name, principal));

    public PrincipalDirectory Without(string name) => new(byName.Remove(name));

    public Caller CallerOf(SandboxPrincipal principal)
    {
        var groups = Closure(principal.Name);
        var account = groups.Where(group => byName[group].Kind == SandboxPrincipalKind.Group).Append(SandboxCast.Everybody).ToArray();
        return new(principal.Name, account.Append(principal.Name).ToFrozenSet(StringComparer.Ordinal))
        {
            IsAccountAdmin = principal.IsAccountAdmin,
            MayUseCompute = principal.MayUseCompute,
            MayRestartCompute = principal.MayRestartCompute,
            IsWorkspaceAdmin = groups.Contains(SandboxCast.WorkspaceAdministrators),
            WorkspaceGroups = groups.Append(SandboxCast.WorkspaceUsers).Append(SandboxCast.Everybody).ToFrozenSet(StringComparer.Ordinal),
        };
    }

    /// <summary>The groups a principal is directly in.</summary>
    public IEnumerable<SandboxPrincipal> GroupsOf(string name) =>
        byName.Values.Where(principal => principal.Members.Contains(name)).OrderBy(principal => principal.Name, StringComparer.Ordinal);

    /// <summary>The id SCIM shows: numeric, and the same in every sandbox.</summary>
    public static string ScimId(string name) =>
        (BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(name))) % 9_000_000_000_000_000 + 1_000_000_000_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private HashSet<string> Closure(string name)
    {
        HashSet<string> groups = new(StringComparer.Ordinal);
        var queue = new Queue<string>([name]);
        while (queue.TryDequeue(out var member))
        {
            foreach (var group in GroupsOf(member))
            {
                if (groups.Add(group.Name)) queue.Enqueue(group.Name);
            }
        }

        return groups;
    }
}
