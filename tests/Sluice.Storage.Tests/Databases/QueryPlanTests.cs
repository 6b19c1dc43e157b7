using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Tests.Databases;

/// <summary>What must stay fast at 100,000 objects may not read a table from end to end.</summary>
public sealed class QueryPlanTests
{
    // The page of 50 hits is put into order once more: that sort is bounded.
    private static readonly string[] Harmless = ["SCAN hit", "SCAN total", "SCAN page", "SCAN page LEFT-JOIN", "USE TEMP B-TREE FOR ORDER BY"];

    public static TheoryData<string, string> Questions => new()
    {
        { "find", "ux_data_objects_parent_id_name_key" }, { "find", "ix_data_objects_is_active" },
        { "find", "ix_data_objects_activate_new_children" }, { "find", "ix_data_objects_data_owners" },
        { "children", "ux_data_objects_parent_id_name_key" }, { "roots", "ux_data_objects_parent_id_name_key" }, { "subtree", "ux_data_objects_lineage" },
        { "replaced", "ix_data_objects_replaced" },
    };

    [Theory, MemberData(nameof(Questions))]
    public async Task SQLite_uses_the_index_meant_for_it(string question, string index)
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        var plan = await PlanAsync(database, question, "EXPLAIN QUERY PLAN", 3);
        plan.ShouldContain(line => line.Contains(index), string.Join('\n', plan));
        plan.ShouldNotContain(line => !Harmless.Contains(line) && (line.StartsWith("SCAN ") || line.Contains("TEMP B-TREE")), string.Join('\n', plan));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PostgreSQL_reads_no_table_of_objects_from_end_to_end(bool isAnalyzed)
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.PostgreSql);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        if (isAnalyzed) await FillAsync(database, await tree.GetAsync("d"));
        foreach (var question in Questions.Select(row => row.Data.Item1).Distinct())
        {
            var plan = await PlanAsync(database, question, "EXPLAIN", 0);
            plan.ShouldNotContain(line => line.Contains("Seq Scan on data_objects"), string.Join('\n', plan));
        }
    }

    private static async Task FillAsync(TestDatabase database, StoredObject parent)
    {
        await database.ExecuteAsync(
            $"""
            INSERT INTO data_objects
                (id, connection_id, parent_id, lineage, depth, name, name_key, kind, governance, fingerprint, discovered_new, replaced, hidden, discovered_at, updated_at)
            SELECT 1000 + i, '{parent.ConnectionId}', {parent.Id} + i / 300, '{parent.Lineage}' || 1000 + i || '/', 2, 't' || i, 't' || i, 10, 0,
                '\x00000000000000000000000000000000', true, false, false, 0, 0
            FROM generate_series(0, 30000) i
            """);
        await database.ExecuteAsync("ANALYZE");
    }

    private static Task<List<string>> PlanAsync(TestDatabase database, string question, string explain, int column) => database.Database.ReadAsync(
        (context, token) =>
        {
            var path = new ObjectPath("Lake", "d", "t1");
            var find = $"WITH hit AS ({ObjectSql.Locate(path)}) SELECT {ObjectSql.Columns} FROM hit JOIN data_objects o ON o.id = hit.id {ObjectSql.Above}";
            var (sql, parameters) = question switch
            {
                "find" => (find, ObjectSql.Names(path)),
                "children" => Search(new ObjectQuery { Parent = new ObjectPath("Lake", "d") }),
                "subtree" => Search(new ObjectQuery { Parent = new ObjectPath("Lake", "d"), Descendants = true }),
                "roots" => Search(new ObjectQuery()),
                _ => ("SELECT id FROM data_objects WHERE parent_id = 7 AND replaced", []),
            };
            return context.QueryAsync($"{explain} {sql}", row => row.GetString(column), token, parameters);

            (string, (string, object?)[]) Search(ObjectQuery query)
            {
                var search = new ObjectSearch(query, context.Dialect);
                return (search.Sql, search.Parameters);
            }
        },
        TestDatabase.Ending);
}
