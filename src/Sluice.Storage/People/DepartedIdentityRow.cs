using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.People;

/// <summary>A platform identity whose last holder was deleted, until somebody is registered with it again.</summary>
internal sealed class DepartedIdentityRow
{
    public Guid ConnectionId { get; set; }
    public string Name { get; set; } = "";

    internal sealed class Shape : IEntityTypeConfiguration<DepartedIdentityRow>
    {
        public void Configure(EntityTypeBuilder<DepartedIdentityRow> builder) => builder.ToTable("departed_identities").HasKey(i => new { i.ConnectionId, i.Name });
    }
}
