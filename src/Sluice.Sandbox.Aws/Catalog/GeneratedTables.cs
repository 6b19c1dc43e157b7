using System.Collections.Immutable;
using System.Globalization;

namespace Sluice.Sandbox.Aws.Catalog;

/// <summary>Tables computed from seed and index; a name carries its index, so nothing need be stored.</summary>
internal sealed class GeneratedTables(int seed, int database, int count, int columns) : ITableSource
{
    private static readonly string[] Subjects =
        ["orders", "payments", "customers", "sessions", "events", "invoices", "shipments", "tickets", "products", "accounts"];

    private static readonly string[] Prefixes =
        ["customer", "order", "product", "account", "session", "invoice", "region", "channel", "campaign", "device", "store", "vendor"];

    private static readonly (string Suffix, string Type)[] Suffixes =
    [
        ("id", "bigint"), ("name", "string"), ("code", "varchar(16)"), ("amount", "decimal(12,2)"), ("created_at", "timestamp"),
        ("is_active", "boolean"), ("score", "double"), ("day", "date"), ("notes", "string"), ("attributes", "map<string,string>"),
    ];

    private static readonly ImmutableArray<ColumnDefinition> Words =
    [
        .. from suffix in Suffixes
           from prefix in Prefixes
           select new ColumnDefinition($"{prefix}_{suffix.Suffix}", suffix.Type, $"The {prefix}'s {suffix.Suffix.Replace('_', ' ')}"),
    ];

    private static readonly ImmutableArray<ColumnDefinition> Partition = [new("dt", "date", "Day of arrival")];

    private static readonly TagAssignment[] Overrides =
    [
        TagAssignment.None.With(null, TagAssignment.NoTags.Add("sensitivity", "pii")),
        TagAssignment.None.With(null, TagAssignment.NoTags.Add("sensitivity", "public")),
    ];

    public int Count => count;

    public string NameAt(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"t{index:D7}_{Subjects[index % Subjects.Length]}");

    public TableDefinition At(int index)
    {
        var random = Mix(index);
        var kind = index % 100 == 97 ? TableKind.View : index % 10 == 3 ? TableKind.Iceberg : TableKind.External;
        var partitioned = kind == TableKind.External && columns > 1;
        var created = 1_600_000_000d + (random % 100_000_000) + ((random >> 32) % 1000 / 1000d);
        return new()
        {
            Name = NameAt(index),
            Kind = kind,
            Description = $"Generated table {index} of database {database}",
            CreateTime = created,
            UpdateTime = created + (random >> 48),
            Version = (int)(random % 7),
            Columns = ColumnsOf(index, partitioned ? columns - 1 : columns),
            PartitionKeys = partitioned ? Partition : [],
            ViewText = kind == TableKind.View ? $"SELECT * FROM {NameAt(index - 1)}" : null,
        };
    }

    public TagAssignment TagsAt(int index) => index % 50 == 7
        ? TagAssignment.None.With(ColumnsOf(index, 1)[0].Name, Overrides[0].Table)
        : index % 10 == 4 ? Overrides[index / 10 % 2] : TagAssignment.None;

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

    private ImmutableArray<ColumnDefinition> ColumnsOf(int index, int number)
    {
        var start = (int)(Mix(index) % (ulong)Words.Length);
        var builder = ImmutableArray.CreateBuilder<ColumnDefinition>(number);
        for (var i = 0; i < number; i++)
        {
            var word = Words[(start + i) % Words.Length];
            builder.Add(i < Words.Length ? word : word with { Name = $"{word.Name}_{i / Words.Length}" });
        }

        return builder.MoveToImmutable();
    }

    // SplitMix64: enough to spread, and the same everywhere.
    private ulong Mix(int index)
    {
        var x = ((ulong)(uint)seed << 40) ^ ((ulong)(uint)database << 24) ^ (uint)index;
        x = (x + 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
