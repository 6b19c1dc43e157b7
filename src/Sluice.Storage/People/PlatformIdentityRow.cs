using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.People;

internal sealed class PlatformIdentityRow
{
    public Guid ConnectionId { get; set; }
    public string Name { get; set; } = "";
    public Guid PersonId { get; set; }
    public bool Shared { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<PlatformIdentityRow>
    {
        public void Configure(EntityTypeBuilder<PlatformIdentityRow> builder)
        {
            builder.ToTable("platform_identities").HasKey(i => new { i.ConnectionId, i.Name, i.PersonId });
            builder.HasIndex(i => i.PersonId);
        }
    }
}
