using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>
/// Puts an intent in Unity Catalog's terms: SELECT and MODIFY on tables and views to each person who may read or write them, or to an account group of such people, and USE SCHEMA and
/// USE CATALOG on the way down; functions that mask columns and filter rows.
/// </summary>
internal sealed class AccessCompiler
{
    private const string OnTheWay = "on the way to what the principal may read or write";

    private const string OwnSubscription = "a subscription of the principal's own";

    private readonly AccessIntent _intent;
    private readonly ReaderSql _reader;
    private readonly OwnCatalog _own;
    private readonly MaskFunctions _functions;
    private readonly RuleFacts _rules;
    private readonly Dictionary<(ObjectAccess, ObjectKind, string), AccessShape> _shapes = [];
    private readonly Dictionary<FactKey, DesiredFact> _facts = [];
    private readonly List<Shortfall> _shortfalls = [];
    private readonly HashSet<(ObjectPath, string)> _onTheWay = [];
    private readonly Dictionary<string, HashSet<string>> _members = new(StringComparer.Ordinal);
    private readonly List<(IntendedObject Item, TableRules Rules, AccessShape Shape)> _objects = [];
    private readonly GroupPlan _groups;

    private AccessCompiler(AccessIntent intent)
    {
        _intent = intent;
        _own = new OwnCatalog(intent.OwnContainer ?? throw new ArgumentException("A Databricks connection has a catalog of its own.", nameof(intent)));
        _reader = new ReaderSql(_own, intent);
        _functions = new MaskFunctions(Technology.Databricks, intent.MaskFunctionSchemas, intent.OwnContainer);
        _rules = new RuleFacts(intent, fact => _facts.TryAdd(fact.Key, fact));
        foreach (var item in intent.Objects)
        {
            var rules = TableRules.Of(_reader, _own, _functions, item);
            _objects.Add((item, rules, ShapeOf(item, rules)));
        }

        _groups = GroupPlan.Of(intent, _objects.Select(static o => (o.Item.Object.Path, o.Shape)));
    }

    /// <summary>What shall be so. The same for the same intent.</summary>
    public static DesiredState Compile(AccessIntent intent)
    {
        var compiler = new AccessCompiler(intent);
        foreach (var (item, rules, shape) in compiler._objects) compiler.Add(item, rules, shape);
        compiler._rules.AddSupport();
        return new DesiredState([.. compiler._facts.Values], compiler._shortfalls);
    }

    private void Add(IntendedObject item, TableRules rules, AccessShape shape)
    {
        var path = item.Object.Path;
        foreach (var reason in shape.Shortfalls.Concat(rules.Notes.Distinct(StringComparer.Ordinal))) _shortfalls.Add(new Shortfall(path, reason));
        _rules.Add(item, rules);
        var policies = string.Join(", ", item.Access.SubscriptionPolicies);
        GrantByRule(path, shape.Read, shape.Readers, item.DirectReaders.Where(shape.Admits), Privileges.Select, policies);
        GrantByRule(path, shape.Write, shape.Writers, shape.IsWritable ? item.DirectWriters.Where(shape.Admits) : [], Privileges.Modify, policies);
    }

    private AccessShape ShapeOf(IntendedObject item, TableRules rules)
    {
        var key = (item.Access, item.Object.Kind, string.Join('\n', rules.Narrowing.Select(static n => $"{n.Exempt.Id.Value} {n.Reason}")));
        return _shapes.TryGetValue(key, out var shape) ? shape : _shapes[key] = new AccessShape(_intent, item.Access, item.Object.Kind, rules.Narrowing);
    }

    private void GrantByRule(ObjectPath path, AccessRule rule, IReadOnlyList<string> members, IEnumerable<string> subscribed, string privilege, string policies)
    {
        var reason = $"{policies}: {rule.Text}";
        if (_groups.NameOf(rule) is { } group)
        {
            var inGroup = AddGroup(group, members, reason);
            Grant(path, group, privilege, reason);
            subscribed = subscribed.Where(s => !inGroup.Contains(s));
        }
        else foreach (var member in members) Grant(path, member, privilege, reason);

        // What nobody else has by the rule is granted by name.
        foreach (var principal in subscribed.Where(Principals.IsSingle)) Grant(path, principal, privilege, OwnSubscription, isDirect: true);
    }

    private HashSet<string> AddGroup(string group, IReadOnlyList<string> members, string reason)
    {
        if (_members.TryGetValue(group, out var known)) return known;
        Fact(new FactKey(FactKind.Audience, null, group), reason);
        foreach (var member in GroupPlan.MembersOf(members)) Fact(new FactKey(FactKind.Member, null, group, member), reason);
        return _members[group] = members.ToHashSet(StringComparer.Ordinal);
    }

    private void Grant(ObjectPath path, string principal, string privilege, string reason, bool isDirect = false)
    {
        Fact(new FactKey(FactKind.Grant, path, principal, privilege), reason, isDirect);
        if (!_onTheWay.Add((Places.SchemaOf(path), principal))) return;
        Fact(new FactKey(FactKind.Grant, Places.SchemaOf(path), principal, Privileges.UseSchema), OnTheWay);
        Fact(new FactKey(FactKind.Grant, Places.CatalogOf(path), principal, Privileges.UseCatalog), OnTheWay);
    }

    // What a rule asks for as well comes first, and is no subscription's.
    private void Fact(FactKey key, string reason, bool isDirect = false) => _facts.TryAdd(key, new DesiredFact(key, "", reason, isDirect));
}
