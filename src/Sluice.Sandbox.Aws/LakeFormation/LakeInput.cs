using System.Text.Json;
using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>What Lake Formation's operations ask of every request.</summary>
internal static class LakeInput
{
    /// <summary>AWS documents 50 characters for keys and values, whatever the API's own pattern admits.</summary>
    public const int LongestTagText = 50;

    public static void Check(Call call)
    {
        var catalog = call.Input.Text("CatalogId");
        call.Input.Check("InvalidInputException");
        if (catalog is null || catalog == call.Options.AccountId) return;
        if (catalog.Length != 12 || !catalog.All(char.IsAsciiDigit)) throw AwsException.InvalidInput("Catalog id must be a valid AWS account id.");
        throw AwsException.HiddenOrMissing();
    }

    /// <summary>A named resource's database and table, when they exist and show to the caller.</summary>
    public static (DatabaseState Database, TableEntry? Table) Find(Call call, LakeResource resource)
    {
        var name = Holdings.DatabaseOf(resource)!;
        var database = call.Account.Catalog.Find(name);
        if (database is null || !call.Access.Sees(database))
        {
            // Nobody but an administrator is told that something is missing rather than hidden.
            throw call.Access.IsAdministrator ? AwsException.NotFound($"Database not found: {name}") : AwsException.HiddenOrMissing();
        }

        var tableName = resource switch
        {
            NamedTable table => table.Name,
            TableColumns columns => columns.Table,
            _ => null,
        };
        if (tableName is null) return (database, null);
        if (database.Find(tableName) is { } found && call.Access.On(found).IsVisible) return (database, found);
        throw database.Find(tableName) is null ? AwsException.NotFound($"Table not found: {tableName}") : AwsException.HiddenOrMissing();
    }

    public static void CheckColumns(TableEntry table, IEnumerable<string> columns)
    {
        var missing = columns.Where(column => !table.Definition.HasColumn(column)).ToArray();
        if (missing.Length > 0) throw AwsException.NotFound($"Column not found: {string.Join(", ", missing)}");
    }

    /// <summary>Permissions by their wire names; unknown ones are an error that names them all.</summary>
    public static LakePermissions Permissions(IEnumerable<string?> names)
    {
        var permissions = LakePermissions.None;
        List<string> unknown = [];
        foreach (var name in names)
        {
            if (name is not null && LakePermissionNames.Parse(name) is { } known) permissions |= known;
            else unknown.Add(name ?? "null");
        }

        return unknown.Count == 0 ? permissions : throw AwsException.InvalidInput($"Unknown permission(s): {string.Join(", ", unknown)}");
    }

    public static IEnumerable<string?> TextsOf(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : null)
            : [];
}
