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

    /// <summary>The block, from DECLARE to END.</summary>
    public static string Write(OwnedObjects owned, IntegrationSettings settings)
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
            BEGIN
              -- The system role owns the roles and may take policies off: whoever runs this holds it from here on.
              SHOW ROLES STARTS WITH {Quote.Literal(role.Text)};
              found := (SELECT {Quote.Literal($"GRANT ROLE {role.Quoted} TO ROLE ")} || {Identifier("CURRENT_ROLE()")} AS STATEMENT
                FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) WHERE "name" = {Quote.Literal(role.Text)} AND "comment" = {owned.Comment});
              FOR one IN found DO
                statement := one.STATEMENT;
                EXECUTE IMMEDIATE :statement;
              END FOR;

              SHOW ROLES;
              found := (SELECT 'DROP ROLE IF EXISTS ' || {Identifier(Name)} AS STATEMENT
                FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) WHERE STARTSWITH("comment", {owned.Comment}) AND "name" <> {Quote.Literal(role.Text)});
              FOR one IN found DO
                statement := one.STATEMENT;
                EXECUTE IMMEDIATE :statement;
              END FOR;

              SHOW DATABASES STARTS WITH {Quote.Literal(database.Text)};
              found := (SELECT "name" AS NAME
                FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) WHERE "name" = {Quote.Literal(database.Text)} AND "comment" = {owned.Comment});
              FOR one IN found DO
            {OfKind("ROW ACCESS POLICIES", policies, owned, database, "' DROP ROW ACCESS POLICY ' || :policy")}
            {OfKind("MASKING POLICIES", policies, owned, database, $"' MODIFY COLUMN ' || {Identifier("REF_COLUMN_NAME")} || ' UNSET MASKING POLICY'")}
              END FOR;
            END;

            """;
    }

    // The Standard edition has no policies, and refuses to list them.
    private static string OfKind(string kind, string schema, OwnedObjects owned, SnowflakeName database, string change) => $"""
                BEGIN
                  SHOW {kind} IN SCHEMA {schema};
                  policies := (SELECT {Quote.Literal($"{schema}.")} || {Identifier(Name)} AS POLICY
                    FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) WHERE "comment" = {owned.Comment});
                EXCEPTION
                  WHEN STATEMENT_ERROR THEN
                    policies := (SELECT '' AS POLICY WHERE FALSE);
                END;
                FOR each IN policies DO
                  policy := each.POLICY;
                  places := (SELECT 'ALTER ' || IFF(REF_ENTITY_DOMAIN = 'VIEW', 'VIEW ', 'TABLE ') || {Identifier("REF_DATABASE_NAME")}
                      || '.' || {Identifier("REF_SCHEMA_NAME")} || '.' || {Identifier("REF_ENTITY_NAME")} || {change} AS STATEMENT
                    FROM TABLE({database.Quoted}.INFORMATION_SCHEMA.POLICY_REFERENCES(POLICY_NAME => :policy)));
                  FOR place IN places DO
                    statement := place.STATEMENT;
                    EXECUTE IMMEDIATE :statement;
                  END FOR;
                END FOR;
        """;

    // What an expression gives, as the name of something.
    private static string Identifier(string expression) => $"""'"' || REPLACE({expression}, '"', '""') || '"'""";
}
