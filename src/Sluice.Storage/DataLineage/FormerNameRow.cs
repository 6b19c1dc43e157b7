using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Sluice.Storage.Catalog;

namespace Sluice.Storage.DataLineage;

/// <summary>A path that an object had: what a platform tells late of it is meant of the object.</summary>
internal sealed class FormerNameRow
{
    public Guid ConnectionId { get; set; }

    /// <summary>A JSON list of names.</summary>
    public string Path { get; set; } = "";
    public long ObjectId { get; set; }

    /// <summary>When a crawl found it under another.</summary>
    public DateTimeOffset Until { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<FormerNameRow>
    {
        public void Configure(EntityTypeBuilder<FormerNameRow> builder)
        {
            builder.ToTable("former_names").HasKey(n => new { n.ConnectionId, n.Path, n.ObjectId });
            builder.HasOne<ObjectRow>().WithMany().HasForeignKey(n => n.ObjectId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
