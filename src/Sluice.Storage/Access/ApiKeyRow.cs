using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Access;

internal sealed class ApiKeyRow
{
    public string Id { get; set; } = "";
    public byte[] Hash { get; set; } = [];
    public string Name { get; set; } = "";
    public string HolderId { get; set; } = "";

    /// <summary>A JSON list of names.</summary>
    public string Permissions { get; set; } = "";
    public bool SpeaksForHolder { get; set; }
    public string? ScimSource { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public string CreatedBy { get; set; } = "";
    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset? LastUsedAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<ApiKeyRow>
    {
        public void Configure(EntityTypeBuilder<ApiKeyRow> builder)
        {
            builder.ToTable("api_keys").HasKey(k => k.Id);
            builder.HasIndex(k => k.HolderId);
        }
    }
}
