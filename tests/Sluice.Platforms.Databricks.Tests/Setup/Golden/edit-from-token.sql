-- Changes what Sluice's setup script made in Databricks Unity Catalog. Run it in the SQL editor or a notebook, from the
-- top to the bottom; each part says who can run it. Running it again changes nothing. Then update the connection.

-- 1. The catalog of Sluice's own, for what it keeps to enforce policies. Nobody but its service principal should be
--    granted anything on it.
--    Who can run it: a user with CREATE CATALOG on the metastore. If the metastore has no storage of its own, add
--    MANAGED LOCATION '<url>' behind the catalog's name.
DECLARE OR REPLACE VARIABLE sluice_statement STRING;
CREATE CATALOG IF NOT EXISTS `new_catalog` COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.';

-- Ends the script where the catalog is not this Sluice instance's: two instances must not share one. The statements behind
-- it are put together from the catalog's mark, so that none of them does anything to another's catalog.
SELECT assert_true(count(*) = 1, 'The catalog exists and is not this Sluice instance\'s: name another one')
  FROM system.information_schema.catalogs WHERE catalog_name = 'new_catalog' AND comment = 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.';

SET VAR sluice_statement = (SELECT 'CREATE SCHEMA IF NOT EXISTS `new_catalog`.`entitlements`'
  FROM system.information_schema.catalogs WHERE catalog_name = 'new_catalog' AND comment = 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.');
EXECUTE IMMEDIATE sluice_statement;
SET VAR sluice_statement = (SELECT 'CREATE SCHEMA IF NOT EXISTS `new_catalog`.`functions`'
  FROM system.information_schema.catalogs WHERE catalog_name = 'new_catalog' AND comment = 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.');
EXECUTE IMMEDIATE sluice_statement;
SET VAR sluice_statement = (SELECT 'GRANT USE CATALOG, USE SCHEMA, CREATE TABLE, CREATE FUNCTION, SELECT, MODIFY, EXECUTE, MANAGE ON CATALOG `new_catalog` TO `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`'
  FROM system.information_schema.catalogs WHERE catalog_name = 'new_catalog' AND comment = 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.');
EXECUTE IMMEDIATE sluice_statement;

-- 2. System tables, for query audit.
--    Who can run it: a user who is both a metastore admin and an account admin. The schemas access and query must be
--    enabled on the metastore.
GRANT USE CATALOG ON CATALOG system TO `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;
GRANT USE SCHEMA ON SCHEMA system.access TO `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;
GRANT USE SCHEMA ON SCHEMA system.query TO `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;
GRANT SELECT ON TABLE system.access.table_lineage TO `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;
GRANT SELECT ON TABLE system.access.column_lineage TO `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;
GRANT SELECT ON TABLE system.access.audit TO `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;
GRANT SELECT ON TABLE system.query.history TO `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;

-- 3. What Sluice is to govern: the statement below for each catalog, with the catalog's name and the service
--    principal's application id put in, and without the two hyphens. It holds for all schemas and tables of the
--    catalog; to govern less, grant USE SCHEMA, MODIFY and SELECT on single schemas or tables instead. MODIFY is of no
--    use on materialized views and need not be granted there.
--    Who can run it: the catalog's owner, or a user with MANAGE on it.
-- GRANT USE CATALOG, MANAGE, USE SCHEMA, MODIFY, SELECT ON CATALOG `catalog` TO `application-id`;

-- 4. The service principal that Sluice used before. Run this part when the connection was updated and works, not
--    earlier. On the governed catalogs, take away by hand what was granted to it.
--    Who can run it: the owner of Sluice's catalog.

-- The service principal of the former token is not known here. Unless it is the one that Sluice uses now, take away by
-- hand what was granted to it on Sluice's catalog and on the system tables too.
