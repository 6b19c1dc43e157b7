using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sluice.Storage.Server;

internal sealed class ServerFactRow
{
    public string Name { get; set; } = "";
    public string Value { get; set; } = "";

    internal sealed class Shape : IEntityTypeConfiguration<ServerFactRow>
    {
        public void Configure(EntityTypeBuilder<ServerFactRow> builder) => builder.ToTable("server_facts").HasKey(f => f.Name);
    }
}
