using System.Runtime.InteropServices;

namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>One principal's permissions on one resource.</summary>
internal sealed class Grant(long sequence, string principal, LakeResource resource)
{
    public long Sequence => sequence;

    public string Principal => principal;

    public LakeResource Resource => resource;

    public LakePermissions Granted { get; set; }

    public LakePermissions Grantable { get; set; }

    public double LastUpdated { get; set; }

    public string LastUpdatedBy { get; set; } = "";
}

/// <summary>What one principal holds, arranged for questions about one resource.</summary>
internal sealed class Holdings
{
    private readonly Dictionary<string, List<Grant>> byScope = [];

    public List<Grant> Policies { get; } = [];

    public List<Grant> Tags { get; } = [];

    /// <summary>How many named grants stand on each database or its tables: such a database is visible.</summary>
    public Dictionary<string, int> Databases { get; } = [];

    public IReadOnlyList<Grant> On(string scope) => byScope.TryGetValue(scope, out var grants) ? grants : [];

    public void Add(Grant grant)
    {
        ListOf(grant).Add(grant);
        if (DatabaseOf(grant.Resource) is { } database) CollectionsMarshal.GetValueRefOrAddDefault(Databases, database, out _)++;
    }

    public void Remove(Grant grant)
    {
        var list = ListOf(grant);
        list.Remove(grant);
        if (grant.Resource is not (TagPolicy or TagValues) && list.Count == 0) byScope.Remove(grant.Resource.Scope);
        if (DatabaseOf(grant.Resource) is { } database && --CollectionsMarshal.GetValueRefOrAddDefault(Databases, database, out _) == 0) Databases.Remove(database);
    }

    public static string? DatabaseOf(LakeResource resource) => resource switch
    {
        NamedDatabase database => database.Name,
        NamedTable table => table.Database,
        AllTables tables => tables.Database,
        TableColumns columns => columns.Database,
        _ => null,
    };

    private List<Grant> ListOf(Grant grant)
    {
        switch (grant.Resource)
        {
            case TagPolicy: return Policies;
            case TagValues: return Tags;
            default:
                ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(byScope, grant.Resource.Scope, out _);
                return list ??= [];
        }
    }
}

/// <summary>All explicit grants, in the order they were first made: the order ListPermissions pages in.</summary>
internal sealed class GrantStore
{
    private readonly SortedList<long, Grant> bySequence = [];
    private readonly Dictionary<(string Principal, string Key), Grant> byKey = [];
    private readonly Dictionary<string, Holdings> byPrincipal = [];
    private long last;

    public int Count => byKey.Count;

    public Holdings? Of(string principal) => byPrincipal.GetValueOrDefault(principal);

    public Grant? Find(string principal, LakeResource resource) => byKey.GetValueOrDefault((principal, resource.Key));

    public IEnumerable<Grant> After(long sequence)
    {
        var keys = bySequence.Keys;
        int low = 0, high = keys.Count;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (keys[middle] <= sequence) low = middle + 1;
            else high = middle;
        }

        for (; low < keys.Count; low++) yield return bySequence.Values[low];
    }

    public void Add(string principal, LakeResource resource, LakePermissions granted, LakePermissions grantable, double now, string by)
    {
        ref var grant = ref CollectionsMarshal.GetValueRefOrAddDefault(byKey, (principal, resource.Key), out var exists);
        if (!exists)
        {
            grant = new(++last, principal, resource);
            bySequence.Add(grant.Sequence, grant);
            ref var holdings = ref CollectionsMarshal.GetValueRefOrAddDefault(byPrincipal, principal, out _);
            (holdings ??= new()).Add(grant);
        }

        grant!.Granted |= granted;
        grant.Grantable |= grantable;
        grant.LastUpdated = now;
        grant.LastUpdatedBy = by;
    }

    public void Remove(Grant grant)
    {
        byKey.Remove((grant.Principal, grant.Resource.Key));
        bySequence.Remove(grant.Sequence);
        byPrincipal[grant.Principal].Remove(grant);
    }

    /// <summary>Takes the grants on a dropped resource away, or moves them to its new name.</summary>
    public void Follow(Func<LakeResource, LakeResource?> moved)
    {
        foreach (var grant in bySequence.Values.ToArray())
        {
            var to = moved(grant.Resource);
            if (ReferenceEquals(to, grant.Resource)) continue;
            Remove(grant);
            if (to is not null) Add(grant.Principal, to, grant.Granted, grant.Grantable, grant.LastUpdated, grant.LastUpdatedBy);
        }
    }
}
