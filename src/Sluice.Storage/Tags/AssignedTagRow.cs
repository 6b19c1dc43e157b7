using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Tags;

/// <summary>A tag that somebody gave to an object or a column here; the platform's own are beside it in <c>object_tags</c>.</summary>
internal sealed class AssignedTagRow
{
    public long ObjectId { get; set; }

    /// <summary>Empty for the object itself.</summary>
    public string ColumnName { get; set; } = "";
    public string Tag { get; set; } = "";
    public DateTimeOffset AssignedAt { get; set; }
    public string AssignedById { get; set; } = "";
    public string AssignedByName { get; set; } = "";

    internal sealed class Shape : IEntityTypeConfiguration<AssignedTagRow>
    {
        public void Configure(EntityTypeBuilder<AssignedTagRow> builder)
        {
            builder.ToTable("assigned_tags").HasKey(t => new { t.ObjectId, t.ColumnName, t.Tag });
            builder.HasIndex(t => t.Tag);
        }
    }
}
