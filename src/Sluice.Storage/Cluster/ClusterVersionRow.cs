using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Cluster;

internal sealed class ClusterVersionRow
{
    public string ClusterId { get; set; } = "";
    public int Version { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<ClusterVersionRow>
    {
        public void Configure(EntityTypeBuilder<ClusterVersionRow> builder) => builder.ToTable("cluster_versions").HasKey(v => v.ClusterId);
    }
}
