-- Takes away what Sluice's setup script made in Databricks Unity Catalog, and what Sluice has done there since. Run it
-- in the SQL editor or a notebook, from the top to the bottom, after the connection was deleted in Sluice. Running
-- it again does no harm.

-- 1. The catalog of Sluice's own, with all that is in it. A table that still has a column mask or row filter from it
--    could not be read any more if it were gone: it stays until those are off (ALTER TABLE … ALTER COLUMN … DROP MASK,
--    ALTER TABLE … DROP ROW FILTER).
--    Who can run it: the catalog's owner, who should have SELECT on what was governed: Databricks shows nobody the
--    masks and filters of other tables.
DECLARE OR REPLACE VARIABLE sluice_statement STRING;

-- Ends the script where the catalog is not this Sluice instance's, or where tables still have masks or row filters from
-- it: the second answer names them. The statement behind it is put together from the catalog's mark and from what is
-- attached, so that it does nothing to another's catalog, or to one that is still needed.
SELECT assert_true(count(*) = 0, 'The catalog is not this Sluice instance\'s: it is left as it is')
  FROM system.information_schema.catalogs WHERE catalog_name = 'new_catalog' AND (comment IS NULL OR NOT comment = 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.');

SELECT * FROM (
    SELECT table_catalog, table_schema, table_name, column_name AS masked_column FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name, r.column_name AS column_name,
      replace(concat_ws('.', r.mask_catalog, r.mask_schema, r.mask_name), '`', '') AS function_name, coalesce(r.using_columns, r.mask_col_usage) AS given
      FROM (SELECT from_json(to_json(struct(*)), 'table_catalog STRING, table_schema STRING, table_name STRING, column_name STRING, catalog_name STRING, schema_name STRING, mask_catalog STRING, mask_schema STRING, mask_name STRING, using_columns STRING, mask_col_usage STRING') AS r
      FROM system.information_schema.column_masks))
      WHERE startswith(lower(function_name), 'new_catalog.') OR function_name NOT LIKE '%.%.%'
    UNION ALL SELECT table_catalog, table_schema, table_name, NULL FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name,
      replace(concat_ws('.', r.filter_catalog, r.filter_schema, r.filter_name), '`', '') AS function_name, coalesce(r.target_columns, r.filter_col_usage) AS given
      FROM (SELECT from_json(to_json(struct(*)), 'table_catalog STRING, table_schema STRING, table_name STRING, catalog_name STRING, schema_name STRING, filter_catalog STRING, filter_schema STRING, filter_name STRING, target_columns STRING, filter_col_usage STRING') AS r
      FROM system.information_schema.row_filters))
      WHERE startswith(lower(function_name), 'new_catalog.') OR function_name NOT LIKE '%.%.%');
SELECT assert_true(count(*) = 0, 'Tables still have masks or row filters from the catalog: it stays as it is') FROM (
    SELECT table_catalog, table_schema, table_name, column_name AS masked_column FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name, r.column_name AS column_name,
      replace(concat_ws('.', r.mask_catalog, r.mask_schema, r.mask_name), '`', '') AS function_name, coalesce(r.using_columns, r.mask_col_usage) AS given
      FROM (SELECT from_json(to_json(struct(*)), 'table_catalog STRING, table_schema STRING, table_name STRING, column_name STRING, catalog_name STRING, schema_name STRING, mask_catalog STRING, mask_schema STRING, mask_name STRING, using_columns STRING, mask_col_usage STRING') AS r
      FROM system.information_schema.column_masks))
      WHERE startswith(lower(function_name), 'new_catalog.') OR function_name NOT LIKE '%.%.%'
    UNION ALL SELECT table_catalog, table_schema, table_name, NULL FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name,
      replace(concat_ws('.', r.filter_catalog, r.filter_schema, r.filter_name), '`', '') AS function_name, coalesce(r.target_columns, r.filter_col_usage) AS given
      FROM (SELECT from_json(to_json(struct(*)), 'table_catalog STRING, table_schema STRING, table_name STRING, catalog_name STRING, schema_name STRING, filter_catalog STRING, filter_schema STRING, filter_name STRING, target_columns STRING, filter_col_usage STRING') AS r
      FROM system.information_schema.row_filters))
      WHERE startswith(lower(function_name), 'new_catalog.') OR function_name NOT LIKE '%.%.%');

SET VAR sluice_statement = (SELECT CASE WHEN count(*) = 0 THEN 'SELECT \'Nothing to change\'' ELSE max(CASE WHEN comment = 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.' AND (SELECT count(*) FROM (
    SELECT table_catalog, table_schema, table_name, column_name AS masked_column FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name, r.column_name AS column_name,
      replace(concat_ws('.', r.mask_catalog, r.mask_schema, r.mask_name), '`', '') AS function_name, coalesce(r.using_columns, r.mask_col_usage) AS given
      FROM (SELECT from_json(to_json(struct(*)), 'table_catalog STRING, table_schema STRING, table_name STRING, column_name STRING, catalog_name STRING, schema_name STRING, mask_catalog STRING, mask_schema STRING, mask_name STRING, using_columns STRING, mask_col_usage STRING') AS r
      FROM system.information_schema.column_masks))
      WHERE startswith(lower(function_name), 'new_catalog.') OR function_name NOT LIKE '%.%.%'
    UNION ALL SELECT table_catalog, table_schema, table_name, NULL FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name,
      replace(concat_ws('.', r.filter_catalog, r.filter_schema, r.filter_name), '`', '') AS function_name, coalesce(r.target_columns, r.filter_col_usage) AS given
      FROM (SELECT from_json(to_json(struct(*)), 'table_catalog STRING, table_schema STRING, table_name STRING, catalog_name STRING, schema_name STRING, filter_catalog STRING, filter_schema STRING, filter_name STRING, target_columns STRING, filter_col_usage STRING') AS r
      FROM system.information_schema.row_filters))
      WHERE startswith(lower(function_name), 'new_catalog.') OR function_name NOT LIKE '%.%.%')) = 0 THEN 'DROP CATALOG IF EXISTS `new_catalog` CASCADE' END) END
  FROM system.information_schema.catalogs WHERE catalog_name = 'new_catalog');
EXECUTE IMMEDIATE sluice_statement;

-- 2. System tables.
--    Who can run it: a user who is both a metastore admin and an account admin.

-- >>> Put in the application id of Sluice's service principal (a token does not tell it), then run this part. <<<
DECLARE OR REPLACE VARIABLE sluice_principal STRING DEFAULT 'PUT-THE-APPLICATION-ID-HERE';
DECLARE OR REPLACE VARIABLE sluice_statement STRING;
SELECT assert_true(length(session.sluice_principal) = 36 AND regexp_replace(lower(session.sluice_principal), '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\$', '') = '', 'Put the application id of a service principal, which is a UUID, into sluice_principal first');
SET VAR sluice_statement = CASE WHEN length(session.sluice_principal) = 36 AND regexp_replace(lower(session.sluice_principal), '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\$', '') = '' THEN 'REVOKE SELECT ON TABLE system.access.table_lineage FROM `' || session.sluice_principal || '`' END;
EXECUTE IMMEDIATE sluice_statement;
SET VAR sluice_statement = CASE WHEN length(session.sluice_principal) = 36 AND regexp_replace(lower(session.sluice_principal), '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\$', '') = '' THEN 'REVOKE SELECT ON TABLE system.access.column_lineage FROM `' || session.sluice_principal || '`' END;
EXECUTE IMMEDIATE sluice_statement;
SET VAR sluice_statement = CASE WHEN length(session.sluice_principal) = 36 AND regexp_replace(lower(session.sluice_principal), '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\$', '') = '' THEN 'REVOKE SELECT ON TABLE system.access.audit FROM `' || session.sluice_principal || '`' END;
EXECUTE IMMEDIATE sluice_statement;
SET VAR sluice_statement = CASE WHEN length(session.sluice_principal) = 36 AND regexp_replace(lower(session.sluice_principal), '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\$', '') = '' THEN 'REVOKE SELECT ON TABLE system.query.history FROM `' || session.sluice_principal || '`' END;
EXECUTE IMMEDIATE sluice_statement;
SET VAR sluice_statement = CASE WHEN length(session.sluice_principal) = 36 AND regexp_replace(lower(session.sluice_principal), '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\$', '') = '' THEN 'REVOKE USE SCHEMA ON SCHEMA system.access FROM `' || session.sluice_principal || '`' END;
EXECUTE IMMEDIATE sluice_statement;
SET VAR sluice_statement = CASE WHEN length(session.sluice_principal) = 36 AND regexp_replace(lower(session.sluice_principal), '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\$', '') = '' THEN 'REVOKE USE SCHEMA ON SCHEMA system.query FROM `' || session.sluice_principal || '`' END;
EXECUTE IMMEDIATE sluice_statement;
SET VAR sluice_statement = CASE WHEN length(session.sluice_principal) = 36 AND regexp_replace(lower(session.sluice_principal), '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\$', '') = '' THEN 'REVOKE USE CATALOG ON CATALOG system FROM `' || session.sluice_principal || '`' END;
EXECUTE IMMEDIATE sluice_statement;

-- 3. What Sluice governed: the statement below for each catalog, with the catalog's name and the service principal's
--    application id put in, and without the two hyphens.
--    Who can run it: the catalog's owner, or a user with MANAGE on it.
-- REVOKE USE CATALOG, MANAGE, USE SCHEMA, MODIFY, SELECT ON CATALOG `catalog` FROM `application-id`;
