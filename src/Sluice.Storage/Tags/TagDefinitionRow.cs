using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Tags;

/// <summary>A tag that can be given.</summary>
internal sealed class TagDefinitionRow
{
    public string Name { get; set; } = "";
    public string? Description { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public string CreatedById { get; set; } = "";
    public string CreatedByName { get; set; } = "";

    internal sealed class Shape : IEntityTypeConfiguration<TagDefinitionRow>
    {
        public void Configure(EntityTypeBuilder<TagDefinitionRow> builder) => builder.ToTable("tags").HasKey(t => t.Name);
    }
}
