using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.LakeFormation.Governing;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>Puts what ListPermissions lists in order: facts, ways that stay open, and what keeps a table from being governed.</summary>
internal sealed class Observation
{
    private const LakePermissions OpensData = LakePermissions.Select | LakePermissions.All;

    private readonly string _connectionKey;
    private readonly string _catalogId;
    private readonly string _caller;
    private readonly HashSet<string> _registered;
    private readonly HashSet<ObjectPath> _objects;
    private readonly HashSet<ObjectPath> _databases;
    private readonly IReadOnlySet<FactKey> _made;
    private readonly HashSet<ObjectPath> _ungrantable;
    private readonly ILookup<string, ObjectPath> _ofDatabase;
    private readonly Dictionary<FactKey, ObservedFact> _facts = [];
    private readonly HashSet<Residual> _residuals = [];
    private readonly HashSet<Residual> _unregistered = [];
    private readonly PermissionIndex _iam;
    private readonly TagKeys _keys;
    private readonly HashSet<AudienceTag> _own = [];
    private readonly List<LakePermission> _foreignPolicies = [];

    public Observation(AccessIntent intent, string connectionKey, string catalogId, string caller)
    {
        _connectionKey = connectionKey;
        _catalogId = catalogId;
        _caller = caller;
        _registered = intent.Identities.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        _objects = intent.Objects.Select(o => o.Object.Path).ToHashSet();
        _databases = _objects.Select(o => o.Parent!).ToHashSet();
        _made = intent.OwnGrants;
        _ungrantable = intent.Objects.Where(o => o.GrantMethod == Method.None).Select(o => o.Object.Path).ToHashSet();
        _ofDatabase = _objects.ToLookup(o => o.Names[1], StringComparer.Ordinal);
        _iam = new PermissionIndex(catalogId, caller);
        _keys = new TagKeys(intent.Prefix);
    }

    /// <summary>Grants of others on tag expressions; which tables they reach is not known yet.</summary>
    public IReadOnlyList<LakePermission> ForeignPolicies => _foreignPolicies;

    /// <summary>Takes up one entry.</summary>
    public void Add(LakePermission entry)
    {
        if (entry.Resource.CatalogId is { } catalog && catalog != _catalogId) return;
        _iam.Add(entry);
        if (entry is { Principal: var own, Resource: LakeResource.TagPolicy { OfTables: true } mine } && own == _caller && AudienceOf(mine) is { } audience
            && (entry.Grantable & audience.Permissions) == audience.Permissions) _own.Add(audience);
        if (entry.Principal == PermissionIndex.IamAllowedPrincipals || entry.Principal == _caller) return;
        switch (entry.Resource)
        {
            case LakeResource.Database database:
                AddOnDatabase(entry, database.Name);
                break;
            case LakeResource.Table { Name: { } name } table:
                AddOnTable(entry, table.DatabaseName, name);
                break;
            case LakeResource.SomeColumns { Name: { } name } some:
                AddOnTable(entry, some.DatabaseName, name);
                break;
            case LakeResource.Table every:
                AddWay(entry, _ofDatabase[every.DatabaseName], "on all tables of the database");
                break;
            case LakeResource.SomeColumns every:
                AddWay(entry, _ofDatabase[every.DatabaseName], "on all tables of the database");
                break;
            case LakeResource.SomeCells cells:
                AddWay(entry, _ofDatabase[cells.DatabaseName].Where(o => o.Name == cells.TableName), "through a data cells filter");
                break;
            case LakeResource.TagPolicy { OfTables: true } policy:
                AddOnTags(entry, policy);
                break;
            case LakeResource.Catalog:
                AddWay(entry, [new ObjectPath(_connectionKey)], "on the whole catalog");
                break;
        }
    }

    /// <summary>Takes up a fact.</summary>
    public void Add(ObservedFact fact) => _facts[fact.Key] = fact;

    /// <summary>Takes up the audiences there are, once all entries are in.</summary>
    /// <remarks>A key without an audience stays for the next one; where nothing is asked for at all there will be none, so the key goes too.</remarks>
    public void Add(LFTag tag)
    {
        if (_objects.Count == 0)
            Add(new ObservedFact(new FactKey(FactKind.Audience, null, new AudienceTag(tag.Key, AudienceTag.None).ToString()), "", FactOwner.Ours));
        foreach (var value in tag.Values.Where(v => v != AudienceTag.None))
        {
            var audience = new AudienceTag(tag.Key, value);
            Add(new ObservedFact(new FactKey(FactKind.Audience, null, audience.ToString()), _own.Contains(audience) ? "" : "its members are not shown", FactOwner.Ours));
        }
    }

    /// <summary>Whether an object is one of the intent.</summary>
    public bool IsActive(ObjectPath path) => _objects.Contains(path);

    /// <summary>Takes up a way that stays open.</summary>
    public void AddResidual(Residual residual) => _residuals.Add(residual);

    /// <summary>Whether a principal is somebody's identity.</summary>
    public bool IsRegistered(string principal) => _registered.Contains(principal);

    /// <summary>Takes up an entry that opens active objects and isn't an exact grant on them.</summary>
    public void AddWay(LakePermission entry, IEnumerable<ObjectPath> objects, string how)
    {
        var permissions = entry.Granted | entry.Grantable;
        if ((permissions & (OpensData | LakePermissions.SuperUser | LakePermissions.Insert | LakePermissions.Delete)) == LakePermissions.None) return;
        foreach (var path in objects)
        {
            if (_registered.Contains(entry.Principal)) _residuals.Add(new Residual(path, entry.Principal, $"{permissions.Describe()} {how}"));
            else if (!PrincipalKind.IsSingle(entry.Principal)) _residuals.Add(new Residual(path, "", $"{permissions.Describe()} {how}, granted to {entry.Principal}, whose members AWS does not list here"));
            else if ((permissions & (OpensData | LakePermissions.SuperUser)) != LakePermissions.None) _unregistered.Add(new Residual(path, entry.Principal, $"{permissions.Describe()} {how}"));
        }
    }

    /// <summary>What was seen.</summary>
    public ObservedState State()
    {
        List<Shortfall> conflicts = [.. Conflicts()];
        return new ObservedState([.. _facts.Values], [.. _residuals], conflicts, [.. _unregistered])
        {
            // Who can't grant on a table is not shown what others have there.
            Gone = [.. _made.Where(m => !_facts.ContainsKey(m) && !_ungrantable.Contains(m.Object!))],
            Ungoverned = conflicts,
        };
    }

    // DESCRIBE on a database opens no data: another's is seen so that it isn't granted again, and never taken away.
    private void AddOnDatabase(LakePermission entry, string database)
    {
        var path = new ObjectPath(_connectionKey, database);
        if (entry.IsConditional || !entry.Granted.HasFlag(LakePermissions.Describe)) return;
        var key = new FactKey(FactKind.Grant, path, entry.Principal, LakePermissions.Describe.Name());
        if (_made.Contains(key)) Add(new ObservedFact(key, GrantForm.Plain, FactOwner.Ours, entry.MadeBy));
        else if (_databases.Contains(path) && _registered.Contains(entry.Principal)) Add(new ObservedFact(key, GrantForm.Plain, FactOwner.Foreign, entry.MadeBy));
    }

    private void AddOnTags(LakePermission entry, LakeResource.TagPolicy policy)
    {
        if (entry.IsConditional || AudienceOf(policy) is not { } audience) _foreignPolicies.Add(entry);
        else
        {
            var definition = entry.Grantable == LakePermissions.None ? entry.Granted.Describe() : $"{entry.Granted.Describe()}; the grant option on {entry.Grantable.Describe()}";
            Add(new ObservedFact(new FactKey(FactKind.Member, null, audience.ToString(), entry.Principal), definition, FactOwner.Ours, entry.MadeBy));
        }
    }

    private AudienceTag? AudienceOf(LakeResource.TagPolicy policy) =>
        policy.Expression is [{ Values: [var value] } tag] && _keys.IsOurs(tag.Key) ? new AudienceTag(tag.Key, value) : null;

    private void AddOnTable(LakePermission entry, string database, string table)
    {
        var path = new ObjectPath(_connectionKey, database, table);
        entry = WithoutOurs(entry, path);
        if (!_objects.Contains(path)) return;
        if (!_registered.Contains(entry.Principal)) AddWay(entry, [path], "on the table");
        else if (entry.IsConditional) AddWay(entry, [path], "on the table under a condition");
        else
        {
            var permissions = (entry.Granted | entry.Grantable) & (LakePermissions.EveryTablePermission | LakePermissions.All);
            foreach (var permission in permissions.Each())
            {
                var key = new FactKey(FactKind.Grant, path, entry.Principal, Privilege.Of(permission, entry.Resource).ToString());
                var form = GrantForm.Of(entry, permission);
                Add(new ObservedFact(key, form, FactOwner.Registered, entry.MadeBy, RestoreOf(GrantForm.Entry(key, form))));
            }
        }
    }

    // What is ours is so on any table, active or not, and whether or not its principal is anybody's identity any more.
    private LakePermission WithoutOurs(LakePermission entry, ObjectPath path)
    {
        if (entry.IsConditional || _made.Count == 0) return entry;
        foreach (var permission in ((entry.Granted | entry.Grantable) & (LakePermissions.EveryTablePermission | LakePermissions.All)).Each())
        {
            var key = new FactKey(FactKind.Grant, path, entry.Principal, Privilege.Of(permission, entry.Resource).ToString());
            if (!_made.Contains(key)) continue;
            Add(new ObservedFact(key, GrantForm.Of(entry, permission), FactOwner.Ours, entry.MadeBy));
            entry = entry with { Granted = entry.Granted & ~permission, Grantable = entry.Grantable & ~permission };
        }

        return entry;
    }

    private IEnumerable<Shortfall> Conflicts()
    {
        foreach (var path in _objects.OrderBy(o => o.Names[1], StringComparer.Ordinal).ThenBy(o => o.Name, StringComparer.Ordinal))
        {
            var (database, table) = (path.Names[1], path.Name);
            var on = _iam.IsIamOnTable(database, table) ? "the table"
                : _iam.IsIamOnDatabase(database) ? "the database"
                : _iam.MayBeIamOnTable(database, table, []) ? "something that may be the table" : null;
            if (on is not null)
            {
                yield return new Shortfall(
                    path,
                    $"can't govern: {PermissionIndex.IamAllowedPrincipals} has permissions on {on}, so IAM decides who reads it; revoke them in Lake Formation. Nothing new is granted until then");
            }
        }
    }

    private string RestoreOf(LakePermission entry)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) PermissionWriting.Write(json, entry, _catalogId, id: null);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
