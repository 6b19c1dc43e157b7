using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Sluice.Storage.Databases;

/// <summary>How the EF Core tool makes the context when it writes a migration.</summary>
internal sealed class PostgreSqlDesignTime : IDesignTimeDbContextFactory<PostgreSqlContext>
{
    public PostgreSqlContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<PostgreSqlContext>().UseNpgsql("Host=localhost").Options);
}
