using System.Text;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>The requests of a change as a person reads them in a plan. Changes of one securable travel in one request; each is shown by itself.</summary>
internal static class ChangeText
{
    /// <summary>The requests.</summary>
    public static IReadOnlyList<string> Of(Change change) => change.Key.Kind switch
    {
        FactKind.Grant => [Permissions(change)],
        _ => throw new ArgumentException($"A change of {change.Key.Kind} is none of Databricks'.", nameof(change)),
    };

    private static string Permissions(Change change)
    {
        var securable = Places.SecurableOf(change.Key.Object!);
        return $"PATCH /api/2.1/unity-catalog/permissions/{securable.Type}/{securable.Name} {Encoding.UTF8.GetString(GrantsClient.BodyOf([GrantWriter.ChangeOf(change.Key.Subject, [change])]))}";
    }
}
