using Sluice.Platforms.Snowflake.Connections;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Setup;

/// <summary>
/// Writes the block that takes away what enforcement has made. It looks for it when it runs, by the comment, and so needs no list
/// (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/loops, https://docs.snowflake.com/en/sql-reference/functions/policy_references).
/// </summary>
internal static class RemovalBlock
{
    private const string Name = "\"name\"";

    // Where there is nothing to list: the Standard edition has no policies, and somebody may have dropped the schema.
    private const int Unsupported = 2;
    private const string NotThere = "2003, 2043";

    /// <summary>The block, from DECLARE to END.</summary>
    /// <param name="owned">What tells whose something is.</param>
    /// <param name="settings">What was set up.</param>
    /// <param name="rows">How many rows a SHOW has at the most.</param>
    public static string Write(OwnedObjects owned, IntegrationSettings settings, int rows)
    {
        var (role, database) = (settings.SystemRole, settings.DatabaseName);
        var policies = $"{database.Quoted}.{Quote.Identifier(DatabaseLayout.PolicySchema)}";
        return $"""
            DECLARE
              found RESULTSET;
              policies RESULTSET;
              places RESULTSET;
              policy VARCHAR;
              statement VARCHAR;
              kept VARCHAR;
              listed INTEGER;
              too_many EXCEPTION (-20001, 'STOP: {rows} policies are off what they were set on, and SHOW lists no more of them. Drop these, and run this again.');
            BEGIN
              -- The system role owns the roles and may take policies off: whoever runs this holds it from here on.
              SHOW ROLES STARTS WITH {Quote.Literal(role.Text)};
              found := (SELECT {Quote.Literal($"GRANT ROLE {role.Quoted} TO ROLE ")} || {Identifier("CURRENT_ROLE()")} AS STATEMENT
                FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) WHERE "name" = {Quote.Literal(role.Text)} AND "comment" = {owned.Comment});
              FOR one IN found DO
                statement := one.STATEMENT;
                EXECUTE IMMEDIATE :statement;
              END FOR;

              -- SHOW lists {rows} at the most: the next of them come after the last that stays.
              kept := '';
              REPEAT
                statement := 'SHOW ROLES LIMIT {rows}' || IFF(:kept = '', '', ' FROM ''' || REPLACE(REPLACE(:kept, '\\', '\\\\'), '''', '''''') || '''');
                EXECUTE IMMEDIATE :statement;
                found := (SELECT "name" AS NAME, IFF(STARTSWITH("comment", {owned.Comment}) AND "name" <> {Quote.Literal(role.Text)}, 'DROP ROLE IF EXISTS ' || {Identifier(Name)}, '') AS STATEMENT
                  FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) ORDER BY "name");
                listed := 0;
                FOR one IN found DO
                  listed := listed + 1;
                  statement := one.STATEMENT;
                  IF (statement = '') THEN
                    kept := one.NAME;
                  ELSE
                    EXECUTE IMMEDIATE :statement;
                  END IF;
                END FOR;
              UNTIL (listed < {rows})
              END REPEAT;

              SHOW DATABASES STARTS WITH {Quote.Literal(database.Text)};
              found := (SELECT "name" AS NAME
                FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) WHERE "name" = {Quote.Literal(database.Text)} AND "comment" = {owned.Comment});
              FOR one IN found DO
            {OfKind("ROW ACCESS POLICIES", policies, owned, database, rows, "' DROP ROW ACCESS POLICY ' || :policy")}
            {OfKind("MASKING POLICIES", policies, owned, database, rows, $"' MODIFY COLUMN ' || {Identifier("REF_COLUMN_NAME")} || ' UNSET MASKING POLICY'")}
              END FOR;
            END;

            """;
    }

    private static string OfKind(string kind, string schema, OwnedObjects owned, SnowflakeName database, int rows, string change) => $"""
                BEGIN
                  SHOW {kind} IN SCHEMA {schema};
                  policies := (SELECT IFF("comment" = {owned.Comment}, {Quote.Literal($"{schema}.")} || {Identifier(Name)}, '') AS POLICY
                    FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())));
                EXCEPTION
                  WHEN STATEMENT_ERROR THEN
                    IF (SQLCODE NOT IN ({Unsupported}, {NotThere})) THEN
                      RAISE;
                    END IF;
                    policies := (SELECT '' AS POLICY WHERE FALSE);
                END;
                listed := 0;
                FOR each IN policies DO
                  listed := listed + 1;
                  policy := each.POLICY;
                  IF (policy <> '') THEN
                    places := (SELECT 'ALTER ' || IFF(REF_ENTITY_DOMAIN = 'VIEW', 'VIEW ', 'TABLE ') || {Identifier("REF_DATABASE_NAME")}
                        || '.' || {Identifier("REF_SCHEMA_NAME")} || '.' || {Identifier("REF_ENTITY_NAME")} || {change} AS STATEMENT
                      FROM TABLE({database.Quoted}.INFORMATION_SCHEMA.POLICY_REFERENCES(POLICY_NAME => :policy)));
                    FOR place IN places DO
                      statement := place.STATEMENT;
                      EXECUTE IMMEDIATE :statement;
                    END FOR;
                  END IF;
                END FOR;
                IF (listed >= {rows}) THEN
                  RAISE too_many;
                END IF;
        """;

    // What an expression gives, as the name of something.
    private static string Identifier(string expression) => $"""'"' || REPLACE({expression}, '"', '""') || '"'""";
}
