using System.Collections.Immutable;
using System.Text.Json;
using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>Reads the Resource union of Lake Formation requests.</summary>
internal static class ResourceReader
{
    public static LakeResource Read(JsonElement resource, string accountId)
    {
        var members = resource.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Object).ToArray();
        if (members is not [var only]) throw AwsException.InvalidInput("Resource must have exactly one of the fields set.");
        CheckCatalog(only.Value, accountId);
        return only.Name switch
        {
            "Catalog" => new WholeCatalog(),
            "Database" => new NamedDatabase(Name(only.Value, "Name")),
            "Table" => Table(only.Value),
            "TableWithColumns" => Columns(only.Value),
            "DataLocation" => new DataLocation(Text(only.Value, "ResourceArn")),
            "LFTag" => Tag(only.Value),
            "LFTagPolicy" => Policy(only.Value),
            _ => throw AwsException.InvalidInput($"Resource {only.Name} is not supported by this sandbox."),
        };
    }

    public static TagExpression Expression(IEnumerable<JsonElement> expression)
    {
        var conditions = expression.Select(condition => (Key: Lower(condition, "TagKey"), Values: Values(condition))).ToArray();
        if (conditions.Length == 0) throw AwsException.InvalidInput("LF-Tag expression must not be empty.");
        if (conditions.Length > 50) throw AwsException.InvalidInput("LF-Tag expression must not have more than 50 keys.");
        if (conditions.DistinctBy(condition => condition.Key).Count() != conditions.Length) throw AwsException.InvalidInput("Provided list of tags contains duplicate tag key");
        if (conditions.Any(condition => condition.Values.Contains("*"))) throw AwsException.InvalidInput("Tag value wild card is not allowed in an LF-Tag expression.");
        return new(conditions.Select(condition => (condition.Key, condition.Values.AsEnumerable())));
    }

    public static string Lower(JsonElement holder, string name) => Text(holder, name).ToLowerInvariant();

    public static ImmutableArray<string> Values(JsonElement holder, string name = "TagValues")
    {
        if (!holder.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array) throw AwsException.InvalidInput($"{name} must not be null.");
        ImmutableArray<string> values = [.. Input.TextsOf(list, name).Select(value => value.ToLowerInvariant())];
        if (values.Length is 0 or > 50) throw AwsException.InvalidInput($"{name} must have between 1 and 50 members.");
        return values;
    }

    private static LakeResource Table(JsonElement table)
    {
        var database = Name(table, "DatabaseName");
        var hasName = table.TryGetProperty("Name", out var name) && name.ValueKind == JsonValueKind.String;
        var wildcard = table.TryGetProperty("TableWildcard", out var all) && all.ValueKind == JsonValueKind.Object;
        if (hasName && name.GetString() == AllTables.WireName) return new AllTables(database);
        if (hasName == wildcard) throw AwsException.InvalidInput("Exactly one of Table Name and TableWildcard must be set.");
        return wildcard ? new AllTables(database) : new NamedTable(database, name.GetString()!.ToLowerInvariant());
    }

    private static LakeResource Columns(JsonElement table)
    {
        var database = Name(table, "DatabaseName");
        var name = Text(table, "Name");
        var hasNames = table.TryGetProperty("ColumnNames", out var names) && names.ValueKind == JsonValueKind.Array;
        var wildcard = table.TryGetProperty("ColumnWildcard", out var all) && all.ValueKind == JsonValueKind.Object;
        if (hasNames == wildcard) throw AwsException.InvalidInput("Exactly one of ColumnNames and ColumnWildcard must be set.");
        if (wildcard && !(all.TryGetProperty("ExcludedColumnNames", out names) && names.ValueKind == JsonValueKind.Array && names.GetArrayLength() > 0))
        {
            // All columns of a table are the table: so ListPermissions writes a SELECT on it.
            return name == AllTables.WireName ? new AllTables(database) : new NamedTable(database, name.ToLowerInvariant());
        }

        var columns = Input.TextsOf(names, "ColumnNames").Select(column => column.ToLowerInvariant()).ToImmutableSortedSet(StringComparer.Ordinal);
        if (columns.IsEmpty) throw AwsException.InvalidInput("ColumnNames must not be empty.");
        return new TableColumns(database, name.ToLowerInvariant(), columns, Excluded: wildcard);
    }

    private static TagValues Tag(JsonElement tag) =>
        new(Lower(tag, "TagKey"), Values(tag).ToImmutableSortedSet(StringComparer.Ordinal));

    private static TagPolicy Policy(JsonElement policy)
    {
        var type = Text(policy, "ResourceType");
        if (type is not ("DATABASE" or "TABLE")) throw AwsException.InvalidInput($"Invalid ResourceType: {type}");
        if (!policy.TryGetProperty("Expression", out var expression) || expression.ValueKind != JsonValueKind.Array) throw AwsException.InvalidInput("Expression must not be null.");
        return new(type == "TABLE", Expression(Input.ObjectsOf(expression, "Expression")));
    }

    private static void CheckCatalog(JsonElement holder, string accountId)
    {
        foreach (var name in (ReadOnlySpan<string>)["CatalogId", "Id"])
        {
            if (holder.TryGetProperty(name, out var catalog) && catalog.ValueKind == JsonValueKind.String && catalog.GetString() != accountId) throw AwsException.HiddenOrMissing();
        }
    }

    private static string Name(JsonElement holder, string name) => Text(holder, name).ToLowerInvariant();

    private static string Text(JsonElement holder, string name)
    {
        var text = holder.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (text.Length is 0 or > 255) throw AwsException.InvalidInput($"{name} must have between 1 and 255 characters.");
        return text;
    }
}
