using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>
/// Puts an intent in PostgreSQL's terms: a role per audience, whose members are people's logins; grants to roles, by column where something is masked; and
/// policies on tables that have row rules.
/// </summary>
internal sealed class AccessCompiler
{
    private const string OwnerOfViews = "what owns the views reads what they show";
    private const string OnTheWay = "on the way to what the audience may read";

    private readonly AccessIntent _intent;
    private readonly NativeNames _names;
    private readonly Dictionary<FactKey, DesiredFact> _facts = [];
    private readonly List<Shortfall> _shortfalls = [];
    private readonly HashSet<string> _audiences = [];
    private readonly RuleFacts _rules;

    private AccessCompiler(AccessIntent intent)
    {
        _intent = intent;
        _names = new NativeNames(intent.Prefix);
        _rules = new RuleFacts(intent, _names, Add);
    }

    /// <summary>What shall be so at the server. The same for the same intent.</summary>
    public static DesiredState Compile(AccessIntent intent)
    {
        var compiler = new AccessCompiler(intent);
        foreach (var item in intent.Objects) compiler.Add(item);
        compiler._rules.AddDatabases();
        return new DesiredState([.. compiler._facts.Values], compiler._shortfalls);
    }

    private void Add(IntendedObject item)
    {
        var path = item.Object.Path;
        var grants = ObjectGrants.Of(_intent, item);
        var shortfalls = grants.Shortfalls.ToList();
        _rules.Add(item, RowRules.Of(_intent, _names, item, shortfalls));
        var view = MaskedView.Of(_intent, _names, item, shortfalls);
        foreach (var reason in shortfalls) _shortfalls.Add(new Shortfall(path, reason));
        var why = $"{string.Join(", ", item.Access.SubscriptionPolicies)}";
        foreach (var (rule, privileges) in grants.OfAudiences)
        {
            var reason = $"{why}: {rule.Text}";
            Grant(path, AddAudience(rule, reason), privileges, reason);
        }

        foreach (var (identity, privileges) in grants.OfPeople)
        {
            var reason = $"{why}: a subscription of {identity}";
            var role = _names.Person(identity);
            Fact(FactKind.Audience, null, role, "", Statements.PlainRole, reason);
            Fact(FactKind.Member, null, role, identity, "", reason);
            Grant(path, role, privileges, reason);
        }

        if (view is not null) AddView(item, view, why);
    }

    private void AddView(IntendedObject item, MaskedView view, string why)
    {
        Fact(FactKind.Audience, null, _names.ViewOwner, "", Statements.PlainRole, OwnerOfViews);
        Fact(FactKind.Grant, item.Object.Path, _names.ViewOwner, Privilege.Select, "", OwnerOfViews);
        Fact(
            FactKind.Mask, view.Path, MaskedView.Subject, "", view.Definition,
            $"{string.Join(", ", view.Masks.Select(m => m.PolicyKey).Distinct(StringComparer.Ordinal))}: {item.Object.Path.Name} as it is masked");
        _rules.Add(item.Object, view);
        if (!item.Access.Read.Equals(AccessRule.Nobody))
        {
            var reason = $"{why}: {item.Access.Read.Text}";
            Grant(view.Path, AddAudience(item.Access.Read, reason), [new Privilege(Privilege.Select)], reason);
        }

        foreach (var identity in item.DirectReaders.Where(i => Statements.RoleProblem(i) is null))
        {
            var (role, reason) = (_names.Person(identity), $"{why}: a subscription of {identity}");
            Fact(FactKind.Audience, null, role, "", Statements.PlainRole, reason);
            Fact(FactKind.Member, null, role, identity, "", reason);
            Grant(view.Path, role, [new Privilege(Privilege.Select)], reason);
        }
    }

    private string AddAudience(AccessRule rule, string reason)
    {
        var role = _names.Audience(rule.Id);
        if (!_audiences.Add(role)) return role;
        Fact(FactKind.Audience, null, role, "", Statements.PlainRole, reason);
        foreach (var identity in _intent.MembersOf(rule).Where(i => Statements.RoleProblem(i) is null))
            Fact(FactKind.Member, null, role, identity, "", reason);
        return role;
    }

    private void Grant(ObjectPath path, string role, IEnumerable<Privilege> privileges, string reason)
    {
        foreach (var privilege in privileges) Fact(FactKind.Grant, path, role, privilege.ToString(), "", reason);
        var schema = path.Parent!;
        Fact(FactKind.Grant, schema, role, Privilege.Usage, "", OnTheWay);
        Fact(FactKind.Grant, schema.Parent!, role, Privilege.Connect, "", OnTheWay);
    }

    private void Fact(FactKind kind, ObjectPath? path, string subject, string detail, string definition, string reason) =>
        Add(new DesiredFact(new FactKey(kind, path, subject, detail), definition, reason));

    private void Add(DesiredFact fact) => _facts.TryAdd(fact.Key, fact);
}
