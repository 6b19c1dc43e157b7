-- Changes what Sluice's setup script made in Databricks Unity Catalog. Run it in the SQL editor or a notebook, from the
-- top to the bottom; each part says who can run it. Running it again changes nothing. Then update the connection.

-- 1. The catalog of Sluice's own, for what it keeps to enforce policies. Nobody but its service principal should be
--    granted anything on it.
--    Who can run it: a user with CREATE CATALOG on the metastore. If the metastore has no storage of its own, add
--    MANAGED LOCATION '<url>' behind the catalog's name.
DECLARE OR REPLACE VARIABLE sluice_statement STRING;
CREATE CATALOG IF NOT EXISTS `other_catalog` COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.';

-- Ends the script where the catalog is not this Sluice instance's: two instances must not share one. The statements behind
-- it are put together from the catalog's mark, so that none of them does anything to another's catalog.
SELECT assert_true(count(*) = 1, 'The catalog exists and is not this Sluice instance\'s: name another one')
  FROM system.information_schema.catalogs WHERE catalog_name = 'other_catalog' AND comment = 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.';

SET VAR sluice_statement = (SELECT 'CREATE SCHEMA IF NOT EXISTS `other_catalog`.`entitlements`'
  FROM system.information_schema.catalogs WHERE catalog_name = 'other_catalog' AND comment = 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.');
EXECUTE IMMEDIATE sluice_statement;
SET VAR sluice_statement = (SELECT 'CREATE SCHEMA IF NOT EXISTS `other_catalog`.`functions`'
  FROM system.information_schema.catalogs WHERE catalog_name = 'other_catalog' AND comment = 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.');
EXECUTE IMMEDIATE sluice_statement;
SET VAR sluice_statement = (SELECT 'GRANT USE CATALOG, USE SCHEMA, CREATE TABLE, CREATE FUNCTION, SELECT, MODIFY, EXECUTE, MANAGE ON CATALOG `other_catalog` TO `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`'
  FROM system.information_schema.catalogs WHERE catalog_name = 'other_catalog' AND comment = 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.');
EXECUTE IMMEDIATE sluice_statement;

-- The catalog that Sluice used before is left as it is, because tables may still be protected by functions in it. When
-- Sluice has applied all its policies anew, the script of POST /integrations/scripts/cleanup for the former
-- configuration takes it away.
