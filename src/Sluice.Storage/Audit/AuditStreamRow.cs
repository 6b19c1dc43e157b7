using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Audit;

/// <summary>Where a stream ends. Its lock is the turn to append.</summary>
internal sealed class AuditStreamRow
{
    public string Stream { get; set; } = "";
    public long Sequence { get; set; }
    public byte[] Mac { get; set; } = [];

    /// <summary>The last row that was deleted for its age; 0: none.</summary>
    public long PrunedThrough { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<AuditStreamRow>
    {
        public void Configure(EntityTypeBuilder<AuditStreamRow> builder) => builder.ToTable("audit_streams").HasKey(s => s.Stream);
    }
}
