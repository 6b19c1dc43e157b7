using System.Collections.Immutable;
using System.Globalization;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>Tables computed from seed and index; a name carries its index, so nothing need be stored.</summary>
internal sealed class GeneratedTables(int seed, int schema, int count, int columns) : ITableSource
{
    private static readonly string[] Subjects =
        ["orders", "payments", "customers", "sessions", "events", "invoices", "shipments", "tickets", "products", "accounts"];

    private static readonly string[] Prefixes =
        ["customer", "order", "product", "account", "session", "invoice", "region", "channel", "campaign", "device", "store", "vendor"];

    private static readonly (string Suffix, SqlType Type)[] Suffixes =
    [
        ("id", SqlType.Long), ("name", SqlType.String), ("code", SqlType.Parse("varchar(16)")), ("amount", SqlType.Parse("decimal(12,2)")),
        ("created_at", SqlType.Timestamp), ("is_active", SqlType.Boolean), ("score", new("double")), ("day", new("date")), ("email", SqlType.String),
        ("attributes", SqlType.Parse("map<string,string>")),
    ];

    private static readonly ImmutableArray<ColumnObject> Words =
    [
        .. from suffix in Suffixes
           from prefix in Prefixes
           select new ColumnObject($"{prefix}_{suffix.Suffix}", suffix.Type, $"The {prefix}'s {suffix.Suffix.Replace('_', ' ')}"),
    ];

    private static readonly ImmutableSortedDictionary<string, string> Personal = SecurableObject.NoTexts.Add("sensitivity", "pii");

    public int Count => count;

    public string NameAt(int index) => string.Create(CultureInfo.InvariantCulture, $"t{index:D7}_{Subjects[index % Subjects.Length]}");

    public TableObject At(int index)
    {
        var random = Mix(index);
        var type = index % 100 == 97 ? TableType.View : index % 10 == 3 ? TableType.External : TableType.Managed;
        var created = 1_600_000_000_000L + (long)(random % 100_000_000_000);
        var name = NameAt(index);
        return new()
        {
            Name = name,
            Id = Id(random, index),
            Owner = SandboxCast.Engineers,
            Type = type,
            Format = type == TableType.View ? "UNKNOWN_DATA_SOURCE_FORMAT" : type == TableType.External ? "PARQUET" : "DELTA",
            Comment = $"Generated table {index} of schema {schema}",
            CreatedAt = created,
            CreatedBy = SandboxCast.Engineer,
            UpdatedAt = created + (long)(random >> 44),
            UpdatedBy = SandboxCast.Engineer,
            Columns = ColumnsOf(type == TableType.View ? index - 1 : index),
            ViewDefinition = type == TableType.View ? $"SELECT * FROM {NameAt(index - 1)}" : null,
            StorageLocation = type == TableType.External ? $"s3://acme-lake/{schema}/{name}" : null,
            BornRows = 10,
            Tags = index % 10 == 4 ? Personal : SecurableObject.NoTexts,
        };
    }

    public int IndexOf(string name)
    {
        // Names are fixed-width up to the index, so the digits place any name; the comparison settles the rest.
        var digits = name.Length > 7 && name[0] == 't' ? name.AsSpan(1, 7) : default;
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < count)
        {
            var order = string.CompareOrdinal(name, NameAt(index));
            return order == 0 ? index : ~(order < 0 ? index : index + 1);
        }

        return ~Search(name);
    }

    private int Search(string name)
    {
        int low = 0, high = count;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (string.CompareOrdinal(NameAt(middle), name) < 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private ImmutableArray<ColumnObject> ColumnsOf(int index)
    {
        var start = (int)(Mix(index) % (ulong)Words.Length);
        var builder = ImmutableArray.CreateBuilder<ColumnObject>(columns);
        for (var i = 0; i < columns; i++)
        {
            var word = Words[(start + i) % Words.Length];
            if (i >= Words.Length) word = word with { Name = $"{word.Name}_{i / Words.Length}" };
            builder.Add(i == 0 && index % 50 == 7 ? word with { Tags = Personal } : word);
        }

        return builder.MoveToImmutable();
    }

    private string Id(ulong random, int index) =>
        new Guid((uint)schema, (ushort)seed, 0x4000, (byte)(index >> 24), (byte)(index >> 16), (byte)(index >> 8), (byte)index, (byte)random, (byte)(random >> 8), (byte)(random >> 16), (byte)(random >> 24)).ToString();

    // SplitMix64: enough to spread, and the same everywhere.
    private ulong Mix(int index)
    {
        var x = ((ulong)(uint)seed << 40) ^ ((ulong)(uint)schema << 24) ^ (uint)index;
        x = (x + 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
