using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Connections;

internal sealed class ConnectionRow
{
    public Guid Id { get; set; }
    public string Key { get; set; } = "";
    public string KeyNormalized { get; set; } = "";
    public string Technology { get; set; } = "";
    public string AuthenticationType { get; set; } = "";
    public string Document { get; set; } = "";
    public string? Integration { get; set; }
    public string SecretDestination { get; set; } = "";
    public string Settings { get; set; } = "";

    /// <summary>The member of <see cref="Settings"/> that every question about activity asks for.</summary>
    public bool AcceptUnknownGovernance { get; set; }
    public bool ForceRecursiveCrawl { get; set; }
    public string IdentityKey { get; set; } = "";
    public string IdentityName { get; set; } = "";
    public ConnectionStatus Status { get; set; }
    public string? StatusReason { get; set; }
    public string? Checks { get; set; }
    public long RootObjectId { get; set; }
    public long Revision { get; set; }

    /// <summary>The newest fence. A write under an older one is refused.</summary>
    public long LeaseEpoch { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public string CreatedById { get; set; } = "";
    public string CreatedByName { get; set; } = "";
    public string? CreatedByEmail { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
    public string UpdatedById { get; set; } = "";
    public string UpdatedByName { get; set; } = "";
    public string? UpdatedByEmail { get; set; }
    public DateTimeOffset? NextSyncAt { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<ConnectionRow>
    {
        public void Configure(EntityTypeBuilder<ConnectionRow> builder)
        {
            builder.ToTable("connections").HasKey(c => c.Id);
            builder.Property(c => c.Id).ValueGeneratedNever();
            builder.HasIndex(c => c.KeyNormalized).IsUnique();
            builder.HasIndex(c => c.IdentityKey).IsUnique();
            builder.HasIndex(c => c.NextSyncAt);
        }
    }
}
