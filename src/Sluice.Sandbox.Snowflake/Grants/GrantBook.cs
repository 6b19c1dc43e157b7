using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Grants;

/// <summary>
/// All grants, by the id of what they are on. Tables computed from a seed share their schema's list until one of them is changed.
/// Ownership is no entry here: it is the object's owner.
/// </summary>
internal sealed class GrantBook
{
    private readonly Dictionary<long, List<Grant>> grants = [];
    private readonly Dictionary<(SchemaState Schema, Domain Domain), List<Grant>> shared = [];
    private readonly HashSet<UserState> users = [];

    public List<FutureGrant> Future { get; } = [];

    public IReadOnlyList<Grant> On(Securable securable) =>
        grants.TryGetValue(securable.Id, out var list) ? list
        : securable is SchemaObject { Id: >= GeneratedTables.FirstId } table ? Shared(table.Schema, table.Domain)
        : [];

    /// <summary>The objects of a generated schema that have grants of their own.</summary>
    public IEnumerable<long> OwnIdsIn(int ordinal) =>
        grants.Keys.Where(id => id >= GeneratedTables.FirstId && GeneratedTables.Split(id).Schema == ordinal);

    /// <summary>True when nothing but the schema's shared list says who may do what.</summary>
    public bool IsShared(SchemaObject table) => table.Id >= GeneratedTables.FirstId && !grants.ContainsKey(table.Id);

    public IReadOnlyList<Grant> Shared(SchemaState schema, Domain domain) => shared.GetValueOrDefault((schema, domain)) ?? [];

    /// <summary>False for a user who was never granted a privilege.</summary>
    public bool MayHold(Securable grantee) => grantee is not UserState user || users.Contains(user);

    public void Add(Securable securable, Grant grant) => Add(ForChange(securable), grant);

    public bool Remove(Securable securable, string privilege, Securable grantee, bool onlyGrantOption) => Remove(ForChange(securable), privilege, grantee, onlyGrantOption);

    /// <summary>Grants on every generated table or view of a schema that has no grants of its own.</summary>
    public void AddShared(SchemaState schema, Domain domain, Grant grant) => Add(ForChange(schema, domain), grant);

    public void RemoveShared(SchemaState schema, Domain domain, string privilege, Securable grantee, bool onlyGrantOption) => Remove(ForChange(schema, domain), privilege, grantee, onlyGrantOption);

    /// <summary>
    /// Grants that go with an object to another owner are from then on granted by that owner
    /// (https://docs.snowflake.com/en/sql-reference/sql/grant-ownership).
    /// </summary>
    public void GrantedBy(Securable securable, RoleState owner)
    {
        if (On(securable).Count > 0) grants[securable.Id] = [.. On(securable).Select(grant => grant with { GrantedBy = owner })];
    }

    public void Clear(Securable securable) => grants[securable.Id] = [];

    public void Forget(Securable securable)
    {
        grants.Remove(securable.Id);
        Future.RemoveAll(future => ReferenceEquals(future.Container, securable));
    }

    /// <summary>A role or user is gone.</summary>
    public void ForgetGrantee(Securable grantee)
    {
        foreach (var list in grants.Values.Concat(shared.Values)) list.RemoveAll(grant => grant.Grantee == grantee);
        Future.RemoveAll(future => future.Grantee == grantee);
    }

    /// <param name="from">Whose grants are copied.</param>
    /// <param name="to">What gets them.</param>
    /// <param name="grantor">Who is written down as having granted; null keeps who did.</param>
    public void Copy(Securable from, Securable to, RoleState? grantor = null) =>
        grants[to.Id] = [.. On(from).Select(grant => grantor is null ? grant : grant with { GrantedBy = grantor })];

    private void Add(List<Grant> list, Grant grant)
    {
        if (grant.Grantee is UserState user) users.Add(user);
        var found = list.FindIndex(known => known.Privilege == grant.Privilege && known.Grantee == grant.Grantee);
        if (found < 0) list.Add(grant);
        else if (grant.WithGrantOption) list[found] = list[found] with { WithGrantOption = true };
    }

    private static bool Remove(List<Grant> list, string privilege, Securable grantee, bool onlyGrantOption)
    {
        var found = list.FindIndex(known => known.Privilege == privilege && known.Grantee == grantee);
        if (found < 0) return false;
        if (onlyGrantOption) list[found] = list[found] with { WithGrantOption = false };
        else list.RemoveAt(found);
        return true;
    }

    private List<Grant> ForChange(SchemaState schema, Domain domain)
    {
        if (!shared.TryGetValue((schema, domain), out var list)) shared[(schema, domain)] = list = [];
        return list;
    }

    private List<Grant> ForChange(Securable securable)
    {
        if (!grants.TryGetValue(securable.Id, out var list)) grants[securable.Id] = list = [.. On(securable)];
        return list;
    }
}
