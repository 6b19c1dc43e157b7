using Microsoft.EntityFrameworkCore;

namespace Sluice.Storage.Databases;

internal sealed class SqliteContext(DbContextOptions<SqliteContext> options) : SluiceContext(options)
{
    public override Dialect Dialect => SqliteDialect.Instance;
}
