namespace Sluice.Engine.Callers;

/// <summary>Who may read connections and objects besides their data owners (api.md, "Data API").</summary>
internal static class Reading
{
    private static readonly string[] AnyOf = [Permission.ApplicationAdmin, Permission.Governance, Permission.CreateDataSource];

    public static ReadOnlySpan<string> Permissions => AnyOf;
}
