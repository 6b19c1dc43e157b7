using CsCheck;
using Sluice.Core.Access;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Tests.Access;

public sealed class AccessRuleTests
{
    private static readonly Predicate A = new Predicate.InGroups(["A"]);
    private static readonly Predicate B = new Predicate.InGroups(["B"]);
    private static readonly Predicate C = new Predicate.HasAttribute("C", "1");
    private static readonly Operand Username = new Operand.Property(PropertyKind.Username);

    public static TheoryData<string, Predicate, Predicate> Same => new()
    {
        { "absorbed", new Predicate.Any([A, new Predicate.All([A, B])]), A },
        { "absorbed the other way", new Predicate.All([A, new Predicate.Any([A, B])]), A },
        { "absorbed by a conjunction", new Predicate.Any([new Predicate.All([A, B, C]), new Predicate.All([B, A])]), new Predicate.All([A, B]) },
        { "several groups at once", new Predicate.InGroups(["B", "A"]), new Predicate.All([A, B]) },
        { "negation inside", new Predicate.Not(new Predicate.All([A, new Predicate.Not(B)])), new Predicate.Any([new Predicate.Not(A), B]) },
        { "a contradiction", new Predicate.All([A, new Predicate.Not(A)]), new Predicate.Constant(false) },
        { "an order the other way", Compare(ComparisonOperator.Greater, Text("a"), Username), Compare(ComparisonOperator.Less, Username, Text("a")) },
        { "an order negated", new Predicate.Not(Compare(ComparisonOperator.Less, Username, Text("a"))), Compare(ComparisonOperator.GreaterOrEqual, Username, Text("a")) },
        { "NULL is neither", new Predicate.Not(Compare(ComparisonOperator.Equal, Username, new Operand.Null())), new Predicate.Constant(false) },
        { "one choice", new Predicate.In(Username, [Text("a"), Text("a")]), Compare(ComparisonOperator.Equal, Text("a"), Username) },
        { "literals", Compare(ComparisonOperator.Equal, new Operand.Number(1.0m), new Operand.Number(1)), new Predicate.Constant(true) },
        { "a text among values", new Predicate.AttributeContains("C", Text("1")), C },
        { "subscribed or not", new Predicate.Any([new Predicate.IsSubscribed(SubscriptionKind.Manual), new Predicate.Not(new Predicate.IsSubscribed(SubscriptionKind.Manual))]), new Predicate.Constant(true) },
        { "a column decides nothing about people", Compare(ComparisonOperator.Equal, new Operand.Column("c"), Text("a")), new Predicate.Constant(false) },
    };

    public static TheoryData<string, Predicate, Predicate> Different => new()
    {
        { "a group or not is not everybody: it may be unknown", new Predicate.Any([A, new Predicate.Not(A)]), new Predicate.Constant(true) },
        { "names that hold what separates", new Predicate.InGroups(["A','B"]), new Predicate.InGroups(["A", "B"]) },
        { "a quote and its escape", new Predicate.HasAttribute("a'", "b"), new Predicate.HasAttribute("a\\'", "b") },
        { "names that are no well-formed Unicode", new Predicate.InGroups(["\ud800"]), new Predicate.InGroups(["\udbff"]) },
        { "an escape spelled out", new Predicate.InGroups(["\ud800"]), new Predicate.InGroups(["\\ud800"]) },
        { "a number and its text", Compare(ComparisonOperator.Equal, Username, new Operand.Number(1)), Compare(ComparisonOperator.Equal, Username, Text("1")) },
        { "a group and an attribute", A, new Predicate.HasAttribute("A", "A") },
    };

    [Theory]
    [MemberData(nameof(Same))]
    public void Rules_that_mean_the_same_are_one_audience(string why, Predicate one, Predicate other) =>
        AccessRule.Of(one).Id.ShouldBe(AccessRule.Of(other).Id, why);

    [Theory]
    [MemberData(nameof(Different))]
    public void Rules_that_mean_something_else_are_other_audiences(string why, Predicate one, Predicate other) =>
        AccessRule.Of(one).Id.ShouldNotBe(AccessRule.Of(other).Id, why);

    [Fact]
    public void An_audience_has_the_same_id_on_every_instance_and_at_every_time()
    {
        AccessRule.Of(new Predicate.All([B, new Predicate.Not(C), A])).Text.ShouldBe("all(group('A'),group('B'),not(attribute('C','1')))");
        AccessRule.Of(new Predicate.All([B, new Predicate.Not(C), A])).Id.Value.ShouldBe("f502c8e2a3b5504c58e69427b7d8e089fa5b1f63");
        AccessRule.Everybody.Id.Value.Length.ShouldBe(40);
    }

    [Fact]
    public void The_id_depends_on_neither_order_nor_nesting() => Gen.Select(Worlds.PersonPredicate.Array[2, 5], Gen.Int[0, 1_000], Gen.Bool).Sample(
        (terms, seed, isAll) =>
        {
            var shuffled = (Predicate[])[.. terms];
            new Random(seed).Shuffle(shuffled);
            var nested = shuffled.Aggregate((all, next) => Join([next, Join([all], isAll)], isAll));
            AccessRule.Of(nested).Id.ShouldBe(AccessRule.Of(Join(terms, isAll)).Id);
        },
        iter: 5_000);

    [Fact]
    public void The_normal_form_is_its_own() => Worlds.PersonPredicate.Sample(
        static predicate => AccessRule.Of(AccessRule.Of(predicate).Normal).Text.ShouldBe(AccessRule.Of(predicate).Text), iter: 5_000);

    [Fact]
    public void The_normal_form_is_true_for_the_same_people() => Gen.Select(Worlds.PersonPredicate, Worlds.People).Sample(
        static (predicate, people) =>
        {
            var index = new AudienceIndex(people);
            var rule = AccessRule.Of(predicate);
            foreach (var person in people.People)
            {
                var holds = index.Holds(predicate, person.Id, Subscriptions.None);
                index.Holds(rule.Normal, person.Id, Subscriptions.None).ShouldBe(holds);
                index.Of(rule).Contains(person.Id).ShouldBe(holds);
            }
        },
        iter: 10_000);

    [Fact]
    public void Rules_with_one_id_decide_every_person_alike() => Gen.Select(Worlds.PersonPredicate.Array[2, 12], Worlds.People).Sample(
        static (predicates, people) =>
        {
            var index = new AudienceIndex(people);
            foreach (var alike in predicates.GroupBy(static p => AccessRule.Of(p).Id))
                foreach (var person in people.People)
                    alike.Select(p => index.Holds(p, person.Id, Subscriptions.None)).Distinct().ShouldHaveSingleItem();
        },
        iter: 2_000);

    [Fact]
    public void Both_of_two_rules_are_the_people_of_each() => Gen.Select(Worlds.PersonPredicate, Worlds.PersonPredicate, Worlds.People).Sample(
        static (one, other, people) =>
        {
            var index = new AudienceIndex(people);
            index.MembersOf(AccessRule.Of(one).And(AccessRule.Of(other)))
                .ShouldBe(index.MembersOf(AccessRule.Of(one)).Intersect(index.MembersOf(AccessRule.Of(other)), StringComparer.Ordinal));
        },
        iter: 2_000);

    [Fact]
    public void All_of_several_rules_is_one_rule_whatever_their_order_and_repetition() => Gen.Select(Worlds.PersonPredicate.Array[0, 4], Worlds.People, Gen.Int).Sample(
        static (predicates, people, seed) =>
        {
            var index = new AudienceIndex(people);
            AccessRule[] rules = [.. predicates.Select(AccessRule.Of)];
            AccessRule[] shuffled = [.. rules, .. rules, AccessRule.Everybody];
            new Random(seed).Shuffle(shuffled);

            var all = AccessRule.All(rules);
            all.ShouldBe(AccessRule.All(shuffled));
            index.MembersOf(all).ShouldBe(rules.Aggregate(index.MembersOf(AccessRule.Everybody).AsEnumerable(), (left, r) => left.Intersect(index.MembersOf(r), StringComparer.Ordinal)), ignoreOrder: true);
        },
        iter: 2_000);

    private static Predicate Join(IEnumerable<Predicate> terms, bool isAll) =>
        isAll ? new Predicate.All(terms.ToValueList()) : new Predicate.Any(terms.ToValueList());

    private static Predicate Compare(ComparisonOperator by, Operand left, Operand right) => new Predicate.Comparison(by, left, right);

    private static Operand Text(string value) => new Operand.Text(value);
}
