using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Catalog;

/// <summary>When the last finished crawl of an object as its scope ended. An object was last crawled at the latest of its own and those above.</summary>
internal sealed class ObjectSyncRow
{
    public long ObjectId { get; set; }
    public DateTimeOffset FinishedAt { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<ObjectSyncRow>
    {
        public void Configure(EntityTypeBuilder<ObjectSyncRow> builder)
        {
            builder.ToTable("object_syncs").HasKey(s => s.ObjectId);
            builder.Property(s => s.ObjectId).ValueGeneratedNever();
        }
    }
}
