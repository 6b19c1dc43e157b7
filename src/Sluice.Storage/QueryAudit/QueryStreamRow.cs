using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.QueryAudit;

/// <summary>The number of the last query event of a connection: numbers are never given twice, though all events be deleted.</summary>
internal sealed class QueryStreamRow
{
    public Guid ConnectionId { get; set; }
    public long Sequence { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<QueryStreamRow>
    {
        public void Configure(EntityTypeBuilder<QueryStreamRow> builder)
        {
            builder.ToTable("query_streams").HasKey(s => s.ConnectionId);
            builder.Property(s => s.ConnectionId).ValueGeneratedNever();
        }
    }
}
