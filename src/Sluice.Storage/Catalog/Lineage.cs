namespace Sluice.Storage.Catalog;

/// <summary>The ids from a root to a row, each followed by <c>/</c>. A subtree is one range of an index: never a walk from row to row.</summary>
internal static class Lineage
{
    /// <summary>Rows at and below, among rows called <c>o</c>, for the parameters of <see cref="Range"/>.</summary>
    public const string AtAndBelow = "o.lineage >= @from AND o.lineage < @to";

    /// <summary>Rows below, among rows called <c>o</c>.</summary>
    public const string Below = "o.lineage > @from AND o.lineage < @to";

    public static (string Name, object? Value)[] Range(string lineage) => [("@from", lineage), ("@to", End(lineage))];

    /// <summary>The first text after everything that begins with a lineage: <c>0</c> follows <c>/</c>.</summary>
    public static string End(string lineage) => string.Concat(lineage.AsSpan(0, lineage.Length - 1), "0");

    /// <summary>The ids, the root's first.</summary>
    public static long[] Ids(string lineage) =>
        Array.ConvertAll(lineage.Split('/', StringSplitOptions.RemoveEmptyEntries), long.Parse);
}
