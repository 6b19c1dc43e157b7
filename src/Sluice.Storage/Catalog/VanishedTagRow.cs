using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Catalog;

/// <summary>A tag that a platform no longer has on an object or a column, and that a policy protects by until a governor confirms that it is gone.</summary>
internal sealed class VanishedTagRow
{
    public long ObjectId { get; set; }

    /// <summary>Empty for the object itself.</summary>
    public string ColumnName { get; set; } = "";

    /// <summary>Dotted.</summary>
    public string Tag { get; set; } = "";
    public DateTimeOffset VanishedAt { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<VanishedTagRow>
    {
        public void Configure(EntityTypeBuilder<VanishedTagRow> builder) =>
            builder.ToTable("vanished_tags").HasKey(t => new { t.ObjectId, t.ColumnName, t.Tag });
    }
}
