using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.History;

/// <summary>The JSON columns of ACCESS_HISTORY (https://docs.snowflake.com/en/sql-reference/account-usage/access_history).</summary>
internal static class AccessJson
{
    public static string Objects(IReadOnlyDictionary<SchemaObject, SortedSet<int>> tables, IReadOnlySet<SchemaObject> functions)
    {
        var array = new JsonArray();
        foreach (var function in functions)
        {
            array.Add(new JsonObject
            {
                ["objectDomain"] = "FUNCTION", ["objectName"] = $"{function.Schema.FullName}.{function.Name}", ["objectId"] = function.Id,
                ["argumentSignature"] = $"({string.Join(", ", function.Arguments.Select(argument => $"{argument.Name} {argument.Type.Short}"))})", ["dataType"] = function.Returns,
            });
        }

        foreach (var (table, columns) in tables.OrderBy(pair => pair.Key.FullName, StringComparer.Ordinal))
        {
            array.Add(new JsonObject { ["columns"] = new JsonArray([.. columns.Select(column => Column(table, column))]), ["objectDomain"] = Spelled(table), ["objectId"] = table.Id, ["objectName"] = table.FullName });
        }

        return array.ToJsonString();
    }

    public static string Policies(AccessRecord record)
    {
        var array = new JsonArray();
        foreach (var table in record.Policies.GroupBy(use => use.Table).OrderBy(group => group.Key.FullName, StringComparer.Ordinal))
        {
            var described = new JsonObject
            {
                ["columns"] = new JsonArray([.. table.Where(use => use.Column is not null).GroupBy(use => use.Column).Select(column =>
                {
                    var named = Column(table.Key, Ordinal(table.Key, column.Key!));
                    named["policies"] = new JsonArray([.. column.Select(use => Policy(use.Policy))]);
                    return (JsonNode)named;
                })]),
                ["objectDomain"] = Spelled(table.Key), ["objectId"] = table.Key.Id, ["objectName"] = table.Key.FullName,
            };
            var rows = table.Where(use => use.Column is null).Select(use => (JsonNode)Policy(use.Policy)).ToArray();
            if (rows.Length > 0) described["policies"] = new JsonArray(rows);
            array.Add(described);
        }

        return array.ToJsonString();
    }

    public static string Modified(AccessRecord record, Func<SchemaObject, IReadOnlyList<SchemaObject>> tablesOf)
    {
        if (record.Modified is not { } modified) return "[]";
        var columns = modified.Columns.Select(written =>
        {
            var column = Column(modified.Table, written.Column);
            column["baseSources"] = Sources(written.Direct.SelectMany(source => ColumnLineage.Bases(source, tablesOf)).Distinct());
            column["directSources"] = Sources(written.Direct);
            return (JsonNode)column;
        });
        return new JsonArray(new JsonObject
        {
            ["columns"] = new JsonArray([.. columns]), ["objectDomain"] = Spelled(modified.Table), ["objectId"] = modified.Table.Id, ["objectName"] = modified.Table.FullName,
        }).ToJsonString();
    }

    private static JsonArray Sources(IEnumerable<ColumnSource> sources) => new([.. sources.Select(source => (JsonNode)new JsonObject
    {
        ["columnName"] = source.Table.Columns[source.Column].Name, ["objectDomain"] = Spelled(source.Table), ["objectId"] = source.Table.Id, ["objectName"] = source.Table.FullName,
    })]);

    private static JsonObject Column(SchemaObject table, int column) => new() { ["columnId"] = (table.Id * 10_000) + column + 1, ["columnName"] = table.Columns[column].Name };

    private static JsonObject Policy(SchemaObject policy) => new() { ["policyName"] = policy.FullName, ["policyId"] = policy.Id, ["policyKind"] = policy.Domain.Underscored() };

    private static int Ordinal(SchemaObject table, string column) => table.Columns.Select((candidate, index) => (candidate, index)).First(pair => pair.candidate.Name == column).index;

    private static string Spelled(SchemaObject table) => table.Domain.Words();
}
