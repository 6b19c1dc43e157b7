using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Connections;

internal sealed class SecretRow
{
    public Guid ConnectionId { get; set; }
    public string Field { get; set; } = "";
    public byte[] Ciphertext { get; set; } = [];

    internal sealed class Shape : IEntityTypeConfiguration<SecretRow>
    {
        public void Configure(EntityTypeBuilder<SecretRow> builder)
        {
            builder.ToTable("secrets").HasKey(s => new { s.ConnectionId, s.Field });
            builder.HasOne<ConnectionRow>().WithMany().HasForeignKey(s => s.ConnectionId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
