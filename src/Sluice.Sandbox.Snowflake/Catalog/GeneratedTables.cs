using System.Collections.Immutable;
using System.Globalization;
using Sluice.Sandbox.Snowflake.Results;

namespace Sluice.Sandbox.Snowflake.Catalog;

/// <summary>Tables computed from seed and index; a name carries its index, so nothing need be stored.</summary>
internal sealed class GeneratedTables(int seed, int ordinal, int count, int columns, RoleState owner, DateTimeOffset born)
{
    /// <summary>Ids at and above this say which generated schema and table they belong to.</summary>
    public const long FirstId = 1L << 48;

    private static readonly string[] Subjects =
        ["ORDERS", "PAYMENTS", "CUSTOMERS", "SESSIONS", "EVENTS", "INVOICES", "SHIPMENTS", "TICKETS", "PRODUCTS", "ACCOUNTS"];

    private static readonly string[] Prefixes =
        ["CUSTOMER", "ORDER", "PRODUCT", "ACCOUNT", "SESSION", "INVOICE", "REGION", "CHANNEL", "CAMPAIGN", "DEVICE", "STORE", "VENDOR"];

    private static readonly (string Suffix, SqlType Type)[] Suffixes =
    [
        ("ID", SqlType.Number), ("NAME", SqlType.Text), ("CODE", new(SqlKind.Text, Length: 16)), ("AMOUNT", new(SqlKind.Fixed, 12, 2)),
        ("CREATED_AT", new(SqlKind.TimestampNtz, 0, 9)), ("IS_ACTIVE", SqlType.Boolean), ("SCORE", new(SqlKind.Real)), ("DAY", new(SqlKind.Date)),
        ("NOTES", SqlType.Text), ("ATTRIBUTES", new(SqlKind.Variant)),
    ];

    private static readonly ImmutableArray<ColumnState> Words =
    [
        .. from suffix in Suffixes
           from prefix in Prefixes
           select new ColumnState($"{prefix}_{suffix.Suffix}", suffix.Type) { Comment = $"The {prefix.ToLowerInvariant()}'s {suffix.Suffix.Replace('_', ' ').ToLowerInvariant()}" },
    ];

    private const double SecondsUnaltered = 3600;

    public int Count => count;

    public int Ordinal => ordinal;

    public static (int Schema, int Index) Split(long id) => ((int)((id - FirstId) >> 24), (int)((id - FirstId) & 0xFFFFFF));

    public static string NameAt(int index) => string.Create(CultureInfo.InvariantCulture, $"T{index:D7}_{Subjects[index % Subjects.Length]}");

    public SchemaObject At(int index, SchemaState schema)
    {
        var random = Mix(index);
        var age = SecondsUnaltered + (double)(random % 50_000_000);
        var created = born.AddSeconds(-age);
        var domain = index % 100 == 97 ? Domain.View : Domain.Table;
        var made = new SchemaObject(FirstId + ((long)ordinal << 24) + index, domain, NameAt(index), schema)
        {
            Owner = owner,
            Comment = string.Create(CultureInfo.InvariantCulture, $"Generated table {index}"),
            CreatedOn = created,
            LastAltered = created.AddSeconds(Math.Floor((age - SecondsUnaltered) * ((random >> 40) % 1000) / 1000)),
            LastDdl = created,
            Columns = ColumnsAt(index),
            RowCount = domain == Domain.View ? 0 : (long)((random >> 20) % 1_000_000),
        };
        if (domain == Domain.View)
        {
            made.Body = $"SELECT * FROM {NameAt(index - 1)}";
            made.Text = $"CREATE VIEW {made.Name} AS {made.Body}";
        }

        return made;
    }

    /// <summary>Every tenth table has a tag on itself, every fiftieth one on its first column.</summary>
    public static (bool OnColumn, string Value)? TagAt(int index) => index % 50 == 7 ? (true, "pii")
        : index % 10 == 4 ? (false, index / 10 % 2 == 0 ? "pii" : "public")
        : null;

    public int IndexOf(string name)
    {
        // Names are fixed-width up to the index, so the digits place any name; the comparison settles the rest.
        var digits = name.Length > 8 && name[0] == 'T' ? name.AsSpan(1, 7) : default;
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < count && name == NameAt(index) ? index : -1;
    }

    /// <summary>The first index whose name comes after the given one.</summary>
    public int FirstAfter(string? name)
    {
        if (name is null) return 0;
        int low = 0, high = count;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (string.CompareOrdinal(NameAt(middle), name) <= 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private ImmutableArray<ColumnState> ColumnsAt(int index)
    {
        var start = (int)(Mix(index) % (ulong)Words.Length);
        var builder = ImmutableArray.CreateBuilder<ColumnState>(columns);
        for (var i = 0; i < columns; i++)
        {
            var word = Words[(start + i) % Words.Length];
            builder.Add(i < Words.Length ? word : word with { Name = $"{word.Name}_{i / Words.Length}" });
        }

        return builder.MoveToImmutable();
    }

    // SplitMix64: enough to spread, and the same everywhere.
    private ulong Mix(int index)
    {
        var x = ((ulong)(uint)seed << 40) ^ ((ulong)(uint)ordinal << 24) ^ (uint)index;
        x = (x + 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
