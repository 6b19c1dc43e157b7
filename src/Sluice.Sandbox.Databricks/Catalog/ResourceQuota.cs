namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>How much of a limit is used: children of one kind in one parent.</summary>
/// <param name="ParentType">METASTORE, CATALOG or SCHEMA.</param>
/// <param name="ParentName">The full name; of the metastore the id.</param>
/// <param name="Child">table, schema, …: the quota's name is this and -quota.</param>
/// <param name="Count">As many there are.</param>
/// <param name="Limit">As many there may be.</param>
internal sealed record ResourceQuota(string ParentType, string ParentName, string Child, int Count, int Limit)
{
    public string Name => $"{Child}-quota";
}
