using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Policies;
using Sluice.Testing.Cases;

namespace Sluice.Core.Tests.Access;

/// <summary>What a tag means that the platform no longer has and nobody has confirmed.</summary>
public sealed class VanishedTagTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("SLUICE_LONG") == "1";

    private static readonly Subscriptions[] Held = [.. from manual in (bool[])[false, true] from approved in (bool[])[false, true] select new Subscriptions(manual, approved)];

    [Fact]
    public void A_tag_that_vanished_protects_as_before_and_lets_nobody_in()
    {
        var (readers, subscribers, objects) = (0, 0, 0);
        for (uint seed = 1; seed <= (IsLong ? 3_000u : 300u); seed++)
        {
            var world = new CaseGenerator(new CaseOptions()).Of(seed);
            var people = new AudienceIndex(world.People);
            var compiler = new AccessCompiler(world.Policies);
            var dice = new Random((int)seed);
            foreach (var table in world.Tables)
            {
                var vanished = Vanish(table.Object, dice);
                if (!vanished.HasVanishedTags) continue;
                var (now, with, without) = (compiler.Compile(vanished), compiler.Compile(table.Object), compiler.Compile(vanished.WithoutVanishedTags()));
                var about = $"seed {seed}, {table.Object.Path}";
                ShouldBeAmong(people, now.Read, with.Read, about);
                ShouldBeAmong(people, now.Read, without.Read, about);
                ShouldBeAmong(people, now.Write, with.Write, about);
                ShouldBeAmong(people, now.Write, without.Write, about);
                with.Masks.Where(m => m.Condition is null).Except(now.Masks).ShouldBeEmpty(about);
                now.Masks.Count.ShouldBeGreaterThanOrEqualTo(with.Masks.Count, about);
                now.RowRules.Count.ShouldBeGreaterThanOrEqualTo(with.RowRules.Count, about);
                foreach (var person in world.People.People)
                {
                    foreach (var held in Held)
                    {
                        if (!IsLetIn(people, now, person.Id, held)) continue;
                        IsLetIn(people, with, person.Id, held).ShouldBeTrue($"{about}, {person.Id} with {held}");
                        IsLetIn(people, without, person.Id, held).ShouldBeTrue($"{about}, {person.Id} with {held}");
                        if (!IsLetIn(people, now, person.Id, Subscriptions.None)) subscribers++;
                    }
                }

                objects++;
                readers += people.MembersOf(now.Read).Count;
            }
        }

        objects.ShouldBeGreaterThan(100);
        readers.ShouldBeGreaterThan(0);
        subscribers.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_shared_policy_on_a_tag_that_vanished_subscribes_nobody() =>
        Access("shared", vanished: true).Read.ShouldBe(AccessRule.Nobody);

    [Fact]
    public void A_required_policy_on_a_tag_that_vanished_alone_subscribes_nobody() =>
        Access("required", vanished: true).Read.ShouldBe(AccessRule.Nobody);

    [Fact]
    public void A_subscription_by_hand_does_not_count_where_a_policy_may_still_apply()
    {
        Access("required", vanished: true).ReadBySubscription.ShouldBeNull();
        Access("guardrail", vanished: true).ReadBySubscription.ShouldNotBeNull();
    }

    [Fact]
    public void A_mask_on_a_tag_that_vanished_stays()
    {
        var policy = new DataPolicy
        {
            Key = "mask", Name = "mask",
            Rules = [new DataRule.Masking { Fields = [new ColumnSelector.Tagged("PII")], Function = new MaskFunction.Null() }],
        };
        var column = new GovernedColumn("ssn", "text", ["PII.High"], ColumnFamily.Text) { VanishedTags = ["PII.High"] };
        new AccessCompiler([policy]).Compile(Table([], []) with { Columns = [column] }).Masks.Count.ShouldBe(1);
    }

    [Fact]
    public void What_lost_its_only_tag_is_untagged_to_what_protects_and_tagged_to_what_opens()
    {
        var open = new SubscriptionPolicy { Key = "open", Name = "open", Circumstances = [new Circumstance.NoTags()], Kind = SubscriptionKind.Anyone };
        var mask = new DataPolicy
        {
            Key = "mask", Name = "mask", Circumstances = [new Circumstance.NoTags()],
            Rules = [new DataRule.Masking { Fields = [new ColumnSelector.Named("ssn")], Function = new MaskFunction.Null() }],
        };
        var access = new AccessCompiler([open, mask]).Compile(Table(["Open"], ["Open"]));
        access.Read.ShouldBe(AccessRule.Nobody);
        access.Masks.Count.ShouldBe(1);
    }

    private static ObjectAccess Access(string mode, bool vanished)
    {
        var policy = new SubscriptionPolicy
        {
            Key = "sales", Name = "sales", Kind = SubscriptionKind.Anyone, Circumstances = [new Circumstance.Tagged("Sales")],
            Mode = mode switch { "shared" => SubscriptionMode.Shared, "required" => SubscriptionMode.Required, _ => SubscriptionMode.Guardrail },
        };
        return new AccessCompiler([policy]).Compile(Table(["Sales"], vanished ? ["Sales"] : []));
    }

    private static GovernedObject Table(ValueList<string> tags, ValueList<string> vanished) => new()
    {
        Path = new ObjectPath("c", "d", "s", "t"), Kind = ObjectKind.Table, Tags = tags, VanishedTags = vanished, Columns = [new GovernedColumn("ssn", "text", [], ColumnFamily.Text)],
    };

    private static GovernedObject Vanish(GovernedObject target, Random dice) => target with
    {
        VanishedTags = target.Tags.Where(_ => dice.Next(2) == 0).ToValueList(),
        Columns = target.Columns.Select(c => c with { VanishedTags = c.Tags.Where(_ => dice.Next(3) == 0).ToValueList() }).ToValueList(),
    };

    private static bool IsLetIn(AudienceIndex people, ObjectAccess access, string person, Subscriptions held) =>
        people.Holds(access.Read.Normal, person, Subscriptions.None) || (access.ReadBySubscription is { } rule && people.Holds(rule, person, held));

    private static void ShouldBeAmong(AudienceIndex people, AccessRule few, AccessRule many, string about) =>
        people.MembersOf(few).Except(people.MembersOf(many)).ShouldBeEmpty(about);
}
