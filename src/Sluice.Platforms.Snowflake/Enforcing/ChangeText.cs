using Sluice.Core.Planning;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>What a change comes to, as a person reads it in a plan. What is in Sluice's own database stands there without the database's name.</summary>
internal static class ChangeText
{
    /// <summary>The statements of a change.</summary>
    public static IReadOnlyList<string> Of(Change change, InstanceMark mark)
    {
        var (key, isRemoved) = (change.Key, change.Verb == ChangeVerb.Remove);
        return key.Kind switch
        {
            FactKind.Audience => [isRemoved ? Statements.DropRole(key.Subject) : Statements.CreateRole(key.Subject, mark.Comment)],
            FactKind.Member => [isRemoved ? Statements.RemoveMember(key.Subject, key.Detail) : Statements.AddMember(key.Subject, key.Detail)],
            FactKind.Grant or FactKind.Support when key.Object is { } path => OfGrant(change, path),
            FactKind.Support when key.Detail == PolicyText.Detail => [OfPolicy(change, mark)],
            FactKind.Support when key.Detail == CallingFunction.Detail => [CallingFunction.StatementOf(change, NativeNames.Shown.Function(key.Subject), mark)],
            FactKind.Support when key.Detail.Length == 0 => OfSupport(isRemoved, mark),
            FactKind.Support or FactKind.Exemption or FactKind.Entitlement => [PeopleWriter.Describe(change)],
            FactKind.Mask => [OfMask(change)],
            FactKind.RowRule => [OfRows(change)],
            _ => throw new ArgumentException($"A change of {key.Kind} is none of Snowflake's.", nameof(change)),
        };
    }

    private static IReadOnlyList<string> OfGrant(Change change, Core.Catalog.ObjectPath path)
    {
        var privilege = Privilege.Parse(change.Key.Detail);
        return change.Verb switch
        {
            ChangeVerb.Remove => [Statements.Revoke(path, [privilege], change.Key.Subject, Statements.IsPassedOn(change))],
            ChangeVerb.Replace => [Statements.WithoutGrantOption(path, privilege, change.Key.Subject)],
            _ => [change.Restore is null ? Statements.Grant(path, [privilege], change.Key.Subject) : KeptGrant.Of(change.Key, change.Definition)],
        };
    }

    private static string OfPolicy(Change change, InstanceMark mark)
    {
        var (kind, name) = (NativeNames.KindOf(change.Key.Subject), Policy(change.Key.Subject));
        return change.Verb switch
        {
            ChangeVerb.Remove => Statements.DropPolicy(kind, name),
            ChangeVerb.Replace => Statements.SetBody(kind, name, BodyOf(change.Definition)),
            _ => Statements.CreatePolicy(kind, name, change.Definition, mark.Comment),
        };
    }

    private static IReadOnlyList<string> OfSupport(bool isRemoved, InstanceMark mark)
    {
        var support = new Support(NativeNames.Shown);
        return isRemoved ? support.Drop : [.. support.Make(mark), support.PutSalt];
    }

    private static string OfMask(Change change)
    {
        var of = Statements.Altered(change.Key);
        if (change.Verb == ChangeVerb.Remove) return Statements.Unmask(of, change.Key.Subject);
        var (policy, columns) = SetPolicy.Read(change.Definition);
        return Statements.Mask(of, change.Key.Subject, Policy(policy), columns, change.Verb == ChangeVerb.Replace);
    }

    private static string OfRows(Change change)
    {
        var of = Statements.Altered(change.Key);
        var (policy, columns) = SetPolicy.Read(change.Definition);
        return change.Verb == ChangeVerb.Remove
            ? Statements.Unfilter(of, Policy(policy))
            : Statements.Filter(of, change.Verb == ChangeVerb.Replace ? "<the one before>" : null, Policy(policy), columns);
    }

    /// <summary>The expression of a policy's text.</summary>
    public static string BodyOf(string text) => text[(text.IndexOf("-> ", StringComparison.Ordinal) + 3)..];

    private static string Policy(string name) => NativeNames.Shown.Policy(name);
}
