using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Sluice.Core.Policies;

namespace Sluice.Storage.Subscriptions;

internal sealed class AccessRequestRow
{
    public Guid Id { get; set; }
    public string PersonId { get; set; } = "";
    public long ObjectId { get; set; }
    public AccessKind Access { get; set; }
    public string? Reason { get; set; }
    public AccessRequestState State { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When the access that is asked for ends.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>A JSON list of approvals given.</summary>
    public string Approvals { get; set; } = "[]";
    public DateTimeOffset? DecidedAt { get; set; }
    public string? DecidedById { get; set; }
    public string? DecidedByName { get; set; }
    public string? Answer { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<AccessRequestRow>
    {
        public void Configure(EntityTypeBuilder<AccessRequestRow> builder)
        {
            builder.ToTable("access_requests").HasKey(r => r.Id);
            builder.Property(r => r.Id).ValueGeneratedNever();
            builder.HasIndex(r => r.ObjectId);
            builder.HasIndex(r => r.PersonId);
        }
    }
}
