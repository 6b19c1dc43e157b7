using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Sluice.Storage.Connections;

namespace Sluice.Storage.QueryAudit;

/// <summary>How far one of a connection's sources was taken.</summary>
internal sealed class QueryFeedRow
{
    public Guid ConnectionId { get; set; }
    public string Source { get; set; } = "";

    /// <summary>Nothing before it is wanted: the connection was registered then, or what is older was deleted for its age.</summary>
    public DateTimeOffset Since { get; set; }
    public DateTimeOffset Watermark { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<QueryFeedRow>
    {
        public void Configure(EntityTypeBuilder<QueryFeedRow> builder)
        {
            builder.ToTable("query_feeds").HasKey(f => new { f.ConnectionId, f.Source });
            builder.HasOne<ConnectionRow>().WithMany().HasForeignKey(f => f.ConnectionId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
