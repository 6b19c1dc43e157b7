using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>
/// The hand-made catalogs, one text file each: a line a catalog, schema, table, function or, indented, column. In names a tilde
/// stands for a blank.
/// </summary>
internal static partial class DemoCatalog
{
    private const string Folder = "Sluice.Sandbox.Databricks.Catalog.Demo.";

    private const long Day = 86_400_000;

    public static IEnumerable<CatalogObject> Load()
    {
        var assembly = typeof(DemoCatalog).Assembly;
        var files = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        foreach (var (ordinal, file) in files.Index())
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(file)!);
            yield return Read(reader.ReadToEnd(), 1_740_988_800_000 + (ordinal * Day));
        }
    }

    private static CatalogObject Read(string text, long born)
    {
        CatalogObject? catalog = null;
        SchemaObject? schema = null;
        TableObject? table = null;
        List<TableObject> tables = [];
        void EndTable()
        {
            if (table is not null) tables.Add(table);
            table = null;
        }

        void EndSchema()
        {
            EndTable();
            if (schema is not null) catalog = catalog!.With(schema with { Tables = new(new ListedTables(tables)) });
            tables.Clear();
        }

        foreach (var raw in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var line = Line.Of(raw);
            switch (line.Words[0])
            {
                case "catalog":
                    catalog = Catalog(line, born);
                    break;
                case "schema":
                    EndSchema();
                    schema = Schema(line, catalog!, born);
                    break;
                case "table" when !raw.StartsWith(' '):
                    EndTable();
                    table = Table(line, catalog!, schema!, born + (tables.Count * 3_600_125));
                    break;
                case "function" when !raw.StartsWith(' '):
                    schema = schema! with { Functions = schema.Functions.Add(line.Words[1], Function(line, catalog!, schema, born)) };
                    break;
                default:
                    table = table! with { Columns = table.Columns.Add(Column(line, table, catalog!, schema!)) };
                    break;
            }
        }

        EndSchema();
        return catalog!;
    }

    private static CatalogObject Catalog(Line line, long born)
    {
        var kind = Enum.GetValues<CatalogKind>().FirstOrDefault(kind => line.Flags.Contains(kind.ToString(), StringComparer.OrdinalIgnoreCase));
        return new()
        {
            Name = line.Words[1],
            Id = WorkspaceSeed.IdOf($"demo/{line.Words[1]}"),
            Owner = SandboxCast.Engineers,
            Kind = kind,
            Comment = line.Text,
            CreatedAt = born,
            CreatedBy = SandboxCast.Engineer,
            UpdatedAt = born + 90_000,
            UpdatedBy = SandboxCast.Engineer,
            Tags = line.Tags,
            ConnectionName = line.Flag("connection"),
            ProviderName = line.Flag("provider"),
            ShareName = line.Flag("share"),
            Grants = line.Flags.Contains("open") ? SecurableObject.NoGrants.Add(SandboxCast.Analysts, new(Privilege.UseCatalog, SandboxCast.Engineer)) : SecurableObject.NoGrants,
        };
    }

    private static SchemaObject Schema(Line line, CatalogObject catalog, long born) => new()
    {
        Name = line.Words[1],
        Id = WorkspaceSeed.IdOf($"demo/{catalog.Name}/{line.Words[1]}"),
        Owner = catalog.Owner,
        Comment = line.Text,
        CreatedAt = born + 1_000,
        CreatedBy = SandboxCast.Engineer,
        UpdatedAt = born + 95_000,
        UpdatedBy = SandboxCast.Engineer,
        Tags = line.Tags,
        Grants = line.Flags.Contains("open") ? SecurableObject.NoGrants.Add(SandboxCast.Analysts, new(Privilege.UseSchema, SandboxCast.Engineer)) : SecurableObject.NoGrants,
    };

    private static TableObject Table(Line line, CatalogObject catalog, SchemaObject schema, long created)
    {
        var type = line.Flags.Contains("external") ? TableType.External
            : line.Flags.Contains("view") ? TableType.View
            : line.Flags.Contains("materialized") ? TableType.MaterializedView
            : line.Flags.Contains("streaming") ? TableType.StreamingTable
            : line.Flags.Contains("clone") ? TableType.ManagedShallowClone
            : catalog.Kind == CatalogKind.Foreign ? TableType.Foreign : TableType.Managed;
        var id = WorkspaceSeed.IdOf($"demo/{catalog.Name}/{schema.Name}/{line.Words[1]}");
        var filter = line.Flag("filter")?.Split('+');
        return new()
        {
            Name = line.Words[1],
            Id = id,
            Owner = line.Flag("owner") ?? schema.Owner,
            Comment = line.Text,
            Type = type,
            Format = line.Flag("format")?.ToUpperInvariant() ?? (type == TableType.View ? "UNKNOWN_DATA_SOURCE_FORMAT" : type == TableType.Foreign ? "POSTGRESQL_FORMAT" : catalog.Kind == CatalogKind.DeltaSharing ? "DELTASHARING" : "DELTA"),
            CreatedAt = created,
            CreatedBy = SandboxCast.Engineer,
            UpdatedAt = created + 1_800_500,
            UpdatedBy = SandboxCast.Engineer,
            Columns = [],
            ViewDefinition = line.Flag("from") is { } source ? $"SELECT {line.Flag("columns")?.Replace('+', ',').Replace('~', ' ') ?? "*"} FROM {source}" : null,
            StorageLocation = type == TableType.External ? $"s3://acme-lake/{catalog.Name}/{schema.Name}/{line.Words[1]}" : $"s3://acme-metastore/tables/{id}",
            PipelineId = type is TableType.MaterializedView or TableType.StreamingTable ? WorkspaceSeed.IdOf($"pipeline/{id}") : null,
            BornRows = line.Flag("from") is null ? 24 : 0,
            Tags = line.Tags,
            RowFilter = filter is null ? null : new($"{catalog.Name}.{schema.Name}.{filter[0]}", [.. filter[1..].Select(GuardArgument.Of)]),
            Grants = line.Flags.Contains("open") ? SecurableObject.NoGrants.Add(SandboxCast.Analysts, new(Privilege.Select, SandboxCast.Engineer)) : SecurableObject.NoGrants,
        };
    }

    private static ColumnObject Column(Line line, TableObject table, CatalogObject catalog, SchemaObject schema) => new(line.Words[0].Replace('~', ' '), SqlType.Parse(line.Words[1]), line.Text)
    {
        Tags = line.Tags,
        Nullable = !line.Flags.Contains("required"),
        PartitionIndex = line.Flags.Contains("partition") ? table.Columns.Count(column => column.PartitionIndex is not null) : null,
        Mask = line.Flag("mask") is { } mask ? new($"{catalog.Name}.{schema.Name}.{mask}", []) : null,
    };

    private static FunctionObject Function(Line line, CatalogObject catalog, SchemaObject schema, long born) => new()
    {
        Name = line.Words[1],
        Id = WorkspaceSeed.IdOf($"demo/{catalog.Name}/{schema.Name}/{line.Words[1]}()"),
        Owner = schema.Owner,
        CreatedAt = born,
        CreatedBy = SandboxCast.Engineer,
        UpdatedAt = born,
        UpdatedBy = SandboxCast.Engineer,
        Parameters = [.. line.Flags.Where(flag => flag.StartsWith("in:", StringComparison.Ordinal)).Select(flag => flag.Split(':')).Select(parts => new FunctionParameter(parts[1], SqlType.Parse(parts[2])))],
        Returns = SqlType.Parse(line.Flag("returns")!),
        Body = line.Text!,
    };

    private sealed record Line(ImmutableArray<string> Words, ImmutableSortedDictionary<string, string> Tags, ImmutableArray<string> Flags, string? Text)
    {
        public static Line Of(string raw)
        {
            var match = Pattern().Match(raw);
            if (!match.Success) throw new FormatException($"Not a line of the demo catalog: {raw}");
            var tags = Split(match.Groups["tags"].Value).Select(tag => tag.Split('=', 2));
            return new(
                [.. match.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
                SecurableObject.NoTexts.AddRange(tags.Select(tag => KeyValuePair.Create(tag[0], tag.Length > 1 ? tag[1] : ""))),
                [.. Split(match.Groups["flags"].Value)],
                match.Groups["text"].Success ? match.Groups["text"].Value : null);
        }

        public string? Flag(string name) =>
            Flags.FirstOrDefault(flag => flag.StartsWith($"{name}:", StringComparison.Ordinal))?[(name.Length + 1)..];

        private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    // A type may hold parentheses, so flags must stand after a blank.
    [GeneratedRegex("""^\s*(?<words>\S+ \S+)(?: \[(?<tags>[^\]]*)\])?(?: \((?<flags>[^)]*)\))?(?: "(?<text>.*)")?\s*$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
