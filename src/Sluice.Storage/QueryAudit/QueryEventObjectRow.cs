using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.QueryAudit;

/// <summary>An object in a statement.</summary>
internal sealed class QueryEventObjectRow
{
    public Guid ConnectionId { get; set; }
    public long Sequence { get; set; }
    public int Position { get; set; }

    /// <summary>A JSON list of names.</summary>
    public string ObjectPath { get; set; } = "";

    /// <summary>A JSON list of names.</summary>
    public string Columns { get; set; } = "[]";
    public bool IsDirect { get; set; }
    public bool IsWritten { get; set; }

    /// <summary>A JSON list of the keys of the policies on it.</summary>
    public string Policies { get; set; } = "[]";

    internal sealed class Shape : IEntityTypeConfiguration<QueryEventObjectRow>
    {
        public void Configure(EntityTypeBuilder<QueryEventObjectRow> builder)
        {
            builder.ToTable("query_event_objects").HasKey(o => new { o.ConnectionId, o.Sequence, o.Position });
            builder.Property(o => o.Sequence).ValueGeneratedNever();
            builder.HasIndex(o => new { o.ObjectPath, o.ConnectionId, o.Sequence });
        }
    }
}
