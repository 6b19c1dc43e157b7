using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Catalog;

internal sealed class ColumnRow
{
    public long ObjectId { get; set; }
    public int Position { get; set; }
    public string Name { get; set; } = "";
    public string Type { get; set; } = "";
    public string? NativeId { get; set; }
    public string? Comment { get; set; }
    public bool IsPartitionKey { get; set; }
    public bool DiscoveredNew { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<ColumnRow>
    {
        public void Configure(EntityTypeBuilder<ColumnRow> builder) =>
            builder.ToTable("data_columns").HasKey(c => new { c.ObjectId, c.Position });
    }
}
