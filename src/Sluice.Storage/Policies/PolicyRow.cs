using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Policies;

internal sealed class PolicyRow
{
    public string Key { get; set; } = "";
    public string Name { get; set; } = "";
    public string Type { get; set; } = "";
    public bool IsStaged { get; set; }

    /// <summary>The canonical document, as JSON text.</summary>
    public string Document { get; set; } = "";
    public long Revision { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public string CreatedById { get; set; } = "";
    public string CreatedByName { get; set; } = "";
    public DateTimeOffset UpdatedAt { get; set; }
    public string UpdatedById { get; set; } = "";
    public string UpdatedByName { get; set; } = "";

    internal sealed class Shape : IEntityTypeConfiguration<PolicyRow>
    {
        public void Configure(EntityTypeBuilder<PolicyRow> builder) => builder.ToTable("policies").HasKey(p => p.Key);
    }
}
