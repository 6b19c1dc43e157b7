using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Cluster;

internal sealed class ClusterMemberRow
{
    public string ClusterId { get; set; } = "";
    public string SiloAddress { get; set; } = "";
    public string Entry { get; set; } = "";
    public long ETag { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<ClusterMemberRow>
    {
        public void Configure(EntityTypeBuilder<ClusterMemberRow> builder)
        {
            builder.ToTable("cluster_members").HasKey(m => new { m.ClusterId, m.SiloAddress });
            builder.Property(m => m.ETag).HasColumnName("etag");
        }
    }
}
