using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>The facts of rules: functions and where they are attached; and what they have to know about people.</summary>
internal sealed class RuleFacts(AccessIntent intent, Action<DesiredFact> add)
{
    /// <summary>The subject of the fact of a table's row filter: there is one for all of its rules.</summary>
    public const string FilterSubject = "row filter";

    private const string Support = "what masks and row filters rest on";
    private const string AboutPeople = "what masks and row filters ask about people";

    private readonly Mentions _mentions = new();
    private readonly Dictionary<AudienceId, AccessRule> _exempt = [];
    private bool _hasRules;

    /// <summary>Adds what is on an object.</summary>
    public void Add(IntendedObject item, TableRules rules)
    {
        foreach (var (column, function, given, masks, calls) in rules.Masks)
        {
            foreach (var call in calls) Add(FactKind.Support, SqlFunction.SubjectOf(call.Name), "", call.Definition, Support);
            foreach (var mask in masks) Ask(mask.Exempt, mask.Condition, item.Object);
            Add(FactKind.Mask, item, column, function, given, Keys(masks.Select(static m => m.PolicyKey)));
        }

        if (rules.Filter is not { } filter) return;
        foreach (var rule in filter.Rules) Ask(rule.Exempt, rule.Predicate, item.Object);
        Add(FactKind.RowRule, item, FilterSubject, filter.Function, filter.Columns, Keys(filter.Rules.Select(static r => r.PolicyKey)));
    }

    /// <summary>Adds what all of it rests on.</summary>
    public void AddSupport()
    {
        if (!_hasRules) return;
        foreach (var table in SupportTables.All) Add(FactKind.Support, SupportTables.SubjectOf(table.Name), "", table.Columns, Support);
        var people = new KnownPeople(intent, IsText);
        foreach (var identity in intent.Identities.Where(static i => IsText(i.Name)))
        {
            if (!intent.ProtectsUnregistered) Add(FactKind.Support, identity.Name, SupportTables.RegisteredDetail, "", Support);
            if (_mentions.Any && people.Of(identity, _mentions) is { } known) Add(FactKind.Entitlement, identity.Name, SupportTables.Known, known, AboutPeople);
        }

        foreach (var rule in _exempt.Values)
        {
            var reason = $"exempt: {rule.Text}";
            foreach (var identity in intent.MembersOf(rule).Where(IsText)) Add(FactKind.Exemption, identity, rule.Id.Value, "", reason);
        }
    }

    private void Ask(AccessRule exempt, Core.Policies.Predicates.Predicate? condition, GovernedObject of)
    {
        if (!exempt.Equals(AccessRule.Nobody)) _exempt.TryAdd(exempt.Id, exempt);
        if (condition is not null) _mentions.Add(condition, of);
    }

    private void Add(FactKind kind, IntendedObject item, string subject, SqlFunction function, IReadOnlyList<string> columns, string reason)
    {
        _hasRules = true;
        Add(FactKind.Support, SqlFunction.SubjectOf(function.Name), "", function.Definition, Support);
        add(new DesiredFact(new FactKey(kind, item.Object.Path, subject), new Attachment(function.Name, columns).Definition(function.Body), reason));
    }

    private void Add(FactKind kind, string subject, string detail, string definition, string reason) =>
        add(new DesiredFact(new FactKey(kind, null, subject, detail), definition, reason));

    private static bool IsText(string text) => Quote.TextProblem(text, int.MaxValue) is null;

    private static string Keys(IEnumerable<string> keys) => string.Join(", ", keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
