using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Tests.Databases;

/// <summary>What must stay fast at 100,000 objects may not read a table from end to end.</summary>
public sealed class QueryPlanTests
{
    public static TheoryData<string, string, string> Statements()
    {
        var path = new ObjectPath("Lake", "d", "s", "t");
        var find = $"WITH hit AS ({ObjectSql.Locate(path)}) SELECT {ObjectSql.Columns} FROM hit JOIN data_objects o ON o.id = hit.id {ObjectSql.Above}";
        return new TheoryData<string, string, string>
        {
            { "find", find, "ux_data_objects_parent_id_name_key" },
            { "overrides below", find, "ix_data_objects_is_active" },
            { "owners below", find, "ix_data_objects_data_owners" },
            { "children", "SELECT o.id FROM data_objects o WHERE NOT o.replaced AND o.parent_id = 7 ORDER BY o.name_key LIMIT 50", "ux_data_objects_parent_id_name_key" },
            { "roots", "SELECT o.id FROM data_objects o WHERE NOT o.replaced AND o.parent_id IS NULL ORDER BY o.name_key LIMIT 50", "ux_data_objects_parent_id_name_key" },
            { "replaced children", "SELECT id FROM data_objects WHERE parent_id = 7 AND replaced", "ix_data_objects_replaced" },
            { "subtree", "SELECT o.id FROM data_objects o WHERE NOT o.hidden AND o.lineage > '1/2/' AND o.lineage < '1/20' ORDER BY o.lineage LIMIT 50", "ux_data_objects_lineage" },
        };
    }

    [Theory, MemberData(nameof(Statements))]
    public async Task SQLite_uses_the_index_meant_for_it(string name, string sql, string index)
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        var plan = await PlanAsync(database, $"EXPLAIN QUERY PLAN {sql}", 3);
        plan.ShouldContain(line => line.Contains(index), $"{name}:\n{string.Join('\n', plan)}");
        plan.ShouldNotContain(line => line.StartsWith("SCAN ") && line != "SCAN hit", $"{name}:\n{string.Join('\n', plan)}");
        plan.ShouldNotContain(line => line.Contains("USE TEMP B-TREE"), $"{name}:\n{string.Join('\n', plan)}");
    }

    [Fact]
    public async Task PostgreSQL_uses_the_indexes_meant_for_it()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.PostgreSql);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        var parent = await tree.GetAsync("d");
        await database.ExecuteAsync(
            $"""
            INSERT INTO data_objects
                (id, connection_id, parent_id, lineage, depth, name, name_key, kind, governance, fingerprint, discovered_new, replaced, hidden, discovered_at, updated_at)
            SELECT 1000 + i, '{parent.ConnectionId}', {parent.Id} + i / 300, '{parent.Lineage}' || 1000 + i || '/', 2, 't' || i, 't' || i, 10, 0,
                '\x00000000000000000000000000000000', true, false, false, 0, 0
            FROM generate_series(0, 30000) i
            """);
        await database.ExecuteAsync("ANALYZE");
        foreach (var (name, sql, index) in Statements().Select(row => row.Data))
        {
            var plan = await PlanAsync(database, "EXPLAIN " + sql.Replace("= 7", $"= {parent.Id}").Replace("'1/2/'", $"'{parent.Lineage}'").Replace("'1/20'", $"'{parent.Lineage[..^1]}0'"), 0);

            // Nothing is replaced here, so the planner may take any index for what is.
            if (name is not ("replaced children" or "roots")) plan.ShouldContain(line => line.Contains(index), $"{name}:\n{string.Join('\n', plan)}");
            plan.ShouldNotContain(line => line.Contains("Seq Scan on data_objects"), $"{name}:\n{string.Join('\n', plan)}");
        }
    }

    private static Task<List<string>> PlanAsync(TestDatabase database, string sql, int column) => database.Database.ReadAsync(
        (context, token) => context.QueryAsync(sql, row => row.GetString(column), token, [.. sql.Contains("@key") ? ObjectSql.Names(new ObjectPath("Lake", "d", "s", "t")) : []]),
        TestDatabase.Ending);
}
