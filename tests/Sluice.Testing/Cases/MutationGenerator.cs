using CsCheck;
using Sluice.Core.People;
using Sluice.Core.Policies;

namespace Sluice.Testing.Cases;

/// <summary>Changes a world in one place, as an administrator, a directory or a crawl would.</summary>
public sealed class MutationGenerator(CaseOptions? options = null) : Gen<Mutation>
{
    private readonly CaseOptions _options = options ?? new CaseOptions();
    private readonly CaseGenerator _cases = new(options);

    /// <summary>A change of the case of a seed, always the same.</summary>
    public Mutation Of(uint seed) => Mutate(_cases.Of(seed), seed);

    /// <summary>A change of a case, the same for the same seed: for a row of changes.</summary>
    public Mutation Mutate(World before, uint seed) => Mutate(before, new Dice(new PCG(2, seed)));

    /// <inheritdoc/>
    public override Mutation Generate(PCG pcg, Size? min, out Size size) => Mutate(_cases.Generate(pcg, min, out size), new Dice(pcg));

    private Mutation Mutate(World before, Dice dice)
    {
        // A way that has nothing to change (no policy to remove, no subscription to end) gives its turn to another.
        while (true)
        {
            if (Attempt(before, dice) is { } mutation) return mutation;
        }
    }

    private Mutation? Attempt(World before, Dice dice) => dice.Between(1, 13) switch
    {
        1 or 2 => AddPolicy(before, dice),
        3 => ChangePolicy(before, dice, "removed", _ => null),
        4 => ChangePolicy(before, dice, "changed", policy => Policies(before, dice).Policy(policy.Key)),
        5 => ChangePolicy(before, dice, "staged or unstaged", policy => policy with { IsStaged = !policy.IsStaged }),
        6 => ChangePerson(before, dice, "attributes", person => person with { Attributes = new PeopleCases(dice, _options).Attributes() }),
        7 => ChangePerson(before, dice, "groups", person => person with { Groups = new PeopleCases(dice, _options).Groups() }),
        8 => ChangePerson(before, dice, "disabled or enabled", person => person with { IsEnabled = !person.IsEnabled }),
        9 => ChangeTable(before, dice, "tag", table => table with { Object = table.Object with { Tags = Toggled(table.Object.Tags, dice.From(Vocabulary.ObjectTags)) } }),
        10 => ChangeTable(before, dice, "a column's tag", table => WithColumnTag(table, dice)),
        11 => ChangeTable(before, dice, "activated or deactivated", table => table with { IsActive = !table.IsActive }),
        12 => AddSubscription(before, dice),
        _ => Expire(before, dice),
    };

    private PolicyCases Policies(World before, Dice dice) => new(dice, _options, before.Tables);

    private Mutation AddPolicy(World before, Dice dice)
    {
        var policy = Policies(before, dice).Policy(PolicyCases.FreeKey(before.Policies));
        return new Mutation($"policy added: {policy}", before, before with { Policies = [.. before.Policies, policy] });
    }

    private static Mutation? ChangePolicy(World before, Dice dice, string what, Func<Policy, Policy?> change)
    {
        if (before.Policies.Count == 0) return null;
        var old = dice.From(before.Policies);
        var changed = change(old);
        var after = before.Policies.SelectMany(p => p.Key != old.Key ? [p] : changed is null ? Array.Empty<Policy>() : [changed]).ToValueList();
        return new Mutation($"policy {old.Key} {what}: {changed}", before, before with { Policies = after });
    }

    private static Mutation ChangePerson(World before, Dice dice, string what, Func<Person, Person> change)
    {
        var old = dice.From(before.People.People);
        var after = before.People with { People = [.. before.People.People.Select(p => p.Id == old.Id ? change(p) : p)] };
        return new Mutation($"{old.Username}: {what}", before, before with { People = after });
    }

    private static Mutation ChangeTable(World before, Dice dice, string what, Func<CaseTable, CaseTable> change)
    {
        var old = dice.From(before.Tables);
        return new Mutation($"{old.Object.Path}: {what}", before, before with { Tables = before.Tables.Select(t => t == old ? change(t) : t).ToValueList() });
    }

    private CaseTable WithColumnTag(CaseTable table, Dice dice)
    {
        var changed = dice.From(table.Object.Columns);
        var tag = new TableCases(dice, _options).ColumnTag(changed.Name);
        var columns = table.Object.Columns.Select(c => c == changed ? c with { Tags = Toggled(c.Tags, tag) } : c).ToValueList();
        return table with { Object = table.Object with { Columns = columns } };
    }

    private static ValueList<string> Toggled(ValueList<string> tags, string tag) =>
        (tags.Contains(tag) ? tags.Where(t => t != tag) : tags.Append(tag).Order(StringComparer.Ordinal)).ToValueList();

    private static Mutation AddSubscription(World before, Dice dice)
    {
        var subscription = CaseGenerator.Subscription(dice, before.People, before.Tables);
        return new Mutation($"subscription added: {subscription}", before, before with { Subscriptions = [.. before.Subscriptions, subscription] });
    }

    private static Mutation? Expire(World before, Dice dice)
    {
        if (before.Subscriptions.Count == 0) return null;
        var old = dice.Between(0, before.Subscriptions.Count - 1);
        var after = before.Subscriptions.Select((s, i) => i == old ? s with { ExpiresAt = before.Now } : s).ToValueList();
        return new Mutation($"subscription expired: {before.Subscriptions[old]}", before, before with { Subscriptions = after });
    }
}
