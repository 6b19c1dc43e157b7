using System.Collections.Immutable;

namespace Sluice.Sandbox.Aws.Catalog;

/// <summary>What a sandbox begins with: databases, and the LF-Tags in use with their values.</summary>
internal sealed record CatalogSeed(IReadOnlyList<DatabaseState> Databases, IReadOnlyDictionary<string, ImmutableArray<string>> Tags)
{
    public const string GovernedKey = "sluice_governed";
    public const string GovernedValue = "true";

    public static CatalogSeed For(AwsSandboxCatalog catalog) => catalog.Shape is { } shape ? Generate(shape) : DemoCatalog.Load();

    private static CatalogSeed Generate(GeneratedShape shape)
    {
        string[] domains = ["finance", "hr", "marketing", "operations", "sales"];
        var databases = Enumerable.Range(0, shape.Databases).Select(index =>
        {
            var tables = (shape.Tables / shape.Databases) + (index < shape.Tables % shape.Databases ? 1 : 0);
            var name = $"lake_{index:D5}";
            return new DatabaseState(
                new()
                {
                    Name = name,
                    Description = $"Generated database {index}",
                    Location = $"s3://generated-lake/{name}/",
                    CreateTime = 1_600_000_000d + index,
                },
                new GeneratedTables(shape.Seed, index, tables, shape.ColumnsPerTable),
                TagAssignment.NoTags
                    .Add(GovernedKey, GovernedValue)
                    .Add("domain", domains[index % domains.Length])
                    .Add("sensitivity", "confidential"));
        });
        return new([.. databases], new Dictionary<string, ImmutableArray<string>>
        {
            [GovernedKey] = [GovernedValue],
            ["domain"] = [.. domains],
            ["sensitivity"] = ["confidential", "pii", "public"],
        });
    }
}
