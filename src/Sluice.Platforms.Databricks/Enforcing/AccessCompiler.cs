using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>
/// Puts an intent in Unity Catalog's terms: SELECT and MODIFY on tables and views to each person who may read or write them, and USE SCHEMA and USE CATALOG on
/// the way down.
/// </summary>
internal sealed class AccessCompiler
{
    private const string OnTheWay = "on the way to what the principal may read or write";

    private const string OwnSubscription = "a subscription of the principal's own";

    private readonly AccessIntent _intent;
    private readonly Dictionary<(ObjectAccess, ObjectKind), AccessShape> _shapes = [];
    private readonly Dictionary<FactKey, DesiredFact> _facts = [];
    private readonly List<Shortfall> _shortfalls = [];
    private readonly HashSet<(ObjectPath, string)> _onTheWay = [];

    private AccessCompiler(AccessIntent intent) => _intent = intent;

    /// <summary>What shall be so. The same for the same intent.</summary>
    public static DesiredState Compile(AccessIntent intent)
    {
        var compiler = new AccessCompiler(intent);
        foreach (var item in intent.Objects) compiler.Add(item);
        return new DesiredState([.. compiler._facts.Values], compiler._shortfalls);
    }

    private void Add(IntendedObject item)
    {
        var (path, shape) = (item.Object.Path, ShapeOf(item));
        foreach (var reason in shape.Shortfalls) _shortfalls.Add(new Shortfall(path, reason));
        var policies = string.Join(", ", item.Access.SubscriptionPolicies);
        Grant(path, shape.Readers, Privileges.Select, $"{policies}: {shape.Read.Text}");
        Grant(path, shape.Writers, Privileges.Modify, $"{policies}: {shape.Write.Text}");
        Grant(path, item.DirectReaders.Where(shape.Admits), Privileges.Select, OwnSubscription, isDirect: true);
        if (shape.IsWritable) Grant(path, item.DirectWriters.Where(shape.Admits), Privileges.Modify, OwnSubscription, isDirect: true);
    }

    private AccessShape ShapeOf(IntendedObject item)
    {
        var key = (item.Access, item.Object.Kind);
        return _shapes.TryGetValue(key, out var shape)
            ? shape
            : _shapes[key] = new AccessShape(_intent, item.Access, item.Object.Kind, [.. Unenforced.Of(item)]);
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
