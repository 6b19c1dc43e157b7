using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Testing.Naive;

namespace Sluice.Core.Tests.Naive;

/// <summary>One table, one person and what is said about them, in few words.</summary>
internal sealed record Scene(params Policy[] Policies)
{
    internal static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    internal Person Person { get; init; } = Named("ann");

    internal GovernedObject Object { get; init; } = new()
    {
        Path = new ObjectPath("warehouse", "sales", "public", "orders"),
        Kind = ObjectKind.Table,
        Hostname = "db.example.com",
        Tags = ["Domain.Sales"],
        Columns =
        [
            new("region", "text", ["Region"]), new("home", "text", ["Region.Home"]), new("ssn", "text", ["PII.Ssn"]), new("amount", "numeric", []),
            new("id", "bigint", []), new("born", "date", []), new("is_open", "boolean", []),
        ],
    };

    internal Subscription[] Subscriptions { get; init; } = [];

    internal UnregisteredBehaviour Unregistered { get; init; }

    internal object?[] Row { get; init; } = ["EU", "EU", "123-45-6789", 42.5m, 7L, new DateOnly(2026, 6, 1), true];

    internal NaiveEvaluator Naive => new(
        Policies, new PeopleSnapshot([Person], new HashSet<string> { "A", "B", "C" }, new HashSet<string> { "Region", "Clearance" }), Subscriptions, Now, Unregistered);

    internal bool Reads => Naive.IsSubscribed(Person, Object, AccessKind.Read);

    internal bool Writes => Naive.IsSubscribed(Person, Object, AccessKind.Write);

    internal bool SeesRow => Naive.IsRowVisible(Person, Object, Row);

    internal MaskFunction? MaskOf(string column) => Naive.MaskOf(Person, Object, column, Row);

    internal CellOutcome Outcome(string column, Capabilities? capabilities = null) =>
        Naive.OutcomeOf(Person, Object, column, Row, capabilities ?? Capabilities.All);

    internal static Person Named(string username, string[]? groups = null, params (string Name, string Value)[] attributes) => new()
    {
        Id = username,
        Username = username,
        Groups = (groups ?? []).ToHashSet(),
        Attributes = attributes.Select(a => new PersonAttribute(a.Name, a.Value)).ToHashSet(),
    };

    internal static Person In(params string[] groups) => Named("ann", groups);

    internal static SubscriptionPolicy Allow(Predicate predicate, SubscriptionMode mode = SubscriptionMode.Shared) =>
        new() { Key = "allow", Name = "allow", Kind = SubscriptionKind.Entitlements, Mode = mode, Advanced = predicate };

    internal static SubscriptionPolicy Group(string group, SubscriptionMode mode = SubscriptionMode.Shared) => Allow(new Predicate.InGroups([group]), mode);

    internal static SubscriptionPolicy Kind(SubscriptionKind kind, SubscriptionMode mode = SubscriptionMode.Shared) =>
        new() { Key = "kind", Name = "kind", Kind = kind, Mode = mode };

    internal static DataPolicy Rules(params DataRule[] rules) => new() { Key = "data", Name = "data", Rules = rules.ToValueList() };

    internal static DataRule.Masking Mask(string column, MaskFunction function, Predicate? condition = null) =>
        new() { Fields = [new ColumnSelector.Named(column)], Function = function, Condition = condition };

    internal static DataRule.Masking MaskTag(string tag, MaskFunction function, Predicate? condition = null) =>
        new() { Fields = [new ColumnSelector.Tagged(tag)], Function = function, Condition = condition };

    internal static DataRule.RowsByPredicate Rows(Predicate predicate) => new(predicate);

    internal static Entitlements Except(params string[] groups) => new(SetOperator.Any, groups.ToValueList(), []);

    internal static Predicate Is(Operand value, object literal) => Is(ComparisonOperator.Equal, value, literal);

    internal static Predicate Is(ComparisonOperator comparison, Operand value, object literal) => new Predicate.Comparison(comparison, value, literal switch
    {
        string text => new Operand.Text(text),
        int number => new Operand.Number(number),
        bool flag => new Operand.Boolean(flag),
        _ => throw new ArgumentOutOfRangeException(nameof(literal)),
    });

    internal static Operand Column(string name) => new Operand.Column(name);

    internal static Operand Tagged(string tag) => new Operand.TaggedColumn(tag);

    internal Subscription ByHand(SubscriptionKind kind = SubscriptionKind.Manual, AccessKind access = AccessKind.Read, DateTimeOffset? expiresAt = null) =>
        new(Person.Id, Object.Path, kind, access, expiresAt);

    internal Scene Subscribed(SubscriptionKind kind = SubscriptionKind.Manual, DateTimeOffset? expiresAt = null) =>
        this with { Subscriptions = [.. Subscriptions, ByHand(kind, expiresAt: expiresAt)] };
}
