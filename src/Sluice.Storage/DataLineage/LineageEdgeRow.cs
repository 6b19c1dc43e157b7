using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Sluice.Storage.Connections;

namespace Sluice.Storage.DataLineage;

/// <summary>That data went from one place of a connection to another.</summary>
internal sealed class LineageEdgeRow
{
    public Guid ConnectionId { get; set; }

    /// <summary>A digest of the two places.</summary>
    public Guid Edge { get; set; }

    /// <summary>A JSON list of names.</summary>
    public string SourcePath { get; set; } = "";

    /// <summary>Empty for the object as a whole.</summary>
    public string SourceColumn { get; set; } = "";

    /// <summary>A JSON list of names.</summary>
    public string TargetPath { get; set; } = "";

    /// <summary>Empty for the object as a whole.</summary>
    public string TargetColumn { get; set; } = "";
    public DateTimeOffset FirstSeenAt { get; set; }
    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>When a governor took it away; null: it carries tags. It comes back when it is seen later than <see cref="LastSeenAt"/>.</summary>
    public DateTimeOffset? RemovedAt { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<LineageEdgeRow>
    {
        public void Configure(EntityTypeBuilder<LineageEdgeRow> builder)
        {
            builder.ToTable("lineage_edges").HasKey(e => new { e.ConnectionId, e.Edge });
            builder.Property(e => e.Edge).ValueGeneratedNever();
            builder.HasIndex(e => e.SourcePath);
            builder.HasIndex(e => e.TargetPath);
            builder.HasOne<ConnectionRow>().WithMany().HasForeignKey(e => e.ConnectionId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
