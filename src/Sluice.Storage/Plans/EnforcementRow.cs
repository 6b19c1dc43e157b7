using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Plans;

/// <summary>How far a connection's enforcement is.</summary>
internal sealed class EnforcementRow
{
    public Guid ConnectionId { get; set; }

    /// <summary>The access revision that the platform was last brought to.</summary>
    public long ReconciledRevision { get; set; }
    public DateTimeOffset? ReconciledAt { get; set; }

    /// <summary>The moment of which the platform was last seen, or made, to be what was asked for, with nothing left to do.</summary>
    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>When it has to be looked at again though nothing changes here: an expiry, a failed change, drift.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Why the last try came to nothing; null after one that did not.</summary>
    public string? Failure { get; set; }

    /// <summary>No further try before then.</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>The epoch on the platform when it was seen to be ahead of ours: nothing is written there until somebody confirms. Null: it is not.</summary>
    public long? AheadEpoch { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<EnforcementRow>
    {
        public void Configure(EntityTypeBuilder<EnforcementRow> builder)
        {
            builder.ToTable("enforcements").HasKey(e => e.ConnectionId);
            builder.Property(e => e.ConnectionId).ValueGeneratedNever();
        }
    }
}
