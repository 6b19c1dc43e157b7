using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.History;

/// <summary>A plan whose changes are being made, from the first intent until how all of them ended is known.</summary>
internal sealed class ChangeRunRow
{
    public Guid ConnectionId { get; set; }
    public Guid PlanId { get; set; }

    /// <summary>Its intents stand after this row of the connection's stream.</summary>
    public long AfterSequence { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<ChangeRunRow>
    {
        public void Configure(EntityTypeBuilder<ChangeRunRow> builder) => builder.ToTable("change_runs").HasKey(r => new { r.ConnectionId, r.PlanId });
    }
}
