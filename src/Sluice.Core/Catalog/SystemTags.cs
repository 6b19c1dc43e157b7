namespace Sluice.Core.Catalog;

/// <summary>Tags that Sluice itself sets.</summary>
public static class SystemTags
{
    /// <summary>On new tables, new columns and columns whose type changed, until a governor or data owner clears it.</summary>
    public const string DiscoveredNew = "Discovered.New";
}
