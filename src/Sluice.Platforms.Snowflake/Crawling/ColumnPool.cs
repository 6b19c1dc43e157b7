using Sluice.Core.Catalog;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>Makes columns of the parts that Information Schema has them in; the same column for the same parts.</summary>
internal sealed class ColumnPool : TextPool
{
    private readonly PrintedType?[] _types = new PrintedType?[Slots];

    /// <summary>A column of pooled parts, as a row of <see cref="CatalogQueries"/> has them after schema and table.</summary>
    public DiscoveredColumn OfRow(ReadOnlySpan<string?> parts)
    {
        var type = parts[1] ?? "";
        var (size, scale) = ColumnTypes.SizeOf(type, length: type == "BINARY" ? parts[3] : parts[2], precision: parts[4], scale: parts[5], fraction: parts[6]);
        ref var slot = ref _types[Slot(type, size, scale, false)];
        if (slot is not { } printed || !ReferenceEquals(printed.Type, type) || printed.Size != size || printed.Scale != scale)
            slot = printed = new PrintedType(type, size, scale, ColumnTypes.Print(type, size, scale));
        return Column(parts[0]!, printed.Text, string.IsNullOrEmpty(parts[7]) ? null : parts[7]);
    }

    private sealed record PrintedType(string Type, string? Size, string? Scale, string Text);
}
