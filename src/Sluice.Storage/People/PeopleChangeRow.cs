using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.People;

/// <summary>The revision in which somebody was last changed; they may be gone since. The empty id stands for everybody.</summary>
internal sealed class PeopleChangeRow
{
    public Guid PersonId { get; set; }
    public long Revision { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<PeopleChangeRow>
    {
        public void Configure(EntityTypeBuilder<PeopleChangeRow> builder)
        {
            builder.ToTable("people_changes").HasKey(c => c.PersonId);
            builder.Property(c => c.PersonId).ValueGeneratedNever();
            builder.HasIndex(c => c.Revision);
        }
    }
}

/// <summary>One row: the revision of all people.</summary>
internal sealed class PeopleRevisionRow
{
    public int Id { get; set; }
    public long Revision { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<PeopleRevisionRow>
    {
        public void Configure(EntityTypeBuilder<PeopleRevisionRow> builder)
        {
            builder.ToTable("people_revisions").HasKey(r => r.Id);
            builder.Property(r => r.Id).ValueGeneratedNever();
        }
    }
}
