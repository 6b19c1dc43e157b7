using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.People;

internal sealed class PersonRow
{
    public Guid Id { get; set; }
    public string Username { get; set; } = "";

    /// <summary>What the name is compared by.</summary>
    public string UsernameKey { get; set; } = "";
    public string DisplayName { get; set; } = "";
    public string? Email { get; set; }
    public string? EmailKey { get; set; }
    public string? Source { get; set; }
    public string? ExternalId { get; set; }
    public bool Enabled { get; set; }
    public PersonKind Kind { get; set; }

    /// <summary>A JSON list of names.</summary>
    public string Permissions { get; set; } = "[]";
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
    public long Revision { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<PersonRow>
    {
        public void Configure(EntityTypeBuilder<PersonRow> builder)
        {
            builder.ToTable("people").HasKey(p => p.Id);
            builder.Property(p => p.Id).ValueGeneratedNever();
            builder.HasIndex(p => p.UsernameKey).IsUnique();
            builder.HasIndex(p => p.EmailKey);
            builder.HasIndex(p => p.ExternalId);
        }
    }
}
