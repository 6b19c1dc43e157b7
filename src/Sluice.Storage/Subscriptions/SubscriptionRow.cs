using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Sluice.Core.Policies;

namespace Sluice.Storage.Subscriptions;

internal sealed class SubscriptionRow
{
    public Guid Id { get; set; }
    public string PersonId { get; set; } = "";
    public long ObjectId { get; set; }
    public SubscriptionKind Kind { get; set; }
    public AccessKind Access { get; set; }
    public string? Reason { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public string CreatedById { get; set; } = "";
    public string CreatedByName { get; set; } = "";
    public DateTimeOffset? ExpiresAt { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<SubscriptionRow>
    {
        public void Configure(EntityTypeBuilder<SubscriptionRow> builder)
        {
            builder.ToTable("subscriptions").HasKey(s => s.Id);
            builder.Property(s => s.Id).ValueGeneratedNever();
            builder.HasIndex(s => new { s.ObjectId, s.PersonId, s.Kind, s.Access }).IsUnique();
            builder.HasIndex(s => s.PersonId);
            builder.HasIndex(s => s.ExpiresAt);
        }
    }
}
