using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.People;

internal sealed class PersonAttributeRow
{
    public Guid PersonId { get; set; }
    public string Name { get; set; } = "";
    public string Value { get; set; } = "";

    /// <summary>Empty: kept here.</summary>
    public string Source { get; set; } = "";
    public DateTimeOffset? ExpiresAt { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<PersonAttributeRow>
    {
        public void Configure(EntityTypeBuilder<PersonAttributeRow> builder)
        {
            builder.ToTable("person_attributes").HasKey(a => new { a.PersonId, a.Name, a.Value, a.Source });
            builder.HasIndex(a => new { a.Name, a.Source });
            builder.HasIndex(a => a.ExpiresAt);
        }
    }
}
