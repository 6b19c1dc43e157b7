using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Audit;

internal sealed class AuditCheckpointRow
{
    public string Stream { get; set; } = "";
    public long Sequence { get; set; }
    public byte[] Mac { get; set; } = [];
    public long Count { get; set; }
    public DateTimeOffset Time { get; set; }
    public string KeyId { get; set; } = "";
    public byte[] Signature { get; set; } = [];

    internal sealed class Shape : IEntityTypeConfiguration<AuditCheckpointRow>
    {
        public void Configure(EntityTypeBuilder<AuditCheckpointRow> builder) =>
            builder.ToTable("audit_checkpoints").HasKey(c => new { c.Stream, c.Sequence });
    }
}
