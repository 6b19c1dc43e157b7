using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Sluice.Storage.Connections;

namespace Sluice.Storage.Jobs;

internal sealed class JobRow
{
    /// <summary>In the order they were added.</summary>
    public long Number { get; set; }
    public Guid Id { get; set; }
    public Guid BulkId { get; set; }
    public Guid? ConnectionId { get; set; }

    /// <summary>Outlives the connection.</summary>
    public string ConnectionKeyNormalized { get; set; } = "";
    public string Type { get; set; } = "";

    /// <summary>A JSON list of names.</summary>
    public string Path { get; set; } = "";
    public int Depth { get; set; }
    public JobState State { get; set; }
    public int ProgressDone { get; set; }
    public int ProgressTotal { get; set; }
    public int Attempts { get; set; }
    public int Failures { get; set; }
    public string? Output { get; set; }
    public string? Error { get; set; }
    public string RequestedBy { get; set; } = "";
    public bool CancelRequested { get; set; }

    /// <summary>Whose claim made it active: an active job of an earlier epoch was left behind.</summary>
    public long ClaimedEpoch { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset DueAt { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<JobRow>
    {
        public void Configure(EntityTypeBuilder<JobRow> builder)
        {
            builder.ToTable("jobs").HasKey(j => j.Number);
            builder.Property(j => j.Number).ValueGeneratedOnAdd();

            // A job read to be changed is written only if nobody cancelled or expired it meanwhile; else the whole write starts again.
            builder.Property(j => j.State).IsConcurrencyToken();
            builder.HasAlternateKey(j => j.Id);
            builder.HasOne<ConnectionRow>().WithMany().HasForeignKey(j => j.ConnectionId).OnDelete(DeleteBehavior.SetNull);
            builder.HasIndex(j => new { j.ConnectionId, j.State });
            builder.HasIndex(j => new { j.State, j.DueAt });
            builder.HasIndex(j => new { j.CreatedAt, j.Number });
            builder.HasIndex(j => new { j.ConnectionKeyNormalized, j.CreatedAt, j.Number });
            builder.HasIndex(j => new { j.RequestedBy, j.CreatedAt, j.Number });
            builder.HasIndex(j => j.FinishedAt);
            builder.HasIndex(j => j.BulkId);
        }
    }
}
