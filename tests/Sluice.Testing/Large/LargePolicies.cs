using Sluice.Core.Catalog;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Testing.Cases;

namespace Sluice.Testing.Large;

/// <summary>The 200 policies of a <see cref="LargeWorld"/>.</summary>
internal static class LargePolicies
{
    private const int OwnedDatabases = 7;
    private const int WrittenDomains = 9;
    private const int RestrictedDomains = 10;

    public static IReadOnlyList<Policy> Of(Dice dice) =>
    [
        .. LargeNames.Domains.Select(Policy (d) => Subscription($"domain-{d}", Tagged(d), SubscriptionMode.Shared, Team(dice))),
        .. LargeNames.Domains.Select(Policy (d) => Subscription($"guests-{d}", Tagged(d), SubscriptionMode.Shared, Guests(dice))),
        .. LargeNames.Countries.Select(Policy (c) => Subscription($"country-{c}", Tagged($"Country.{c}"), SubscriptionMode.Guardrail, OfCountry(dice, c))),
        .. LargeNames.Levels.Select(Policy (l) => Subscription($"level-{l}", Tagged($"Level.{l}"), SubscriptionMode.Guardrail, new Predicate.HasAttribute("Clearance", l))),
        .. LargeNames.Projects.Select(Policy (p, i) => Subscription($"project-{p}", Tagged(p), SubscriptionMode.Shared, i % 2 == 0 ? Team(dice) : OfProject(dice))),
        .. Enumerable.Range(0, OwnedDatabases).Select(Policy (i) => Subscription($"owned-{i}", Below(i), SubscriptionMode.Required, OfDepartments(dice))),
        .. LargeNames.Domains.Take(WrittenDomains).Select(Policy (d) => Subscription($"write-{d}", Tagged(d), SubscriptionMode.Shared, Group(dice)) with { Access = AccessKind.Write }),
        .. LargeNames.ColumnTags.SelectMany(t => (Policy[])[Mask(dice, t), MaskInDomain(dice, t)]),
        .. LargeNames.Domains.Take(RestrictedDomains).Select(Policy (d) => Rows(dice, d)),
    ];

    private static SubscriptionPolicy Subscription(string key, Circumstance where, SubscriptionMode mode, Predicate who) => new()
    {
        Key = key, Name = key, Circumstances = [where], Kind = SubscriptionKind.Entitlements, Mode = mode, Advanced = who,
    };

    private static Circumstance.Tagged Tagged(string tag) => new(tag);

    private static Circumstance.AtOrBelow Below(int database) => new(new ObjectPath(LargeNames.Connection, LargeNames.Database(database)));

    private static Predicate.InGroups Group(Dice dice) => new([dice.From(LargeNames.Groups)]);

    private static Predicate Region(Dice dice) => new Predicate.HasAttribute("Region", dice.From(LargeNames.Regions));

    private static Predicate.HasAttribute Department(Dice dice) => new("Department", dice.From(LargeNames.Departments));

    private static Predicate Team(Dice dice) => new Predicate.Any([Group(dice), Group(dice), Group(dice), Department(dice)]);

    private static Predicate Guests(Dice dice) => new Predicate.All(
        [new Predicate.Any([Group(dice), Group(dice)]), new Predicate.Any([Region(dice), Region(dice), Region(dice)]), new Predicate.Not(Department(dice))]);

    private static Predicate OfCountry(Dice dice, string country) => new Predicate.Any([new Predicate.HasAttribute("Country", country), Group(dice)]);

    private static Predicate OfProject(Dice dice) => new Predicate.All([new Predicate.TagIsAttribute("Project", TagPlace.DataSource), new Predicate.Not(Group(dice))]);

    private static Predicate OfDepartments(Dice dice) => new Predicate.Any([.. dice.Times(10, 15, _ => Department(dice))]);

    private static Entitlements Exempt(Dice dice) => new(
        SetOperator.Any, [dice.From(LargeNames.Groups), dice.From(LargeNames.Groups)], [new PersonAttribute("Clearance", LargeNames.Levels[^1])]);

    private static DataPolicy Mask(Dice dice, string tag) => Data($"mask-{tag}", [new Circumstance.ColumnTagged(tag)], new DataRule.Masking
    {
        Fields = [new ColumnSelector.Tagged(tag)],
        Function = dice.OneOf<MaskFunction>(new MaskFunction.Null(), new MaskFunction.Hash(), new MaskFunction.Constant("***")),
        Exceptions = Exempt(dice),
    });

    private static DataPolicy MaskInDomain(Dice dice, string tag) => Data(
        $"mask-{tag}-in-domain",
        [new Circumstance.ColumnTagged(tag), Tagged(dice.From(LargeNames.Domains))],
        new DataRule.Masking
        {
            Fields = [new ColumnSelector.Tagged(tag)],
            Function = new MaskFunction.Null(),
            Condition = new Predicate.Comparison(ComparisonOperator.Equal, new Operand.TaggedColumn("Geo.Country"), new Operand.Text("DE")),
            Exceptions = Exempt(dice),
        });

    private static DataPolicy Rows(Dice dice, string domain) => Data(
        $"rows-{domain}",
        [Tagged(domain), new Circumstance.ColumnTagged("Geo.Region")],
        new DataRule.RowsByEntitlements(SetOperator.All, [new EntitlementMatch(new ColumnSelector.Tagged("Geo.Region"), "Region")]) { Exceptions = Exempt(dice) });

    private static DataPolicy Data(string key, ValueList<Circumstance> where, DataRule rule) => new()
    {
        Key = key, Name = key, Circumstances = where, CircumstanceOperator = SetOperator.All, Rules = [rule],
    };
}
