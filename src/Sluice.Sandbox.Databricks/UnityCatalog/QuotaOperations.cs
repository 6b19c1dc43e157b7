using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.UnityCatalog;

/// <summary>
/// Resource quotas, from https://docs.databricks.com/api/workspace/resourcequotas: for account admins alone, as
/// https://docs.databricks.com/aws/en/data-governance/unity-catalog/resource-quotas has it. Counts are of the moment they are asked for.
/// </summary>
internal static class QuotaOperations
{
    private const int LargestPage = 100;

    public static void List(Call call)
    {
        Demand(call);
        var all = ResourceQuotas.All(call.State, call.Options.Quotas).Select(quota => KeyValuePair.Create(Key(quota), quota)).OrderBy(entry => entry.Key, StringComparer.Ordinal);
        Paging.Write(call, "quotas", LargestPage, last => Paging.After(all, last), Key, quota => Write(call, quota), alwaysPaged: true);
    }

    public static void Get(Call call)
    {
        Demand(call);
        var kind = RestLookup.Kind(call.Route("parent_securable_type"));
        var at = RestLookup.Find(call.State, kind, call.Route("parent_full_name"));
        var quotas = kind switch
        {
            SecurableKind.Metastore => ResourceQuotas.OfMetastore(call.State, call.Options.Quotas),
            SecurableKind.Catalog => ResourceQuotas.OfCatalog(at.Catalog!, call.Options.Quotas),
            SecurableKind.Schema => ResourceQuotas.OfSchema(at.Catalog!, at.Schema!, call.Options.Quotas),
            _ => [],
        };
        // The command line's page has catalogs-quota for an example, the others table-quota.
        var name = call.Route("quota_name");
        var quota = quotas.FirstOrDefault(quota => name == quota.Name || name == $"{quota.Child}s-quota")
            ?? throw DatabricksException.Missing($"There is no quota {name} of the {kind.ToString().ToLowerInvariant()} {at.FullName}.");
        call.Json.WriteStartObject();
        call.Json.WritePropertyName("quota_info");
        Write(call, quota);
        call.Json.WriteEndObject();
    }

    private static void Write(Call call, ResourceQuota quota)
    {
        call.Json.WriteStartObject();
        call.Json.WriteString("parent_securable_type", quota.ParentType);
        call.Json.WriteString("parent_full_name", quota.ParentName);
        call.Json.WriteString("quota_name", quota.Name);
        call.Json.WriteNumber("quota_count", quota.Count);
        call.Json.WriteNumber("quota_limit", quota.Limit);
        // Seconds since 1970, where the rest of Unity Catalog has milliseconds.
        call.Json.WriteNumber("last_refreshed_at", call.Now / 1000);
        call.Json.WriteEndObject();
    }

    private static string Key(ResourceQuota quota) => $"{quota.ParentType}\n{quota.ParentName}\n{quota.Name}";

    private static void Demand(Call call)
    {
        if (!call.Caller.IsAccountAdmin) throw DatabricksException.Denied("Only account admins can read resource quotas.");
    }
}
