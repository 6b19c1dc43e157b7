using Sluice.Sandbox.Aws.LakeFormation;
using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws.Catalog;

/// <summary>Carries out <see cref="CatalogChange"/>s. Lake Formation forgets grants on what is dropped.</summary>
internal static class CatalogEditor
{
    public static void Apply(Account account, CatalogChange change, DateTimeOffset now)
    {
        var time = now.ToUnixTimeMilliseconds() / 1000d;
        if (change.Do == CatalogChangeKind.CreateDatabase)
        {
            if (account.Catalog.Find(change.Database) is not null) throw new ArgumentException($"Database {change.Database} exists already.", nameof(change));
            account.Catalog.Add(new(new() { Name = change.Database, Location = $"s3://acme-data-lake/{change.Database}/", CreateTime = time }, ListedTables.Empty, TagAssignment.NoTags));
            return;
        }

        var database = account.Catalog.Find(change.Database) ?? throw new ArgumentException($"There is no database {change.Database}.", nameof(change));
        switch (change.Do)
        {
            case CatalogChangeKind.DropDatabase:
                account.Catalog.Remove(database.Name);
                account.Grants.Follow(resource => Holdings.DatabaseOf(resource) == database.Name ? null : resource);
                break;
            case CatalogChangeKind.RenameDatabase:
                RenameDatabase(account, database, Need(change.To, "to"));
                break;
            case CatalogChangeKind.CreateTable:
                CreateTable(account, database, change, time);
                break;
            default:
                ChangeTable(account, database, change, time);
                break;
        }
    }

    private static void ChangeTable(Account account, DatabaseState database, CatalogChange change, double time)
    {
        var name = Need(change.Table, "table");
        var table = database.Find(name) ?? throw new ArgumentException($"There is no table {name} in {database.Name}.", nameof(change));
        var definition = table.Definition;
        var newer = definition with { UpdateTime = time, Version = definition.Version + 1 };
        switch (change.Do)
        {
            case CatalogChangeKind.DropTable:
                database.Remove(name);
                account.Grants.Follow(resource => IsOn(resource, database.Name, name) ? null : resource);
                break;
            case CatalogChangeKind.RenameTable:
                var to = Need(change.To, "to");
                var assigned = table.Assigned;
                database.Remove(name);
                database.Put(newer with { Name = to });
                database.Retag(to, assigned);
                account.Grants.Follow(resource => IsOn(resource, database.Name, name) ? Moved(resource, database.Name, to) : resource);
                break;
            case CatalogChangeKind.AddColumn:
                var added = new ColumnDefinition(Need(change.Column, "column"), change.Type ?? "string", Comment: null);
                database.Put(newer with { Columns = definition.Columns.Add(added) });
                break;
            case CatalogChangeKind.DropColumn:
                var column = Need(change.Column, "column");
                database.Put(newer with { Columns = definition.Columns.RemoveAll(candidate => candidate.Name == column) });
                database.Retag(name, table.Assigned.With(column, TagAssignment.NoTags));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change), change.Do, "Not a change of the catalog.");
        }
    }

    private static void CreateTable(Account account, DatabaseState database, CatalogChange change, double time)
    {
        var name = Need(change.Table, "table");
        if (database.Find(name) is not null) throw new ArgumentException($"Table {database.Name}.{name} exists already.", nameof(change));
        IEnumerable<CatalogColumn> columns = change.Columns.Count > 0 ? change.Columns : [new("id", "bigint"), new("name", "string")];
        database.Put(new()
        {
            Name = name,
            Columns = [.. columns.Select(column => new ColumnDefinition(column.Name, column.Type, column.Comment))],
            CreateTime = time,
            UpdateTime = time,
            Registered = !database.Definition.UnderIam,
        });
        if (database.Definition.UnderIam) account.Grants.Add(AccessRules.IamAllowedPrincipals, new NamedTable(database.Name, name), LakePermissions.All, default, time, "root");
    }

    private static void RenameDatabase(Account account, DatabaseState database, string to)
    {
        if (account.Catalog.Find(to) is not null) throw new ArgumentException($"Database {to} exists already.", nameof(to));
        var from = database.Name;
        account.Catalog.Rename(database, to);
        account.Grants.Follow(resource => Holdings.DatabaseOf(resource) != from ? resource : resource switch
        {
            NamedDatabase => new NamedDatabase(to),
            AllTables => new AllTables(to),
            NamedTable table => table with { Database = to },
            TableColumns columns => columns with { Database = to },
            _ => resource,
        });
    }

    private static bool IsOn(LakeResource resource, string database, string table) => resource switch
    {
        NamedTable named => named.Database == database && named.Name == table,
        TableColumns columns => columns.Database == database && columns.Table == table,
        _ => false,
    };

    private static LakeResource Moved(LakeResource resource, string database, string table) =>
        resource is TableColumns columns ? columns with { Table = table } : new NamedTable(database, table);

    private static string Need(string? value, string name) => value ?? throw new ArgumentException($"The change needs \"{name}\".", nameof(value));
}
