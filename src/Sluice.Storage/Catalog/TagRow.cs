using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Catalog;

internal sealed class TagRow
{
    public long ObjectId { get; set; }

    /// <summary>From 0: a column's name can be null, so it can't be part of the key.</summary>
    public int Position { get; set; }
    public string? ColumnName { get; set; }

    /// <summary>The dotted tag it is: <c>key</c>, or <c>key.value</c>.</summary>
    public string Name { get; set; } = "";
    public string Key { get; set; } = "";
    public string Value { get; set; } = "";
    public bool Inherited { get; set; }

    /// <summary>Who says so: <c>platform</c>.</summary>
    public string Source { get; set; } = "";

    internal sealed class Shape : IEntityTypeConfiguration<TagRow>
    {
        public void Configure(EntityTypeBuilder<TagRow> builder) =>
            builder.ToTable("object_tags").HasKey(t => new { t.ObjectId, t.Position });
    }
}
