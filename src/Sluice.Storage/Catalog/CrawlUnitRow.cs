using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Sluice.Storage.Jobs;

namespace Sluice.Storage.Catalog;

internal sealed class CrawlUnitRow
{
    public Guid JobId { get; set; }
    public long ContainerId { get; set; }
    public string? Cursor { get; set; }
    public bool IsDone { get; set; }

    /// <summary>How many pages of seen rows it has.</summary>
    public int Pages { get; set; }
    public long Found { get; set; }
    public long Added { get; set; }
    public long Updated { get; set; }
    public long Renamed { get; set; }
    public long Reappeared { get; set; }
    public long Missing { get; set; }

    /// <summary>A JSON text a line.</summary>
    public string? Warnings { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<CrawlUnitRow>
    {
        public void Configure(EntityTypeBuilder<CrawlUnitRow> builder)
        {
            builder.ToTable("crawl_units").HasKey(u => new { u.JobId, u.ContainerId });
            builder.HasOne<JobRow>().WithMany().HasForeignKey(u => u.JobId).HasPrincipalKey(j => j.Id).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
