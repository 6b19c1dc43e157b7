using System.Text;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>The requests and statements of a change as a person reads them in a plan. Many that are alike travel together; each is shown by itself.</summary>
internal static class ChangeText
{
    // A plan doesn't say which catalog is Sluice's, nor what kind of table one is: the statement has another word for some.
    private static readonly OwnCatalog Own = new("<catalog>");

    /// <summary>The requests and statements.</summary>
    public static IReadOnlyList<string> Of(Change change, InstanceMark mark) => change.Key.Kind switch
    {
        FactKind.Grant => [Permissions(change)],
        FactKind.Audience => [Group(change, new GroupMark(mark))],
        FactKind.Member => [Members(change)],
        _ when PeopleWriter.IsOfPeople(change) => [PeopleWriter.StatementOf(Own, [change])],
        FactKind.Support => RuleWriter.StatementsOf(Own, mark, change),
        FactKind.Mask or FactKind.RowRule => [RuleWriter.StatementOf(Own, change, ObjectKind.Table)],
        _ => throw new ArgumentException($"A change of {change.Key.Kind} is none of Databricks'.", nameof(change)),
    };

    // A plan doesn't know ids of the account: names stand in their place.
    private static string Group(Change change, GroupMark mark)
    {
        var name = change.Key.Subject;
        return change.Verb == ChangeVerb.Remove
            ? $"DELETE {DirectoryClient.OfAccount}/Groups/<{name}>"
            : $"POST {DirectoryClient.OfAccount}/Groups {Encoding.UTF8.GetString(AccountGroupsClient.CreateBody(name, mark.Of(name)))}";
    }

    private static string Members(Change change)
    {
        string[] who = [change.Key.Detail];
        var body = change.Verb == ChangeVerb.Remove ? AccountGroupsClient.MembersBody([], who) : AccountGroupsClient.MembersBody(who, []);
        return $"PATCH {DirectoryClient.OfAccount}/Groups/<{change.Key.Subject}> {Encoding.UTF8.GetString(body)}";
    }

    private static string Permissions(Change change)
    {
        var securable = Places.SecurableOf(change.Key.Object!);
        return $"PATCH /api/2.1/unity-catalog/permissions/{securable.Type}/{securable.Name} {Encoding.UTF8.GetString(GrantsClient.BodyOf([GrantWriter.ChangeOf(change.Key.Subject, [change])]))}";
    }
}
