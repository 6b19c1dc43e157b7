namespace Sluice.Bench.Api;

/// <summary>
/// The statements that the server runs on SQLite for a read and for a search, word for word. ApiBench compares the answers, so that a change of
/// the server's can't leave these behind unseen.
/// </summary>
internal static class RawStatements
{
    public const string Key = """
        SELECT "a"."id", "a"."created_at", "a"."created_by", "a"."expires_at", "a"."hash", "a"."holder_id", "a"."last_used_at", "a"."name", "a"."permissions", "a"."revoked_at"
        FROM "api_keys" AS "a" WHERE "a"."id" = @id LIMIT 2
        """;

    public const string Connection = """SELECT * FROM "connections" AS "c" WHERE "c"."id" = @id LIMIT 2""";

    public const string DataColumns = """
        SELECT object_id, position, name, type, native_id, comment, is_partition_key, discovered_new
        FROM data_columns WHERE object_id IN (SELECT value FROM json_each(@ids)) ORDER BY object_id, position
        """;

    public const string Tags = """
        SELECT object_id, column_name, key, value, inherited
        FROM object_tags WHERE object_id IN (SELECT value FROM json_each(@ids)) ORDER BY object_id, position
        """;

    public const string Place = $"WITH hit AS ({LocateDatabase}) SELECT o.id, o.connection_id, o.lineage, o.kind FROM hit JOIN data_objects o ON o.id = hit.id";

    public const string FindTable = $"WITH hit AS ({LocateTable}) SELECT {Columns} FROM hit JOIN data_objects o ON o.id = hit.id {Above}";

    public const string FindDatabase = $"WITH hit AS ({LocateDatabase}) SELECT {Columns} FROM hit JOIN data_objects o ON o.id = hit.id {Above}";

    public const string Count = "SELECT count(*) FROM data_objects o WHERE NOT o.replaced AND o.parent_id = @parent";

    public const string Page = $"""
        WITH page AS (SELECT o.id FROM data_objects o WHERE NOT o.replaced AND o.parent_id = @parent ORDER BY o.name_key LIMIT @size OFFSET @offset)
        SELECT {Columns} FROM page JOIN data_objects o ON o.id = page.id {Above} ORDER BY o.name_key
        """;

    private const string LocateDatabase =
        "SELECT n1.id AS id FROM connections c JOIN data_objects n1 ON n1.parent_id = c.root_object_id AND n1.name_key = @n1 AND NOT n1.replaced WHERE c.key_normalized = @key";

    private const string LocateTable =
        "SELECT n2.id AS id FROM connections c JOIN data_objects n1 ON n1.parent_id = c.root_object_id AND n1.name_key = @n1 AND NOT n1.replaced "
        + "JOIN data_objects n2 ON n2.parent_id = n1.id AND n2.name_key = @n2 AND NOT n2.replaced WHERE c.key_normalized = @key";

    private const string Above = """
         JOIN connections c ON c.id = o.connection_id
        LEFT JOIN data_objects p1 ON p1.id = o.parent_id
        LEFT JOIN data_objects p2 ON p2.id = p1.parent_id
        LEFT JOIN data_objects p3 ON p3.id = p2.parent_id
        """;

    private const string IsBelow = "NOT d.hidden AND d.lineage > o.lineage AND d.lineage < substr(o.lineage, 1, length(o.lineage) - 1) || '0'";

    private const string Columns = $"""
        o.id, o.connection_id, o.parent_id, o.lineage, o.name, o.kind, o.native_id, o.comment, o.governance, o.governance_reason, o.grant_method,
        o.is_active, o.activate_new_children, o.data_owners, o.discovered_new, o.missing_since, o.discovered_at,
        p1.name, p2.name, p3.name, c.technology, COALESCE(o.is_active, p1.is_active, p2.is_active, p3.is_active, false),
        COALESCE(o.activate_new_children, p1.activate_new_children, p2.activate_new_children, p3.activate_new_children),
        COALESCE(o.data_owners, p1.data_owners, p2.data_owners, p3.data_owners),
        (SELECT count(*) FROM data_objects x WHERE x.parent_id = o.id AND NOT x.replaced),
        o.kind < 10 AND EXISTS (SELECT 1 FROM data_objects d WHERE d.is_active IS NOT NULL AND {IsBelow}),
        o.kind < 10 AND EXISTS (SELECT 1 FROM data_objects d WHERE d.activate_new_children IS NOT NULL AND {IsBelow}),
        o.kind < 10 AND EXISTS (SELECT 1 FROM data_objects d WHERE d.data_owners IS NOT NULL AND {IsBelow}),
        (SELECT max(s.finished_at) FROM object_syncs s WHERE s.object_id IN (o.id, p1.id, p2.id, p3.id))
        """;
}
