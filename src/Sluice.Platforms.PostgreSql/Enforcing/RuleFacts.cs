using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Compiling;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>The facts of rules: policies on tables; and per database what these and the masks of views rest on, and what they have to know about people.</summary>
internal sealed class RuleFacts(AccessIntent intent, NativeNames names, Action<DesiredFact> add)
{
    private const string Support = "what the rules in this database rest on";
    private const string AboutPeople = "what the rules in this database ask about people";

    private sealed record DatabaseRules(Mentions Mentions, Dictionary<AudienceId, AccessRule> Exempt);

    private readonly Dictionary<ObjectPath, DatabaseRules> _databases = [];

    /// <summary>Adds the policies of an object.</summary>
    public void Add(IntendedObject item, IReadOnlyList<RowPolicy> policies)
    {
        if (policies.Count == 0) return;
        var path = item.Object.Path;
        var rules = RulesOf(path);
        add(new DesiredFact(new FactKey(FactKind.RowRule, path, names.BasePolicy), RowRules.BaseDefinition, "row rules hold on this table"));
        foreach (var policy in policies)
        {
            add(new DesiredFact(new FactKey(FactKind.RowRule, path, policy.Name), policy.Using, $"{policy.Rule.PolicyKey}; exempt: {policy.Rule.Exempt.Text}"));
            rules.Mentions.Add(policy.Rule.Predicate, item.Object);
            rules.Exempt.TryAdd(policy.Rule.Exempt.Id, policy.Rule.Exempt);
        }
    }

    /// <summary>Adds what a view of an object asks.</summary>
    public void Add(GovernedObject of, MaskedView view)
    {
        var rules = RulesOf(of.Path);
        foreach (var mask in view.Masks)
        {
            if (mask.Condition is { } condition) rules.Mentions.Add(condition, of);
            rules.Exempt.TryAdd(mask.Exempt.Id, mask.Exempt);
        }
    }

    /// <summary>Adds what the databases have to know.</summary>
    public void AddDatabases()
    {
        if (_databases.Count == 0) return;
        var people = new KnownPeople(intent, Sql.Quote.IsText);
        foreach (var (database, rules) in _databases)
        {
            Add(FactKind.Support, database, SupportSchema.Name, "", SupportSchema.Definition, Support);
            foreach (var role in intent.ExemptRoles.Where(Sql.Quote.IsText)) Add(FactKind.Exemption, database, role, FactKey.FromAll, "", "exempt by the connection's settings");
            if (!intent.ProtectsUnregistered)
                foreach (var identity in intent.Identities.Where(i => Sql.Quote.IsText(i.Name))) Add(FactKind.Support, database, identity.Name, SupportSchema.Registered, "", Support);
            foreach (var exempt in rules.Exempt.Values)
            {
                var reason = $"exempt: {exempt.Text}";
                foreach (var identity in intent.MembersOf(exempt).Where(Sql.Quote.IsText)) Add(FactKind.Exemption, database, identity, exempt.Id.Value, "", reason);
            }

            if (!rules.Mentions.Any) continue;
            foreach (var identity in intent.Identities.Where(i => Sql.Quote.IsText(i.Name)))
            {
                if (people.Of(identity, rules.Mentions) is { } known)
                    Add(FactKind.Entitlement, database, identity.Name, SupportSchema.Known, known, AboutPeople);
            }
        }
    }

    private DatabaseRules RulesOf(ObjectPath table)
    {
        var database = table.Parent!.Parent!;
        if (!_databases.TryGetValue(database, out var rules)) _databases[database] = rules = new DatabaseRules(new Mentions(), []);
        return rules;
    }

    private void Add(FactKind kind, ObjectPath database, string subject, string detail, string definition, string reason) =>
        add(new DesiredFact(new FactKey(kind, database, subject, detail), definition, reason));
}
