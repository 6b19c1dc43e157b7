using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Platforms.Snowflake.Connections;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>What was seen so far, put into facts.</summary>
internal sealed class Observation
{
    private static readonly FactKey BaseKey = new(FactKind.Support, null, Support.Subject);

    private static readonly HashSet<string> Nobody = [];

    private readonly Dictionary<FactKey, ObservedFact> _facts = [];
    private readonly List<Shortfall> _conflicts = [];
    private readonly HashSet<Residual> _residuals = [];
    private readonly HashSet<Residual> _unregistered = [];
    private readonly DesiredState _desired;
    private readonly NativeNames _names;
    private readonly string _systemRole;
    private readonly Dictionary<ObjectPath, IntendedObject> _asked;
    private readonly HashSet<string> _registered;
    private readonly HashSet<FactKey> _protections;
    private readonly HashSet<ObjectPath> _protected;
    private readonly ILookup<ObjectPath, DesiredFact> _policiesOn;
    private readonly Dictionary<string, DesiredFact> _policies;
    private readonly Dictionary<string, DesiredFact> _calls;
    private readonly HashSet<FactKey> _set = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ours = new(StringComparer.Ordinal);
    private readonly Lazy<Dictionary<ObjectPath, HashSet<string>>> _readers;
    private readonly Lazy<Dictionary<ObjectPath, HashSet<string>>> _writers;
    private readonly IReadOnlySet<Guid>? _inForce;
    private readonly HashSet<string> _ofFunctions;
    private readonly HashSet<FactKey> _sights;
    private readonly List<string> _kept = [];

    public Observation(AccessIntent intent, DesiredState desired, NativeNames names)
    {
        (_desired, _names, _inForce) = (desired, names, intent.InForce);
        _ofFunctions = [.. intent.MaskFunctionSchemas.Select(static s => QualifiedName.Parse(Technology.Snowflake, s, out _)).OfType<QualifiedName>()
            .SelectMany(static s => new[] { Quote.Identifier(s.Names[0]), Quote.Path([.. s.Names]) })];
        _sights = [.. desired.Facts.Select(static f => f.Key).Where(static k => k is { Kind: FactKind.Support, Object: not null })];
        _systemRole = IntegrationSettings.SystemRoleOf(SnowflakeName.Exact(names.Database)).Text;
        _asked = intent.Objects.ToDictionary(o => o.Object.Path);
        _registered = intent.Identities.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        _protections = [.. desired.Facts.Select(f => f.Key).Where(k => k.Kind is FactKind.Mask or FactKind.RowRule)];
        _protected = [.. _protections.Select(k => k.Object!)];
        _policiesOn = desired.Facts.Where(f => f.Key.Kind is FactKind.Mask or FactKind.RowRule).ToLookup(f => f.Key.Object!);
        _policies = desired.Facts.Where(f => f.Key is { Kind: FactKind.Support, Detail: PolicyText.Detail }).ToDictionary(f => f.Key.Subject, StringComparer.Ordinal);
        _calls = desired.Facts.Where(static f => IsCall(f.Key)).ToDictionary(static f => f.Key.Subject, StringComparer.Ordinal);
        _readers = new Lazy<Dictionary<ObjectPath, HashSet<string>>>(() => Granted(Privilege.Select));
        _writers = new Lazy<Dictionary<ObjectPath, HashSet<string>>>(() => Granted(Privilege.Writing[0]));
    }

    /// <summary>What was seen.</summary>
    public ObservedState State()
    {
        // What policies rest on that stay can't go either.
        if (_kept.Count > 0)
        {
            if (!_desired.Facts.Any(static f => f.Key == BaseKey)) _facts.Remove(BaseKey);
            foreach (var key in _facts.Keys.Where(k => IsCall(k) && !_calls.ContainsKey(k.Subject)).ToList()) _facts.Remove(key);

            // Who is registered is asked there still: without that row, and with the unregistered let pass, they would be shown everything.
            if (!_desired.Facts.Any(static f => IsRegistered(f.Key)))
                foreach (var key in _facts.Keys.Where(k => IsRegistered(k) && _registered.Contains(k.Subject)).ToList()) _facts.Remove(key);
        }

        return new ObservedState([.. _facts.Values], [.. _residuals], _conflicts, [.. _unregistered]) { KeptProtections = _kept };
    }

    /// <summary>Objects that were asked for.</summary>
    public IReadOnlyDictionary<ObjectPath, IntendedObject> Asked => _asked;

    /// <summary>The fact that a policy is set.</summary>
    public static FactKey KeyOf(PolicyReference reference) => new(
        reference.Kind == PolicyReference.RowAccess ? FactKind.RowRule : FactKind.Mask, reference.Object, reference.Column ?? PolicyText.Rows, reference.IsView ? PolicyText.OnView : "");

    /// <summary>A role with a name of ours.</summary>
    public void AddRole(string name, MarkOwner owner, Holders? members)
    {
        if (!_names.IsRole(name)) return;
        if (owner != MarkOwner.ThisInstance)
        {
            var whose = owner == MarkOwner.OtherInstance ? "another instance of Sluice" : "somebody else";
            foreach (var grant in _desired.Facts.Where(f => f.Key is { Kind: FactKind.Grant, Object.Depth: 3 } && f.Key.Subject == name))
                Conflict(grant.Key.Object!, $"role {name} was made by {whose}: it is not used and not changed. Choose another prefix for this connection");
            return;
        }

        _ours.Add(name);
        Fact(new FactKey(FactKind.Audience, null, name), "");
        foreach (var user in members?.Users ?? []) Fact(new FactKey(FactKind.Member, null, name, user), "");

        // Whoever granted a role of ours to another let people in whom no rule knows.
        foreach (var role in members?.Roles ?? []) Fact(new FactKey(FactKind.Member, null, name, RoleMember.Role(role.Name)), "");
    }

    /// <summary>A grant on an object, a schema or a database. The roles of ours are added before.</summary>
    public void Add(ObjectGrant grant)
    {
        if (grant.Grantee.Database is not null) return;
        var definition = KeptGrant.DefinitionOf(grant.IsGrantable);
        if (_ours.Contains(grant.Grantee.Name)) Fact(new FactKey(FactKind.Grant, grant.Object, grant.Grantee.Name, grant.Privilege.ToString()), definition);
        else if (grant.Grantee.Name == _systemRole && IsSight(grant))
        {
            var key = new FactKey(FactKind.Support, grant.Object, _systemRole, grant.Privilege.ToString());
            if (_sights.Contains(key) || !IsOfFunctions(grant.Object)) Fact(key, definition);
        }
    }

    /// <summary>Whether the role that observes may see the grants on an object.</summary>
    public bool IsSeen(ObjectPath path, string kind, string seeing) =>
        _facts.ContainsKey(new FactKey(FactKind.Support, path, _systemRole, new Privilege(seeing, kind).ToString()));

    /// <summary>Whether a role is none that Sluice made or acts by.</summary>
    public bool IsForeign(RoleName role) => role.Database is not null || (!_ours.Contains(role.Name) && role.Name != _systemRole);

    /// <summary>A grant straight to a user, on an asked object: of a registered person's, policies alone decide.</summary>
    public void Add(UserGrant grant)
    {
        if (!grant.Privilege.IsOfData) return;
        var key = new FactKey(FactKind.Grant, grant.Object, grant.User, grant.Privilege.ToString());
        if (_registered.Contains(grant.User)) _facts.TryAdd(key, new ObservedFact(key, KeptGrant.DefinitionOf(grant.IsGrantable), FactOwner.Registered, Restore: KeptGrant.Write(key, grant.IsGrantable)));
        else if (grant.Privilege.Name == Privilege.Select && _protected.Contains(grant.Object)) _unregistered.Add(new Residual(grant.Object, grant.User, $"{Privilege.Select} that was granted to the user itself"));
    }

    /// <summary>Takes up a role that isn't ours.</summary>
    /// <param name="role">The role.</param>
    /// <param name="reach">Whom it reaches.</param>
    /// <param name="me">The user that Sluice logs in as; null where it is not known.</param>
    /// <param name="grants">What the role is granted.</param>
    public void AddWays(RoleName role, RoleReach reach, string? me, IEnumerable<ObjectGrant> grants)
    {
        var ways = new RoleWays(role, [.. reach.Users.Where(u => u.Key != me)], _registered);
        foreach (var ofObject in grants.GroupBy(static g => g.Object))
        {
            var privileges = ofObject.Select(static g => g.Privilege.Name).ToHashSet(StringComparer.Ordinal);
            if (privileges.Contains(Privilege.Ownership)) Reading("owns it");
            if (privileges.Contains(Privilege.Select)) Reading($"has {Privilege.Select} on it");
            var written = Privilege.Writing.Where(privileges.Contains).ToList();
            if (written.Count > 0) Way(_writers, $"has {string.Join(", ", written)} on it");

            void Reading(string what)
            {
                Way(_readers, what);
                if (_protected.Contains(ofObject.Key)) _unregistered.UnionWith(ways.OfOthers(ofObject.Key, what));
            }

            void Way(Lazy<Dictionary<ObjectPath, HashSet<string>>> allowed, string what)
            {
                if (reach.Everybody is { } way) _residuals.Add(new Residual(ofObject.Key, "", $"{way}, which {what}"));
                _residuals.UnionWith(ways.PastPolicies(ofObject.Key, allowed.Value.GetValueOrDefault(ofObject.Key) ?? Nobody, what));
            }
        }
    }

    /// <summary>A policy of ours and where it is set.</summary>
    public void Add(OwnPolicy policy)
    {
        var isAsked = _policies.TryGetValue(policy.Name, out var asked) && ChangeText.BodyOf(asked.Definition) == policy.Body;
        var copied = policy.Set.Where(IsCopied).ToHashSet();
        var isKept = copied.Count > 0 || policy.Set.Any(IsKept);
        _set.UnionWith(policy.Set.Select(KeyOf));

        // What protects a copy, or what no other policy can be set on, can't go, and is not asked to.
        if (isKept) _kept.Add(policy.Body);
        if (!isKept || _policies.ContainsKey(policy.Name)) Fact(new FactKey(FactKind.Support, null, policy.Name, PolicyText.Detail), isAsked ? asked!.Definition : $"-> {policy.Body}");
        foreach (var reference in policy.Set.Where(r => !copied.Contains(r)))
        {
            var key = KeyOf(reference);
            Fact(key, SetPolicy.DefinitionOf(reference, _policiesOn[key.Object!].FirstOrDefault(f => f.Key == key)?.Definition, policy.Body));
        }
    }

    /// <summary>Names in the schema of policies that are not ours: what would be called so can't be made.</summary>
    public void AddTaken(IReadOnlySet<string> names)
    {
        _taken.UnionWith(names);
        foreach (var fact in _desired.Facts.Where(f => f.Key.Kind is FactKind.Mask or FactKind.RowRule))
        {
            var (policy, _) = SetPolicy.Read(fact.Definition);
            if (names.Contains(policy)) Conflict(fact.Key.Object!, $"policy {policy} was not made by this Sluice: it is not used and not changed");
        }
    }

    /// <summary>The objects on which a mask or row rule is asked for where none of ours was seen.</summary>
    public IReadOnlyList<ObjectPath> Unprotected() => [.. _protections.Except(_facts.Keys).Select(static k => k.Object!).Distinct()];

    /// <summary>
    /// A policy on an asked object that none of ours is. One of ours it may have been: a table that was dropped, and whose policies went meanwhile, comes back with what they were.
    /// </summary>
    /// <param name="reference">Where it is set.</param>
    /// <param name="isInPlace">Whether it has a name of ours, and lies where our policies do.</param>
    public void AddForeign(PolicyReference reference, bool isInPlace)
    {
        // A projection or aggregation policy may stand beside a mask.
        if (!reference.IsMaskOrRows) return;
        var key = KeyOf(reference);
        if (_set.Contains(key)) return;
        var wasOurs = isInPlace && !_taken.Contains(reference.Policy);
        if (wasOurs && IsCopied(reference)) return;
        if (wasOurs && key.Kind == FactKind.Mask) Fact(key, SetPolicy.DefinitionOf(reference.Policy, reference.Columns, PolicyReference.Dropped));
        else if (!_protections.Contains(key)) return;
        else if (wasOurs) Conflict(reference.Object, "it came back with a row access policy that was dropped meanwhile: as its owner, ALTER TABLE … DROP ALL ROW ACCESS POLICIES, then plan again");
        else Conflict(reference.Object, $"{(reference.Column is { } column ? $"column {column}" : "the object")} has policy {reference.Database}.{reference.Schema}.{reference.Policy} already, which is not Sluice's: it is not changed");
    }

    /// <summary>What policies rest on; null when it is not there.</summary>
    public void AddSupport(string? definition)
    {
        if (definition is not null) Fact(BaseKey, definition);
    }

    /// <summary>A function of ours that calls one of the operator's.</summary>
    /// <param name="name">Its name, which tells what it does.</param>
    /// <param name="isAsMade">Whether it does that, and does not give NULL.</param>
    /// <param name="arguments">As SHOW FUNCTIONS has them.</param>
    public void AddCall(string name, bool isAsMade, string? arguments)
    {
        var asked = isAsMade ? _calls.GetValueOrDefault(name) : null;
        Fact(new FactKey(FactKind.Support, null, name, CallingFunction.Detail), asked?.Definition ?? CallingFunction.DefinitionOf(arguments, isAsMade ? "…" : "NULL", name));
    }

    /// <summary>A row about a person.</summary>
    public void AddPerson(FactKind kind, string identity, string detail, string definition) => Fact(new FactKey(kind, null, identity, detail), definition);

    /// <summary>What keeps an asked object from being enforced.</summary>
    public void Conflict(ObjectPath path, string reason)
    {
        var conflict = new Shortfall(path, reason);
        if (_asked.ContainsKey(path) && !_conflicts.Contains(conflict)) _conflicts.Add(conflict);
    }

    // A clone has the policies of what it was cloned from (https://docs.snowflake.com/en/user-guide/security-row-intro, "CREATE TABLE … CLONE"), and a table keeps them under another name.
    // Whoever reads it was not to see more than there, until somebody has looked at what it is. Nor is anything taken off what shows no columns: what it protects is not known.
    private bool IsCopied(PolicyReference reference)
    {
        if (_inForce is null) return false;
        if (_asked.TryGetValue(reference.Object, out var item) && item.Object.Columns.Count == 0) return true;
        if (_inForce.Contains(FactId.Of(KeyOf(reference)))) return false;
        return !_asked.TryGetValue(reference.Object, out var asked) || (IsNew(asked.Object, reference) && !IsAskedFor(reference));
    }

    private bool IsKept(PolicyReference reference) =>
        _asked.GetValueOrDefault(reference.Object)?.Unprotectable is { Kept: var kept } && kept.Any(f => f.Key == KeyOf(reference));

    // A column that no crawl has met yet has been renamed, or made, since.
    private static bool IsNew(GovernedObject target, PolicyReference reference) =>
        target.Tags.Contains(SystemTags.DiscoveredNew)
        || (reference.Column is { } column && (target.Columns.FirstOrDefault(c => c.Name == column) is not { } known || known.Tags.Contains(SystemTags.DiscoveredNew)));

    // On the same column, or one that another policy takes: no column stands in two.
    private bool IsAskedFor(PolicyReference reference) => _policiesOn[reference.Object]
        .Any(f => f.Key == KeyOf(reference) || reference.Columns.Any(c => SetPolicy.Read(f.Definition).Columns.Contains(Quote.Identifier(c), StringComparison.Ordinal)));

    private static bool IsCall(FactKey key) => key is { Kind: FactKind.Support, Detail: CallingFunction.Detail };

    private static bool IsRegistered(FactKey key) => key is { Kind: FactKind.Support, Object: null, Detail: Support.Registered };

    private static bool IsSight(ObjectGrant grant) => grant.Object.Depth < 3 ? grant.Privilege.Name == Privilege.Usage : ObjectKinds.IsSeeing(grant.Privilege.Name);

    // On the way to functions of the operator's, who granted it for them (settings.maskFunctionSchemas).
    private bool IsOfFunctions(ObjectPath path) => path.Depth < 3 && _ofFunctions.Contains(Statements.Name(path));

    // Who has a privilege by what is asked for. Whoever may write is granted all that it takes.
    private Dictionary<ObjectPath, HashSet<string>> Granted(string privilege)
    {
        var members = _desired.Facts.Where(f => f.Key.Kind == FactKind.Member).ToLookup(f => f.Key.Subject, f => f.Key.Detail, StringComparer.Ordinal);
        var ofRoles = members.ToDictionary(m => m.Key, m => m.ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        return _desired.Facts
            .Where(f => f.Key is { Kind: FactKind.Grant, Object.Depth: 3 } && Privilege.Parse(f.Key.Detail).Name == privilege)
            .GroupBy(f => f.Key.Object!)
            .ToDictionary(g => g.Key, g => Joined([.. g.Select(f => f.Key.Subject).Where(ofRoles.ContainsKey)]));

        // One audience reads most objects, and is not copied for each.
        HashSet<string> Joined(IReadOnlyList<string> roles) => roles is [var only] ? ofRoles[only] : [.. roles.SelectMany(r => ofRoles[r])];
    }

    private void Fact(FactKey key, string definition) => _facts.TryAdd(key, new ObservedFact(key, definition, FactOwner.Ours));
}
