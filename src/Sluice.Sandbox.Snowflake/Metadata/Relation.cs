using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Statements;

namespace Sluice.Sandbox.Snowflake.Metadata;

/// <summary>A view of INFORMATION_SCHEMA or ACCOUNT_USAGE: rows computed while they are read, and only the columns asked for.</summary>
internal interface IRelation
{
    string Name { get; }

    IReadOnlyList<ResultColumn> Columns { get; }

    IEnumerable<object?[]> Rows(MetadataScope scope, int[] wanted);
}

/// <summary>A relation whose rows are made of items of one type.</summary>
internal sealed class Relation<T>(string name, Func<MetadataScope, IEnumerable<T>> items) : IRelation
{
    private readonly List<ResultColumn> columns = [];
    private readonly List<Func<T, object?>> values = [];

    public string Name => name;

    public IReadOnlyList<ResultColumn> Columns => columns;

    public Relation<T> Text(string column, Func<T, string?> value) => Add(new(column, SqlType.Text), value);

    public Relation<T> Number(string column, Func<T, long?> value) => Add(new(column, SqlType.Number), item => value(item));

    public Relation<T> Instant(string column, Func<T, DateTimeOffset?> value) => Add(new(column, SqlType.Instant), item => value(item));

    public Relation<T> Flag(string column, Func<T, bool> value) => Text(column, item => value(item) ? "YES" : "NO");

    /// <summary>Columns of the standard that Snowflake has and never fills.</summary>
    public Relation<T> Empty(params string[] names)
    {
        foreach (var column in names) Text(column, _ => null);
        return this;
    }

    public IEnumerable<object?[]> Rows(MetadataScope scope, int[] wanted)
    {
        foreach (var item in items(scope))
        {
            var row = new object?[wanted.Length];
            for (var i = 0; i < row.Length; i++) row[i] = values[wanted[i]](item);
            yield return row;
        }
    }

    private Relation<T> Add(ResultColumn column, Func<T, object?> value)
    {
        columns.Add(column);
        values.Add(value);
        return this;
    }
}

/// <summary>Who asks, about which database, and with what restrictions known beforehand.</summary>
internal sealed record MetadataScope(StatementContext Context, DatabaseState? Database, MetadataFilters Filters)
{
    /// <summary>For ACCOUNT_USAGE: what happened later is not shown yet.</summary>
    public DateTimeOffset? AsOf { get; init; }

    public AccountState Account => Context.Account;

    public bool Sees(Securable securable) =>
        AsOf is { } asOf ? securable.CreatedOn <= asOf : Context.Access.Sees(securable, honoursManageGrants: false);

    public IEnumerable<DatabaseState> Databases => Account.Databases.Values.Where(Sees);

    public IEnumerable<SchemaState> Schemas =>
        (Database is null ? Databases : [Database]).SelectMany(database => database.Schemas.Values).Where(Sees);

    public IEnumerable<SchemaObject> Tables
    {
        get
        {
            var schemas = Schemas.Where(schema => Filters.Allows("TABLE_SCHEMA", schema.Name) && Filters.Allows("TABLE_CATALOG", schema.Database.Name));
            if (Filters.Of("TABLE_NAME") is not { } names) return schemas.SelectMany(schema => schema.Tables()).Where(Sees);
            return schemas.SelectMany(schema => names.Order(StringComparer.Ordinal).Select(name => schema.Find(Domain.Table, name)).OfType<SchemaObject>()).Where(Sees);
        }
    }
}

/// <summary>A column with the table it is of.</summary>
internal readonly record struct ColumnItem(SchemaObject Table, ColumnState Column, int Ordinal)
{
    public static IEnumerable<ColumnItem> Of(SchemaObject table) => table.Columns.Select((column, index) => new ColumnItem(table, column, index + 1));
}
