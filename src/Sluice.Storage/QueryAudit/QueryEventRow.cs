using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Sluice.Core.QueryAudit;

namespace Sluice.Storage.QueryAudit;

/// <summary>A statement that somebody ran on a platform. It outlives its connection.</summary>
internal sealed class QueryEventRow
{
    public Guid ConnectionId { get; set; }

    /// <summary>In the order they were taken, from 1; gaps are where old ones were deleted.</summary>
    public long Sequence { get; set; }

    /// <summary>As it was when it was taken.</summary>
    public string ConnectionKey { get; set; } = "";
    public string Source { get; set; } = "";
    public string EventId { get; set; } = "";
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset EndedAt { get; set; }
    public string Identity { get; set; } = "";
    public KnownBy PeopleKnownBy { get; set; }
    public string Kind { get; set; } = "";
    public bool Succeeded { get; set; }
    public KnownBy PoliciesKnownBy { get; set; }

    /// <summary>A JSON list of names.</summary>
    public string PlatformPolicies { get; set; } = "[]";
    public string? StatementHash { get; set; }
    public string? StatementText { get; set; }
    public string? Workspace { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<QueryEventRow>
    {
        public void Configure(EntityTypeBuilder<QueryEventRow> builder)
        {
            builder.ToTable("query_events").HasKey(e => new { e.ConnectionId, e.Sequence });
            builder.Property(e => e.Sequence).ValueGeneratedNever();

            // Each event once, whatever is read again.
            builder.HasIndex(e => new { e.ConnectionId, e.Source, e.EventId }).IsUnique();
            builder.HasIndex(e => e.StartedAt);
            builder.HasIndex(e => new { e.Identity, e.StartedAt });
            builder.HasIndex(e => new { e.ConnectionId, e.StartedAt });
            builder.HasIndex(e => e.EndedAt);
        }
    }
}
