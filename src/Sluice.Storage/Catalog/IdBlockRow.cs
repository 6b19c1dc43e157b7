using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Catalog;

/// <summary>The next free id of a kind of rows. Ids are given out in blocks before the rows exist, and never twice.</summary>
internal sealed class IdBlockRow
{
    public const string Objects = "data_objects";

    public string Name { get; set; } = "";
    public long Next { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<IdBlockRow>
    {
        public void Configure(EntityTypeBuilder<IdBlockRow> builder)
        {
            builder.ToTable("id_blocks").HasKey(b => b.Name);
            builder.HasData(new IdBlockRow { Name = Objects, Next = 1 });
        }
    }
}
