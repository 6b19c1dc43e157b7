using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.LakeFormation.Governing;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>
/// Puts an intent in Lake Formation's terms: grants on tables by name, or LF-Tags of ours on tables and columns with grants on their values, whichever takes
/// fewer calls; and DESCRIBE on the databases above.
/// </summary>
internal sealed class AccessCompiler
{
    private const string OnTheWay = "on the way to the tables that the principal may read or write";

    private const string OwnSubscription = "a subscription of the principal's own";

    private static readonly string Describe = LakePermissions.Describe.Name();
    private static readonly string Insert = LakePermissions.Insert.Name();
    private static readonly string Delete = LakePermissions.Delete.Name();

    private readonly AccessIntent _intent;
    private readonly Dictionary<(ObjectAccess, int), AccessShape> _shapes = [];
    private readonly Dictionary<FactKey, DesiredFact> _facts = [];
    private readonly List<Shortfall> _shortfalls = [];
    private readonly HashSet<AudienceTag> _audiences = [];
    private readonly HashSet<(ObjectPath Database, AudienceId Audience)> _described = [];

    private AccessCompiler(AccessIntent intent) => _intent = intent;

    /// <summary>What shall be so. The same for the same intent.</summary>
    public static DesiredState Compile(AccessIntent intent)
    {
        var compiler = new AccessCompiler(intent);
        List<(IntendedObject Item, AccessShape Shape)> objects = [.. intent.Objects.Where(compiler.IsGrantable).Select(o => (o, compiler.ShapeOf(o)))];
        var tags = TagPlan.Of(intent, objects);
        foreach (var (item, shape) in objects) compiler.Add(item, shape, tags);
        return new DesiredState([.. compiler._facts.Values], compiler._shortfalls);
    }

    private bool IsGrantable(IntendedObject item)
    {
        if (item.GrantMethod is Method.Named or Method.Tags) return true;
        _shortfalls.Add(new Shortfall(item.Object.Path, "cannot enforce: this principal can't grant access here, so nobody is granted it"));
        return false;
    }

    private void Add(IntendedObject item, AccessShape shape, TagPlan tags)
    {
        var path = item.Object.Path;
        foreach (var reason in shape.Shortfalls) _shortfalls.Add(new Shortfall(path, reason));
        var policies = string.Join(", ", item.Access.SubscriptionPolicies);
        var (toRead, toWrite) = ($"{policies}: {shape.Read.Text}", $"{policies}: {shape.Write.Text}");
        if (tags.KeyOfReaders(item, shape) is { } readers) AddTagged(path, shape, readers, toRead);
        else AddReaders(path, shape, shape.Readers, toRead);
        if (tags.KeyOfWriters(item, shape) is { } writers) AddTagged(path, writers, shape.Write, toWrite);
        else AddWriters(path, shape.Writers, toWrite);
        AddReaders(path, shape, item.DirectReaders.Where(PrincipalKind.IsSingle), OwnSubscription, isDirect: true);
        AddWriters(path, item.DirectWriters.Where(PrincipalKind.IsSingle).Where(shape.SeesEveryRow), OwnSubscription, isDirect: true);
    }

    private AccessShape ShapeOf(IntendedObject item)
    {
        var key = (item.Access, item.Object.Columns.Count);
        return _shapes.TryGetValue(key, out var shape) ? shape : _shapes[key] = new AccessShape(_intent, item.Access, item.Object.Columns.Count);
    }

    // The table has the value of its readers, each masked column that of those among them who are exempt.
    private void AddTagged(ObjectPath path, AccessShape shape, string key, string reason)
    {
        foreach (var (column, audience) in shape.ColumnAudiences)
        {
            var value = audience is null ? AudienceTag.None : AddAudience(key, audience, $"{reason}, exempt from masks").Value;
            Fact(FactKind.Mask, path, column, key, value, reason);
        }

        AddTagged(path, key, shape.Read, reason);
    }

    private void AddTagged(ObjectPath path, string key, AccessRule rule, string reason)
    {
        var audience = AddAudience(key, rule, reason);
        Fact(FactKind.Grant, path, audience.ToString(), audience.Detail, "", reason);
        if (!_described.Add((path.Parent!, rule.Id))) return;
        foreach (var principal in MembersOf(rule)) Fact(FactKind.Grant, path.Parent!, principal, Describe, GrantForm.Plain, OnTheWay);
    }

    private AudienceTag AddAudience(string key, AccessRule rule, string reason)
    {
        var audience = new AudienceTag(key, rule.Id.Value);
        if (!_audiences.Add(audience)) return audience;
        Fact(FactKind.Audience, null, audience.ToString(), "", "", reason);
        foreach (var principal in MembersOf(rule)) Fact(FactKind.Member, null, audience.ToString(), principal, audience.Permissions.Describe(), reason);
        return audience;
    }

    private IEnumerable<string> MembersOf(AccessRule rule) => _intent.MembersOf(rule).Where(PrincipalKind.IsSingle);

    private void AddReaders(ObjectPath path, AccessShape shape, IEnumerable<string> principals, string reason, bool isDirect = false)
    {
        foreach (var principal in principals)
        {
            if (shape.SelectOf(principal) is not { } select) continue;
            Fact(FactKind.Grant, path, principal, select, GrantForm.Plain, reason, isDirect);
            Fact(FactKind.Grant, path.Parent!, principal, Describe, GrantForm.Plain, OnTheWay);
        }
    }

    private void AddWriters(ObjectPath path, IEnumerable<string> principals, string reason, bool isDirect = false)
    {
        foreach (var principal in principals)
        {
            Fact(FactKind.Grant, path, principal, Insert, GrantForm.Plain, reason, isDirect);
            Fact(FactKind.Grant, path, principal, Delete, GrantForm.Plain, reason, isDirect);
            Fact(FactKind.Grant, path.Parent!, principal, Describe, GrantForm.Plain, OnTheWay);
        }
    }

    private void Fact(FactKind kind, ObjectPath? path, string subject, string detail, string definition, string reason, bool isDirect = false)
    {
        // What a rule asks for as well comes first, and is no subscription's.
        var key = new FactKey(kind, path, subject, detail);
        _facts.TryAdd(key, new DesiredFact(key, definition, reason, isDirect));
    }
}
