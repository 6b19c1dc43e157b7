using Sluice.Core.Planning;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>What Unity Catalog can't do on an object, and so is left to those who are exempt from it.</summary>
internal static class Unenforced
{
    /// <summary>The masks and row rules that can't be put on an object.</summary>
    public static IEnumerable<Narrowing> Of(IntendedObject item)
    {
        foreach (var rule in item.Access.RowRules)
            yield return new Narrowing(rule.Exempt, $"cannot enforce the row rule of {rule.PolicyKey}: only those who are exempt from it are granted the object, to read or to write");
        foreach (var mask in item.Access.Masks)
            yield return new Narrowing(mask.Exempt, $"cannot enforce the mask of {mask.PolicyKey} on column {mask.Column}: only those who are exempt from it are granted the object, to read or to write");
    }
}
