using Sluice.Sandbox.Databricks.Catalog;

namespace Sluice.Sandbox.Databricks.Tests.Catalog;

public sealed class DemoCatalogTests
{
    private static readonly CatalogObject[] Demo = [.. DemoCatalog.Load()];

    [Fact]
    public void The_demo_has_catalogs_of_every_kind_and_tables_of_most_types()
    {
        Demo.Select(catalog => catalog.Kind).Distinct().ShouldBe([CatalogKind.Internal, CatalogKind.Foreign, CatalogKind.DeltaSharing, CatalogKind.Managed], ignoreOrder: true);
        var tables = Demo.SelectMany(catalog => catalog.Schemas.Values).SelectMany(schema => schema.Tables.After(null)).ToArray();
        tables.Length.ShouldBe(46);
        tables.Select(table => table.Id).Distinct().Count().ShouldBe(46);
        tables.Select(table => table.Type).Distinct().Count().ShouldBe(7);
        tables.ShouldAllBe(table => table.Columns.Length > 0);
    }

    [Fact]
    public async Task Every_relation_of_the_demo_can_be_read()
    {
        await using var bench = await Bench.StartAsync();
        var reads = from catalog in Demo
                    from schema in catalog.Schemas.Values
                    from table in schema.Tables.After(null)
                    select $"SELECT * FROM {Quote(catalog.Name)}.{Quote(schema.Name)}.{Quote(table.Name)}";
        foreach (var read in reads) (await bench.Engineer.Rows(read)).Length.ShouldBe(24, read);
    }

    private static string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
}
