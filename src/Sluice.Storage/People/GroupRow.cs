using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.People;

internal sealed class GroupRow
{
    public Guid Id { get; set; }

    /// <summary>Empty: kept here. Not null, for a unique index takes two nulls for two values.</summary>
    public string Source { get; set; } = "";
    public string Name { get; set; } = "";
    public string? ExternalId { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
    public long Revision { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<GroupRow>
    {
        public void Configure(EntityTypeBuilder<GroupRow> builder)
        {
            builder.ToTable("people_groups").HasKey(g => g.Id);
            builder.Property(g => g.Id).ValueGeneratedNever();
            builder.HasIndex(g => new { g.Source, g.Name }).IsUnique();
        }
    }
}

internal sealed class GroupMemberRow
{
    public Guid GroupId { get; set; }
    public Guid MemberId { get; set; }
    public bool IsGroup { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<GroupMemberRow>
    {
        public void Configure(EntityTypeBuilder<GroupMemberRow> builder)
        {
            builder.ToTable("group_members").HasKey(m => new { m.GroupId, m.MemberId });
            builder.HasIndex(m => m.MemberId);
        }
    }
}
