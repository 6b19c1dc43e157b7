using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Plans;

internal sealed class RemovedGrantRow
{
    public Guid Id { get; set; }
    public Guid ConnectionId { get; set; }
    public Guid PlanId { get; set; }

    /// <summary>The object's path, as a JSON list of names.</summary>
    public string ObjectPath { get; set; } = "";
    public string Grantee { get; set; } = "";
    public string Privilege { get; set; } = "";
    public string Restore { get; set; } = "";
    public string? MadeBy { get; set; }
    public DateTimeOffset RemovedAt { get; set; }
    public DateTimeOffset? RestoredAt { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<RemovedGrantRow>
    {
        public void Configure(EntityTypeBuilder<RemovedGrantRow> builder)
        {
            builder.ToTable("removed_grants").HasKey(g => g.Id);
            builder.Property(g => g.Id).ValueGeneratedNever();
            builder.HasIndex(g => new { g.ConnectionId, g.RemovedAt });
        }
    }
}
