using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.QueryAudit;

/// <summary>Somebody who used the identity that ran a statement; several where it is shared.</summary>
internal sealed class QueryEventPersonRow
{
    public Guid ConnectionId { get; set; }
    public long Sequence { get; set; }
    public string PersonId { get; set; } = "";

    /// <summary>As it was then, or when the event was taken.</summary>
    public string Username { get; set; } = "";

    internal sealed class Shape : IEntityTypeConfiguration<QueryEventPersonRow>
    {
        public void Configure(EntityTypeBuilder<QueryEventPersonRow> builder)
        {
            builder.ToTable("query_event_people").HasKey(p => new { p.ConnectionId, p.Sequence, p.PersonId });
            builder.Property(p => p.Sequence).ValueGeneratedNever();
            builder.HasIndex(p => new { p.PersonId, p.ConnectionId, p.Sequence });
            builder.HasIndex(p => new { p.Username, p.ConnectionId, p.Sequence });
        }
    }
}
