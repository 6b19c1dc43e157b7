using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Plans;

internal sealed class PlanRow
{
    public Guid Id { get; set; }
    public Guid ConnectionId { get; set; }
    public PlanState State { get; set; }
    public string? StateReason { get; set; }

    /// <summary>What the plan was computed from and leads to; a plan that is computed again and has another digest is another plan.</summary>
    public byte[] Digest { get; set; } = [];
    public long AccessRevision { get; set; }
    public int ChangeCount { get; set; }

    /// <summary>The plan as JSON text.</summary>
    public string Document { get; set; } = "";
    public DateTimeOffset CreatedAt { get; set; }
    public string CreatedById { get; set; } = "";
    public string CreatedByName { get; set; } = "";
    public DateTimeOffset? EndedAt { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<PlanRow>
    {
        public void Configure(EntityTypeBuilder<PlanRow> builder)
        {
            builder.ToTable("plans").HasKey(p => p.Id);
            builder.Property(p => p.Id).ValueGeneratedNever();
            builder.HasIndex(p => new { p.ConnectionId, p.CreatedAt });
        }
    }
}
