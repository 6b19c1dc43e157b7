using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.History;

/// <summary>A fact on a platform and how long it was so; or that somebody held an identity, and how long.</summary>
internal sealed class AccessFactRow
{
    public Guid ConnectionId { get; set; }

    /// <summary>The fact's short name; of a holding a digest of its own.</summary>
    public Guid Fact { get; set; }

    /// <summary>What it is looked up by: its object, or its audience, or its identity.</summary>
    public Guid Place { get; set; }

    /// <summary>A <see cref="Core.Planning.FactKind"/>, or <see cref="HistoricFact.Holding"/>.</summary>
    public int Kind { get; set; }

    /// <summary>A JSON list of names.</summary>
    public string? ObjectPath { get; set; }
    public string Subject { get; set; } = "";
    public string Detail { get; set; } = "";
    public DateTimeOffset FromAt { get; set; }
    public DateTimeOffset? ToAt { get; set; }

    /// <summary>The plan that made it; null: it was observed.</summary>
    public Guid? BegunBy { get; set; }

    /// <summary>The plan that took it away; null: it was observed missing, or is in force.</summary>
    public Guid? EndedBy { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<AccessFactRow>
    {
        public void Configure(EntityTypeBuilder<AccessFactRow> builder)
        {
            builder.ToTable("access_facts").HasKey(f => new { f.ConnectionId, f.Fact, f.FromAt });
            builder.HasIndex(f => new { f.Place, f.FromAt });
            builder.HasIndex(f => new { f.ConnectionId, f.Fact }).IsUnique().HasFilter("to_at IS NULL");
        }
    }
}
