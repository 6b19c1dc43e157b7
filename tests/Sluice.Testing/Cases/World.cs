using System.Text;
using Sluice.Core.Access;
using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Testing.Naive;

namespace Sluice.Testing.Cases;

/// <summary>A small world: people, tables with their data, policies and subscriptions at one moment.</summary>
public sealed record World
{
    public required PeopleSnapshot People { get; init; }

    /// <summary>Active and inactive ones.</summary>
    public required ValueList<CaseTable> Tables { get; init; }

    /// <summary>By key, staged ones included.</summary>
    public required ValueList<Policy> Policies { get; init; }

    public required ValueList<Subscription> Subscriptions { get; init; }

    /// <summary>Everybody has one.</summary>
    public required ValueList<CaseIdentity> Identities { get; init; }

    public required DateTimeOffset Now { get; init; }

    public UnregisteredBehaviour Unregistered { get; init; }

    /// <summary>The salt of the hash masks.</summary>
    public string Salt { get; init; } = "pepper";

    /// <summary>The active objects: what policies are about.</summary>
    public IReadOnlyList<GovernedObject> Governed => [.. Tables.Where(t => t.IsActive).Select(t => t.Object)];

    /// <summary>Every cell of every active table.</summary>
    public IEnumerable<(GovernedObject Object, string Column, IReadOnlyList<object?> Row)> Cells() =>
        from table in Tables
        where table.IsActive
        from row in table.Rows
        from column in table.Object.Columns
        select (table.Object, column.Name, (IReadOnlyList<object?>)row);

    /// <summary>The identities with the people themselves.</summary>
    public IReadOnlyList<IdentityHolders> Holders() =>
        [.. Identities.Select(i => new IdentityHolders(i.Name, i.PersonIds.Select(id => People.People.Single(p => p.Id == id)).ToValueList()))];

    /// <summary>The reference evaluator of this case.</summary>
    public NaiveEvaluator Naive(string? technology = null) => new(Policies, People, Subscriptions, Now, Unregistered, technology);

    /// <summary>Everything but the data, a line each: what a failed test shows.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().AppendLine($"at {Now:O}, unregistered: {Unregistered}");
        foreach (var person in People.People)
        {
            text.AppendLine($"{person.Id} {person.Username} source={person.Source} enabled={person.IsEnabled} "
                + $"groups=[{string.Join(", ", person.Groups.Order(StringComparer.Ordinal))}] "
                + $"attributes=[{string.Join(", ", person.Attributes.Select(a => $"{a.Name}={a.Value}").Order(StringComparer.Ordinal))}]");
        }

        foreach (var table in Tables)
        {
            text.AppendLine($"{table.Object.Path} active={table.IsActive} tags={table.Object.Tags} {table.Rows.Count} rows of "
                + string.Join(", ", table.Object.Columns.Select(c => $"{c.Name} {c.Type} {c.Tags}")));
        }

        foreach (var policy in Policies) text.AppendLine(policy.ToString());
        foreach (var subscription in Subscriptions) text.AppendLine(subscription.ToString());
        foreach (var identity in Identities) text.AppendLine(identity.ToString());
        return text.ToString();
    }
}
