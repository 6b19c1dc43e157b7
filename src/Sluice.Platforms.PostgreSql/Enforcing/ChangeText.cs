using Sluice.Core.Planning;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>What a change comes to, as a person reads it in a plan. What is done besides depends on what is there at that moment.</summary>
internal static class ChangeText
{
    // A plan is shown before a server is asked; from 16 on the statement has an option more.
    private const int AnyVersion = 0;

    /// <summary>The statements of a change.</summary>
    public static IReadOnlyList<string> Of(Change change, InstanceMark mark)
    {
        var (key, isRemoved) = (change.Key, change.Verb == ChangeVerb.Remove);
        return key.Kind switch
        {
            FactKind.Audience when isRemoved => [Statements.DropRole(key.Subject)],
            FactKind.Audience when change.Verb == ChangeVerb.Replace => [Statements.ResetRole(key.Subject)],
            FactKind.Audience => Statements.CreateRole(key.Subject, mark),
            FactKind.Member when isRemoved => [Statements.RemoveMember(key.Subject, key.Detail)],
            FactKind.Member => [Statements.AddMember(key.Subject, key.Detail, AnyVersion)],
            FactKind.Grant when isRemoved => [Statements.Revoke(key.Object!, Privilege.Parse(key.Detail), key.Subject)],
            FactKind.Grant when change.Verb == ChangeVerb.Replace => [Statements.WithoutGrantOption(key.Object!, Privilege.Parse(key.Detail), key.Subject)],
            FactKind.Grant when change.Restore is { } restore => [restore],
            FactKind.Grant => [Statements.Grant(key.Object!, [Privilege.Parse(key.Detail)], key.Subject)],
            FactKind.Support when key.Detail.Length == 0 => isRemoved ? [.. SupportSchema.Drop, $"DROP SCHEMA {SupportSchema.Name}"] : SupportWriter.Create(mark),
            FactKind.Support or FactKind.Exemption or FactKind.Entitlement => [PeopleWriter.Describe(change)],
            FactKind.Mask => [isRemoved ? MaskedView.Drop(key.Object!) : MaskedView.Create(key.Object!, MaskedView.SelectOf(change.Definition))],
            FactKind.RowRule => OfRule(change, key.Subject, Statements.Table(key.Object!)),
            _ => throw new ArgumentException($"A change of {key.Kind} is none of PostgreSQL's.", nameof(change)),
        };
    }

    private static IReadOnlyList<string> OfRule(Change change, string policy, string table) => (NativeNames.IsBase(policy), change.Verb) switch
    {
        (true, ChangeVerb.Remove) => [$"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", RowRules.Drop(policy, table)],
        (true, _) => [RowRules.CreateBase(policy, table), $"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"],
        (_, ChangeVerb.Remove) => [RowRules.Drop(policy, table)],
        (_, ChangeVerb.Replace) => [RowRules.Drop(policy, table), RowRules.Create(policy, table, change.Definition)],
        _ => [RowRules.Create(policy, table, change.Definition)],
    };
}
