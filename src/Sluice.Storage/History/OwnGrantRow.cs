using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.History;

/// <summary>A grant that is Sluice's by what it did, on a platform where nothing else tells.</summary>
internal sealed class OwnGrantRow
{
    public Guid ConnectionId { get; set; }

    /// <summary>The grant's short name.</summary>
    public Guid Fact { get; set; }

    /// <summary>A JSON list of names.</summary>
    public string ObjectPath { get; set; } = "";
    public string Subject { get; set; } = "";
    public string Detail { get; set; } = "";

    /// <summary>Whether it was last asked for by a subscription of one person's own, and by no rule.</summary>
    public bool IsDirect { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<OwnGrantRow>
    {
        public void Configure(EntityTypeBuilder<OwnGrantRow> builder) => builder.ToTable("own_grants").HasKey(g => new { g.ConnectionId, g.Fact });
    }
}
