using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>
/// Puts an intent in Unity Catalog's terms: SELECT and MODIFY on tables and views to each person who may read or write them, and USE SCHEMA and USE CATALOG on
/// the way down; functions that mask columns and filter rows.
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

    private AccessCompiler(AccessIntent intent)
    {
        _intent = intent;
        _own = new OwnCatalog(intent.OwnContainer ?? throw new ArgumentException("A Databricks connection has a catalog of its own.", nameof(intent)));
        _reader = new ReaderSql(_own, intent);
        _functions = new MaskFunctions(Technology.Databricks, intent.MaskFunctionSchemas, intent.OwnContainer);
        _rules = new RuleFacts(intent, fact => _facts.TryAdd(fact.Key, fact));
    }

    /// <summary>What shall be so. The same for the same intent.</summary>
    public static DesiredState Compile(AccessIntent intent)
    {
        var compiler = new AccessCompiler(intent);
        foreach (var item in intent.Objects) compiler.Add(item);
        compiler._rules.AddSupport();
        return new DesiredState([.. compiler._facts.Values], compiler._shortfalls);
    }

    private void Add(IntendedObject item)
    {
        var path = item.Object.Path;
        var rules = TableRules.Of(_reader, _own, _functions, item);
        var shape = ShapeOf(item, rules);
        foreach (var reason in shape.Shortfalls.Concat(rules.Notes.Distinct(StringComparer.Ordinal))) _shortfalls.Add(new Shortfall(path, reason));
        _rules.Add(item, rules);
        var policies = string.Join(", ", item.Access.SubscriptionPolicies);
        Grant(path, shape.Readers, Privileges.Select, $"{policies}: {shape.Read.Text}");
        Grant(path, shape.Writers, Privileges.Modify, $"{policies}: {shape.Write.Text}");
        Grant(path, item.DirectReaders.Where(shape.Admits), Privileges.Select, OwnSubscription, isDirect: true);
        if (shape.IsWritable) Grant(path, item.DirectWriters.Where(shape.Admits), Privileges.Modify, OwnSubscription, isDirect: true);
    }

    private AccessShape ShapeOf(IntendedObject item, TableRules rules)
    {
        var key = (item.Access, item.Object.Kind, string.Join('\n', rules.Narrowing.Select(static n => $"{n.Exempt.Id.Value} {n.Reason}")));
        return _shapes.TryGetValue(key, out var shape) ? shape : _shapes[key] = new AccessShape(_intent, item.Access, item.Object.Kind, rules.Narrowing);
    }

    private void Grant(ObjectPath path, IEnumerable<string> principals, string privilege, string reason, bool isDirect = false)
    {
        foreach (var principal in principals.Where(Principals.IsSingle))
        {
            Fact(path, principal, privilege, reason, isDirect);
            if (!_onTheWay.Add((Places.SchemaOf(path), principal))) continue;
            Fact(Places.SchemaOf(path), principal, Privileges.UseSchema, OnTheWay);
            Fact(Places.CatalogOf(path), principal, Privileges.UseCatalog, OnTheWay);
        }
    }

    // What a rule asks for as well comes first, and is no subscription's.
    private void Fact(ObjectPath path, string principal, string privilege, string reason, bool isDirect = false)
    {
        var key = new FactKey(FactKind.Grant, path, principal, privilege);
        _facts.TryAdd(key, new DesiredFact(key, "", reason, isDirect));
    }
}
