using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Tags = System.Collections.Immutable.ImmutableSortedDictionary<string, string>;

namespace Sluice.Sandbox.Aws.Catalog;

/// <summary>
/// Reads the demo's text files, one a database:
/// <code>
/// database sales [domain=sales] (iam, federated:connection) "Description"
/// table orders [sensitivity=public] (iceberg, json, unregistered, ...) "Description"
///   order_id bigint [sensitivity=pii] (partition) "Comment"
/// </code>
/// Brackets hold LF-Tags, parentheses flags.
/// </summary>
internal static partial class DemoCatalog
{
    private const string Prefix = "Sluice.Sandbox.Aws.Catalog.Demo.";

    public static CatalogSeed Load()
    {
        var assembly = typeof(DemoCatalog).Assembly;
        var databases = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select((name, index) =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return Read(reader.ReadToEnd(), index);
            });
        return new([.. databases], new Dictionary<string, ImmutableArray<string>>
        {
            [CatalogSeed.GovernedKey] = [CatalogSeed.GovernedValue],
            ["domain"] = ["finance", "hr", "marketing", "operations", "sales"],
            ["region"] = ["amer", "apac", "emea", "global"],
            ["sensitivity"] = ["confidential", "pii", "public"],
        });
    }

    internal static DatabaseState Read(string text, int ordinal)
    {
        // Made a day apart, in the order of the files, from 3 March 2025.
        var born = 1_740_988_800d + (ordinal * 86_400);
        DatabaseDefinition? database = null;
        var databaseTags = TagAssignment.NoTags;
        List<(TableDefinition Table, TagAssignment Tags)> tables = [];
        List<ColumnDefinition> columns = [], partitions = [];
        TableDefinition? table = null;
        var assigned = TagAssignment.None;

        void Finish()
        {
            if (table is not null) tables.Add((table with { Columns = [.. columns], PartitionKeys = [.. partitions] }, assigned));
            columns.Clear();
            partitions.Clear();
        }

        foreach (var raw in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var line = Line.Of(raw);
            switch (line.Words[0])
            {
                case "database" when database is null:
                    database = Database(line, born);
                    databaseTags = line.Tags;
                    break;
                case "table" when !raw.StartsWith(' '):
                    Finish();
                    table = Table(line, database!, born + (tables.Count * 3_600.125));
                    assigned = TagAssignment.None.With(null, line.Tags);
                    break;
                default:
                    var column = new ColumnDefinition(line.Words[0], line.Words[1], line.Text);
                    (line.Flags.Contains("partition") ? partitions : columns).Add(column);
                    if (!line.Tags.IsEmpty) assigned = assigned.With(column.Name, line.Tags);
                    break;
            }
        }

        Finish();
        return new(database!, new ListedTables(tables), databaseTags);
    }

    private static DatabaseDefinition Database(Line line, double created) => new()
    {
        Name = line.Words[1],
        Description = line.Text,
        Location = line.Flag("federated") is null ? $"s3://acme-data-lake/{line.Words[1]}/" : null,
        CreateTime = created,
        UnderIam = line.Flags.Contains("iam"),
        FederatedThrough = line.Flag("federated"),
    };

    private static TableDefinition Table(Line line, DatabaseDefinition database, double created) => new()
    {
        Name = line.Words[1],
        Description = line.Text,
        Columns = [],
        Kind = line.Flags.Contains("iceberg") ? TableKind.Iceberg
            : line.Flags.Contains("catalog-view") ? TableKind.MultiDialectView
            : line.Flags.Contains("view") ? TableKind.View
            : line.Flags.Contains("federated") ? TableKind.Federated
            : line.Flag("link") is null ? TableKind.External : TableKind.ResourceLink,
        Format = line.Flags.Intersect(["json", "csv", "orc"]).FirstOrDefault("parquet"),
        Registered = !database.UnderIam && !line.Flags.Contains("unregistered") && line.Flag("link") is null,
        StatesItsType = !line.Flags.Contains("untyped"),
        CreateTime = created,
        UpdateTime = created + 1_800.5,
        Version = (int)(created % 5),
        ViewText = line.Flag("from") is { } source ? $"SELECT * FROM {source}" : null,
        Target = line.Flag("link")?.Split('.') is [var account, var other, var name] ? (account, other, name) : null,
    };

    private sealed record Line(ImmutableArray<string> Words, Tags Tags, ImmutableArray<string> Flags, string? Text)
    {
        public static Line Of(string raw)
        {
            var match = Pattern().Match(raw);
            if (!match.Success) throw new FormatException($"Not a line of the demo catalog: {raw}");
            var tags = Split(match.Groups["tags"].Value).Select(tag => tag.Split('='));
            return new(
                [.. match.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
                TagAssignment.NoTags.AddRange(tags.Select(tag => KeyValuePair.Create(tag[0], tag[1]))),
                [.. Split(match.Groups["flags"].Value)],
                match.Groups["text"].Success ? match.Groups["text"].Value : null);
        }

        public string? Flag(string name) =>
            Flags.FirstOrDefault(flag => flag.StartsWith($"{name}:", StringComparison.Ordinal))?[(name.Length + 1)..];

        private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    // A type may hold parentheses, so flags must stand after a blank.
    [GeneratedRegex("""^\s*(?<words>\S+ \S+)(?: \[(?<tags>[^\]]*)\])?(?: \((?<flags>[^)]*)\))?(?: "(?<text>[^"]*)")?\s*$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
