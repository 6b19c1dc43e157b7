using Microsoft.EntityFrameworkCore;

namespace Sluice.Storage.Databases;

internal sealed class PostgreSqlContext(DbContextOptions<PostgreSqlContext> options) : SluiceContext(options)
{
    public override Dialect Dialect => PostgreSqlDialect.Instance;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);

        // Byte order, as in SQLite: paths are found and sorted alike on both, and an operating system's update can't reorder an index.
        configurationBuilder.Properties<string>().UseCollation("C");
    }
}
