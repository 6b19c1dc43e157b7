using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Vault;

internal sealed class DataKeyRow
{
    public Guid Id { get; set; }
    public string KeyEncryptionKeyId { get; set; } = "";
    public byte[] Wrapped { get; set; } = [];
    public DateTimeOffset CreatedAt { get; set; }

    internal sealed class Shape : IEntityTypeConfiguration<DataKeyRow>
    {
        public void Configure(EntityTypeBuilder<DataKeyRow> builder)
        {
            builder.ToTable("data_keys").HasKey(k => k.Id);
            builder.Property(k => k.Id).ValueGeneratedNever();
        }
    }
}
