using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Sluice.Storage.Catalog;

namespace Sluice.Storage.DataLineage;

/// <summary>A tag that data brought to an object or column.</summary>
internal sealed class LineageTagRow
{
    public long ObjectId { get; set; }

    /// <summary>Empty for the object itself.</summary>
    public string ColumnName { get; set; } = "";
    public string Tag { get; set; } = "";

    /// <summary>Where it was given: a JSON list of names.</summary>
    public string OriginPath { get; set; } = "";

    /// <summary>Empty for the object itself.</summary>
    public string OriginColumn { get; set; } = "";

    internal sealed class Shape : IEntityTypeConfiguration<LineageTagRow>
    {
        public void Configure(EntityTypeBuilder<LineageTagRow> builder)
        {
            builder.ToTable("lineage_tags").HasKey(t => new { t.ObjectId, t.ColumnName, t.Tag, t.OriginPath, t.OriginColumn });
            builder.Property(t => t.ObjectId).ValueGeneratedNever();
            builder.HasOne<ObjectRow>().WithMany().HasForeignKey(t => t.ObjectId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
