using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Catalog;

/// <summary>The rows one page of a unit met. Pages are only ever added, so that a checkpoint costs the page and not the unit.</summary>
internal sealed class CrawlUnitPageRow
{
    public Guid JobId { get; set; }
    public long ContainerId { get; set; }
    public int Page { get; set; }

    /// <summary>Ids; see <see cref="SeenIds"/>.</summary>
    public byte[] Seen { get; set; } = [];

    internal sealed class Shape : IEntityTypeConfiguration<CrawlUnitPageRow>
    {
        public void Configure(EntityTypeBuilder<CrawlUnitPageRow> builder)
        {
            builder.ToTable("crawl_unit_pages").HasKey(p => new { p.JobId, p.ContainerId, p.Page });
            builder.HasOne<CrawlUnitRow>().WithMany().HasForeignKey(p => new { p.JobId, p.ContainerId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
