using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.PostgreSql.Sql;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>What was seen so far, put into facts.</summary>
internal sealed class Observation
{
    private const string Grantable = KeptGrants.GrantableDefinition;

    private readonly Dictionary<FactKey, ObservedFact> _facts = [];
    private readonly List<Shortfall> _conflicts = [];
    private readonly Residuals _residuals;
    private readonly ServerRoles _roles;
    private readonly NativeNames _names;
    private readonly InstanceMark _mark;
    private readonly Dictionary<FactKey, string> _rules;
    private readonly HashSet<ObjectPath> _filtered;
    private readonly DesiredState _desired;
    private readonly Dictionary<ObjectPath, IntendedObject> _asked;
    private readonly HashSet<long> _registered;
    private readonly Dictionary<ObjectPath, string> _views;
    private readonly HashSet<ObjectPath> _withSalt = [];

    public Observation(AccessIntent intent, DesiredState desired, ServerRoles roles, NativeNames names, InstanceMark mark)
    {
        _mark = mark;
        _residuals = new Residuals(intent, desired, roles);
        _residuals.AddPeople();
        _desired = desired;
        _rules = desired.Facts.Where(f => f.Key.Kind == FactKind.RowRule).ToDictionary(f => f.Key, f => f.Definition);
        _filtered = [.. _rules.Keys.Select(k => k.Object!)];
        _views = desired.Facts.Where(f => f.Key.Kind == FactKind.Mask).ToDictionary(f => f.Key.Object!, f => f.Definition);
        _roles = roles;
        _names = names;
        _asked = intent.Objects.ToDictionary(o => o.Object.Path);
        _registered = [.. intent.Identities.Select(i => roles.Find(i.Name)).Where(r => r is { IsAccount: false, Owner: MarkOwner.Nobody }).Select(r => r!.Oid)];
    }

    /// <summary>Whether anything in a database was asked for.</summary>
    public bool AsksFor(ObjectPath database) => _asked.Keys.Any(database.Covers);

    /// <summary>What was seen.</summary>
    public ObservedState State() => new([.. _facts.Values], _residuals.Found, _conflicts, _residuals.Unregistered);

    /// <summary>Our roles and their members; and roles in their place that are not ours.</summary>
    public void AddRoles()
    {
        foreach (var role in _roles.Ours) Fact(new FactKey(FactKind.Audience, null, role.Name.Text), DefinitionOf(role), FactOwner.Ours);
        foreach (var membership in _roles.Memberships)
        {
            // Who makes a role is given its administration from 16 on, without what it is granted.
            if (_roles.Find(membership.Role) is not { Owner: MarkOwner.ThisInstance } role || _roles.Find(membership.Member) is not { IsAccount: false } member) continue;
            if (!member.Name.IsExact) continue;
            var definition = membership switch
            {
                { HasAdmin: true } => "WITH ADMIN OPTION",
                { Inherits: false } when member.Inherits => "WITH INHERIT FALSE",
                _ => "",
            };
            Fact(new FactKey(FactKind.Member, null, role.Name.Text, member.Name.Text), definition, FactOwner.Ours);
        }

        var taken = _roles.All.Where(r => _names.IsRole(r.Name.Text) && r.Owner != MarkOwner.ThisInstance).ToDictionary(r => r.Name.Text, StringComparer.Ordinal);
        foreach (var grant in _desired.Facts.Select(f => f.Key).Where(k => k.Kind == FactKind.Grant && k.Object!.Depth == ObjectPath.MaxDepth - 1))
        {
            if (!taken.TryGetValue(grant.Subject, out var role)) continue;
            var whose = role.Owner == MarkOwner.OtherInstance ? "another instance of Sluice" : "somebody else";
            Conflict(grant.Object!, $"role {grant.Subject} was made by {whose}: it is not used and not changed. Choose another prefix for this connection");
        }
    }

    /// <summary>A grant on a schema or database.</summary>
    public void Add(ContainerGrant grant)
    {
        // What the owner of the views has on their schemas is part of them.
        if (_roles.Find(grant.Grantee)!.Name.Text is var grantee && grantee == _names.ViewOwner) return;
        Fact(new FactKey(FactKind.Grant, grant.Path, grantee, grant.Privilege), grant.IsGrantable ? Grantable : "", FactOwner.Ours);
    }

    /// <summary>The tables of a database and what is granted on them.</summary>
    public void Add(IReadOnlyList<GovernedTable> tables, IReadOnlyList<TableGrant> grants, IReadOnlyList<Reveal> reveals)
    {
        _residuals.Add(tables, grants, reveals);
        var byOid = tables.ToDictionary(t => t.Oid);
        foreach (var several in grants.Where(g => byOid.ContainsKey(g.Table)).GroupBy(g => (g.Table, g.Privilege, g.Grantee)))
        {
            var table = byOid[several.Key.Table];
            if (several.Key.Grantee == table.Owner || _roles.Find(several.Key.Grantee) is not { } grantee) continue;
            Add(table, grantee, [.. several]);
        }
    }

    /// <summary>The policies of a database.</summary>
    public void Add(IReadOnlyList<GovernedTable> tables, IReadOnlyList<KeptPolicy> policies)
    {
        var byTable = policies.ToLookup(p => p.Table);
        foreach (var table in tables.Where(t => t.FiltersRows || byTable.Contains(t.Oid)))
        {
            var ours = byTable[table.Oid].Where(p => _names.IsPolicy(p.Name) && _mark.OwnerOf(p.Comment) == MarkOwner.ThisInstance).ToList();
            foreach (var policy in ours) Fact(new FactKey(FactKind.RowRule, table.Path, policy.Name), DefinitionOf(table, policy), FactOwner.Ours);
            if (!_filtered.Contains(table.Path)) continue;
            var foreign = byTable[table.Oid].Except(ours).ToList();
            if (foreign.Find(p => _names.IsPolicy(p.Name)) is { } taken) Conflict(table.Path, $"policy {taken.Name} is not this instance's: it is not changed");
            else if (!ours.Exists(p => NativeNames.IsBase(p.Name)) && (foreign.Count > 0 || table.FiltersRows))
                Conflict(table.Path, $"the table filters rows already{(foreign.Count > 0 ? $" ({string.Join(", ", foreign.Select(p => p.Name))})" : "")}: it is not touched");
        }
    }

    /// <summary>Schema sluice of a database; null when it is not there.</summary>
    public void Add(ObjectPath database, SupportState? support)
    {
        switch (support)
        {
            case { Owner: MarkOwner.ThisInstance, Difference: not "" }:
                var definition = support.Difference is null ? SupportSchema.Definition : $"changed by hand: {support.Difference}";
                Fact(new FactKey(FactKind.Support, database, SupportSchema.Name), definition, FactOwner.Ours);
                break;
            case { Owner: MarkOwner.OtherInstance }:
                foreach (var path in _filtered.Concat(_views.Keys).Where(database.Covers)) Conflict(path, $"schema {SupportSchema.Name} is used by another instance of Sluice, so row rules and masks of views can't be enforced");
                break;
        }
    }

    /// <summary>What a database is told about people.</summary>
    public void Add(ObjectPath database, PeopleRows people)
    {
        foreach (var identity in people.Registered) Fact(new FactKey(FactKind.Support, database, identity, SupportSchema.Registered), "", FactOwner.Ours);
        foreach (var (identity, audience) in people.Exemptions)
            Fact(new FactKey(FactKind.Exemption, database, identity, audience == SupportSchema.FromEverything ? FactKey.FromAll : audience), "", FactOwner.Ours);

        foreach (var (identity, known) in people.Entitlements)
            Fact(new FactKey(FactKind.Entitlement, database, identity, SupportSchema.Known), KnownPeople.Canonical(known), FactOwner.Ours);
        if (people.HasSalt) _withSalt.Add(database);
    }

    /// <summary>The schemas that the views of a database are to be in.</summary>
    public string[] ViewSchemasOf(ObjectPath database) => [.. _views.Keys.Where(database.Covers).Select(p => p.Parent!.Name).Distinct(StringComparer.Ordinal)];

    /// <summary>The views of a database; what is known of its people is added before.</summary>
    public void Add(ObjectPath database, IReadOnlyList<GovernedTable> tables, IReadOnlyList<KeptView> views, IReadOnlyList<ViewSchema> schemas)
    {
        var ours = views.Where(v => _mark.OwnerOf(v.Comment) == MarkOwner.ThisInstance).ToDictionary(v => v.Path);
        foreach (var view in ours.Values) Fact(new FactKey(FactKind.Mask, view.Path, MaskedView.Subject), DefinitionOf(database, view), FactOwner.Ours);
        foreach (var schema in schemas.Where(s => s.Problem is not null))
        {
            Conflict(schema.Path, schema.Problem!);
            foreach (var path in _views.Keys.Where(schema.Path.Covers)) Conflict(path, schema.Problem!);
        }

        foreach (var table in tables.Where(t => _views.ContainsKey(t.Path) && !ours.ContainsKey(t.Path)))
            Conflict(table.Path, $"{table.Path.Parent!.Name}.{table.Path.Name} was not made by this instance of Sluice: it is not changed");
    }

    /// <summary>A database that could not be entered.</summary>
    public void AddUnread(ObjectPath database, string why)
    {
        foreach (var path in _asked.Keys.Concat(_views.Keys).Where(database.Covers)) Conflict(path, $"the database can't be read: {why}");
    }

    private void Add(GovernedTable table, ServerRole grantee, IReadOnlyList<TableGrant> several)
    {
        var isOurs = grantee.Owner == MarkOwner.ThisInstance;
        if (!isOurs && !_asked.ContainsKey(table.Path) && !_views.ContainsKey(table.Path)) return;
        var isRegistered = _registered.Contains(grantee.Oid);
        var revocable = several.Where(g => g.IsRevocable).ToList();
        var owner = isOurs ? FactOwner.Ours : isRegistered && revocable.Count > 0 ? FactOwner.Registered : FactOwner.Foreign;
        var privilege = several[0].Privilege;
        Fact(
            new FactKey(FactKind.Grant, table.Path, grantee.Name.Text, privilege.ToString()),
            several.Any(g => g.IsGrantable) ? Grantable : "",
            owner,
            owner == FactOwner.Ours ? null : string.Join(", ", several.Select(NameOfGrantor).Order(StringComparer.Ordinal)),
            owner == FactOwner.Registered ? Restore(table.Path, revocable) : null);
    }

    private string DefinitionOf(ServerRole role) =>
        role.Name.Text != _names.ViewOwner || _roles.Memberships.Any(m => m.Role == role.Oid && m.Member == _roles.Account.Oid && m.MaySet)
            ? role.Definition
            : $"{role.Definition}, and the account is no member";

    private string DefinitionOf(ObjectPath database, KeptView view) =>
        _views.TryGetValue(view.Path, out var definition) && view.IsAsMade(_mark, definition) && (!MaskPrinter.ReadsSalt(definition) || _withSalt.Contains(database))
            ? definition
            : view.Other;

    private string DefinitionOf(GovernedTable table, KeptPolicy policy)
    {
        if (NativeNames.IsBase(policy.Name))
            return !table.FiltersRows ? "row security is off" : policy.IsBase ? RowRules.BaseDefinition : $"changed by hand: {policy.Form} {policy.Condition}";
        return _rules.TryGetValue(new FactKey(FactKind.RowRule, table.Path, policy.Name), out var definition) && policy.IsAsMade(_mark, definition)
            ? definition
            : policy.Condition;
    }

    private string Restore(ObjectPath path, IReadOnlyList<TableGrant> grants) => KeptGrants.Write(
        path, grants[0].Privilege, _roles.Find(grants[0].Grantee)!.Name.Text, grants.Select(g => new KeptGrant(NameOfGrantor(g), g.IsGrantable)));

    private string NameOfGrantor(TableGrant grant) => _roles.Find(grant.Grantor)?.Name.Text ?? $"{grant.Grantor}";

    private void Fact(FactKey key, string definition, FactOwner owner, string? madeBy = null, string? restore = null) =>
        _facts[key] = new ObservedFact(key, definition, owner, madeBy, restore);

    private void Conflict(ObjectPath path, string reason)
    {
        var conflict = new Shortfall(path, reason);
        if (!_conflicts.Contains(conflict)) _conflicts.Add(conflict);
    }
}
