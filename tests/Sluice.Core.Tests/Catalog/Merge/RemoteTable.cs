using Sluice.Core.Catalog;

namespace Sluice.Core.Tests.Catalog.Merge;

/// <summary>A table as the platform has it: the model's view.</summary>
internal sealed record RemoteTable(string Name, string? NativeId, int Content)
{
    internal DiscoveredObject Discovered() => new()
    {
        Path = new ObjectPath("key", "db", Name),
        Kind = ObjectKind.Table,
        NativeId = NativeId,
        Comment = $"content {Content}",
        LastChanged = $"{Content}",
    };

    /// <summary>Content and id decide it, as they do the fingerprint.</summary>
    internal UInt128 Stamp => Discovered().ChangeStamp!.Value;
}
