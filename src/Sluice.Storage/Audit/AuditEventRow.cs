using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Audit;

internal sealed class AuditEventRow
{
    public string Stream { get; set; } = "";
    public long Sequence { get; set; }
    public DateTimeOffset Time { get; set; }
    public string ActorId { get; set; } = "";
    public string ActorName { get; set; } = "";
    public string Action { get; set; } = "";

    /// <summary>A JSON list of names.</summary>
    public string? ObjectPath { get; set; }
    public string? Person { get; set; }

    /// <summary>Text rather than the database's own JSON: the MAC covers what was written, to the letter.</summary>
    public string Details { get; set; } = "";
    public string? BulkId { get; set; }
    public string? PlanId { get; set; }
    public string KeyId { get; set; } = "";
    public byte[] Mac { get; set; } = [];

    internal sealed class Shape : IEntityTypeConfiguration<AuditEventRow>
    {
        public void Configure(EntityTypeBuilder<AuditEventRow> builder)
        {
            builder.ToTable("audit_events").HasKey(e => new { e.Stream, e.Sequence });
            builder.HasIndex(e => e.Time);
        }
    }
}
