using System.Globalization;
using Sluice.Platforms.Databricks.Enforcing;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Checks;

/// <summary>Watches the limits that Sluice's own things count towards, and warns before they are met.</summary>
internal sealed class LimitChecks(QuotaClient quotas, DirectoryClient account, OwnCatalog own, bool makesGroups, DatabricksOptions options)
{
    private const int WarnFrom = 80;

    /// <summary>Looks at them.</summary>
    public async Task<IReadOnlyList<Check>> RunAsync(CancellationToken cancellationToken)
    {
        List<Task<Check>> checks = [FunctionsAsync(cancellationToken)];
        if (makesGroups) checks.Add(GroupsAsync(cancellationToken));
        return await Task.WhenAll(checks);
    }

    private Task<Check> FunctionsAsync(CancellationToken cancellationToken)
    {
        var schema = $"{own.Name}.{OwnCatalog.FunctionsSchema}";
        return LookAsync(
            $"functions in {schema}", () => quotas.FunctionsOfSchemaAsync(own.Name, OwnCatalog.FunctionsSchema, cancellationToken),
            $"Resource quotas are shown to account admins alone; see the functions of {schema} in Catalog Explorer",
            "Masks and row rules that need a new function can't be made beyond it: ask Databricks for a higher quota, or let policies share masks");
    }

    private Task<Check> GroupsAsync(CancellationToken cancellationToken) => LookAsync(
        "groups in the account", async () => new Quota(await account.CountGroupsAsync(cancellationToken), options.GroupsOfAccount),
        "See in the account console how many groups there are",
        "No group can be made beyond it, be it Sluice's or another: lower settings.groupBudget, or delete groups that nobody needs");

    private static async Task<Check> LookAsync(string name, Func<Task<Quota>> read, string hidden, string near)
    {
        try
        {
            var quota = await read();
            var result = string.Create(CultureInfo.InvariantCulture, $"{quota.Count:N0} of {quota.Limit:N0}");
            return quota.Count * 100 >= quota.Limit * WarnFrom ? Verdicts.Warning(name, result, near) : Verdicts.Passed(name, result);
        }
        catch (PlatformException e) when (Verdicts.IsAnswer(e))
        {
            return e.IsTransient ? Verdicts.NotJustNow(name, e) : Verdicts.Skipped(name, hidden);
        }
    }
}
