using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Policies;
using Sluice.Testing.Cases;

namespace Sluice.Testing.Large;

/// <summary>The tables of a <see cref="LargeWorld"/>: ten schemas a database, two kinds of tables a schema, and one table in twenty unlike the others.</summary>
internal static class LargeTables
{
    private const int TablesOfDatabase = 1_000;
    private const int FewestDatabases = 10;
    private const int SchemasOfDatabase = 10;
    private const int Kinds = 20;
    private const int ColumnsOfTable = 10;
    private const int OneOverride = 20;

    private static readonly GovernedColumn[] Pool =
    [
        .. LargeNames.ColumnTags.SelectMany(static t => (GovernedColumn[])
        [
            new(NameOf(t), "varchar", [t], ColumnFamily.Text),
            new($"other_{NameOf(t)}", "varchar", [t], ColumnFamily.Text),
        ]),
        .. Enumerable.Range(0, 30).Select(static i => new GovernedColumn($"value_{i:D2}", "bigint", [], ColumnFamily.Integer)),
    ];

    public static IReadOnlyList<GovernedObject> Of(Dice dice, int count)
    {
        var kinds = Enumerable.Range(0, Kinds).Select(_ => dice.Some(Pool, ColumnsOfTable, ColumnsOfTable)).ToArray();
        var databases = Math.Max(FewestDatabases, count / TablesOfDatabase);
        var objects = new List<GovernedObject>(count);
        for (var database = 0; database < databases; database++)
        {
            var name = LargeNames.Database(database);
            string[] ofDatabase = [.. dice.Some(LargeNames.Domains, 1, 2), $"Level.{dice.From(LargeNames.Levels)}"];
            for (var schema = 0; schema < SchemasOfDatabase; schema++)
            {
                string[] ofSchema = [.. ofDatabase, $"Country.{dice.From(LargeNames.Countries)}"];
                var kindsOfSchema = dice.Some(kinds, 2, 2);
                var tables = Share(Share(count, databases, database), SchemasOfDatabase, schema);
                for (var table = 0; table < tables; table++)
                {
                    var path = new ObjectPath(LargeNames.Connection, name, $"schema_{schema}", $"table_{objects.Count:D6}");
                    objects.Add(Table(dice, path, ofSchema, kindsOfSchema[table % kindsOfSchema.Count], isOverridden: objects.Count % OneOverride == 0));
                }
            }
        }

        return objects;
    }

    // Lists of their own, as tables that were read from a database have them.
    private static GovernedObject Table(Dice dice, ObjectPath path, string[] tags, ValueList<GovernedColumn> kind, bool isOverridden)
    {
        var columns = kind.Select(static c => c with { }).ToArray();
        if (isOverridden)
        {
            tags = [.. tags, dice.From(LargeNames.Projects)];
            ref var column = ref columns[dice.Between(0, columns.Length - 1)];
            column = column with { Tags = column.Tags.Append(dice.From(LargeNames.ColumnTags)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToValueList() };
        }

        return new GovernedObject { Path = path, Kind = ObjectKind.Table, Tags = tags.Order(StringComparer.Ordinal).ToValueList(), Columns = [.. columns] };
    }

    private static int Share(int all, int parts, int part) => (all / parts) + (part < all % parts ? 1 : 0);

    private static string NameOf(string tag) => tag.Replace('.', '_').ToLowerInvariant();
}
