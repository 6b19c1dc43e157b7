-- Takes away what Sluice's setup script made in Databricks Unity Catalog, and what Sluice has done there since. Run it
-- in the SQL editor or a notebook, from the top to the bottom, after the connection was deleted in Sluice. Running
-- it again does no harm.

-- Databricks could not be asked just now what Sluice's functions mask and filter. Masks and row filters that Sluice has
-- left on renamed columns and moved tables are not named below: have the script written again when it can be asked.

-- 1. What Sluice has granted, and then what masks and filters by functions of its catalog. What is gone already is
--    passed over.
--    Who can run it: the owner of the catalogs, of several each for their own. Others, with MANAGE or without, are not
--    shown all grants, and what is not shown stays.
DECLARE OR REPLACE VARIABLE sluice_statement STRING;
SET VAR sluice_statement = (SELECT CASE WHEN count(*) = 0 THEN 'SELECT \'Nothing to change\'' ELSE 'REVOKE SELECT ON TABLE `shop`.`it\'s`.`orders` FROM `' || replace(max(grantee), '`', '``') || '`' END
  FROM system.information_schema.table_privileges WHERE table_catalog = 'shop' AND table_schema = 'it\'s' AND table_name = 'orders' AND lower(grantee) = lower('ann@acme.example') AND inherited_from = 'NONE' AND privilege_type IN ('SELECT'));
EXECUTE IMMEDIATE sluice_statement;
SET VAR sluice_statement = (SELECT CASE WHEN count(*) = 0 THEN 'SELECT \'Nothing to change\'' ELSE 'REVOKE USE SCHEMA ON SCHEMA `shop`.`it\'s` FROM `' || replace(max(grantee), '`', '``') || '`' END
  FROM system.information_schema.schema_privileges WHERE catalog_name = 'shop' AND schema_name = 'it\'s' AND lower(grantee) = lower('ann@acme.example') AND inherited_from = 'NONE' AND privilege_type IN ('USE_SCHEMA'));
EXECUTE IMMEDIATE sluice_statement;
SET VAR sluice_statement = (SELECT CASE WHEN count(*) = 0 THEN 'SELECT \'Nothing to change\'' ELSE 'REVOKE USE CATALOG ON CATALOG `shop` FROM `' || replace(max(grantee), '`', '``') || '`' END
  FROM system.information_schema.catalog_privileges WHERE catalog_name = 'shop' AND lower(grantee) = lower('ann@acme.example') AND inherited_from = 'NONE' AND privilege_type IN ('USE_CATALOG'));
EXECUTE IMMEDIATE sluice_statement;
SET VAR sluice_statement = (SELECT CASE WHEN count(*) = 0 THEN 'SELECT \'Nothing to change\'' ELSE 'ALTER ' || max(CASE t.table_type WHEN 'MATERIALIZED_VIEW' THEN 'MATERIALIZED VIEW' WHEN 'STREAMING_TABLE' THEN 'STREAMING TABLE' ELSE 'TABLE' END) || ' `shop`.`it\'s`.`orders` ALTER COLUMN `e-mail` DROP MASK' END
  FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name, r.column_name AS column_name,
      replace(concat_ws('.', r.mask_catalog, r.mask_schema, r.mask_name), '`', '') AS function_name, coalesce(r.using_columns, r.mask_col_usage) AS given
      FROM (SELECT from_json(to_json(struct(*)), 'table_catalog STRING, table_schema STRING, table_name STRING, column_name STRING, catalog_name STRING, schema_name STRING, mask_catalog STRING, mask_schema STRING, mask_name STRING, using_columns STRING, mask_col_usage STRING') AS r
      FROM system.information_schema.column_masks)) a
  JOIN system.information_schema.tables t ON t.table_catalog = a.table_catalog AND t.table_schema = a.table_schema AND t.table_name = a.table_name
  WHERE a.table_catalog = 'shop' AND a.table_schema = 'it\'s' AND a.table_name = 'orders' AND a.column_name = 'e-mail' AND startswith(lower(function_name), 'new_catalog.'));
EXECUTE IMMEDIATE sluice_statement;
SET VAR sluice_statement = (SELECT CASE WHEN count(*) = 0 THEN 'SELECT \'Nothing to change\'' ELSE 'ALTER ' || max(CASE t.table_type WHEN 'MATERIALIZED_VIEW' THEN 'MATERIALIZED VIEW' WHEN 'STREAMING_TABLE' THEN 'STREAMING TABLE' ELSE 'TABLE' END) || ' `shop`.`it\'s`.`orders` DROP ROW FILTER' END
  FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name,
      replace(concat_ws('.', r.filter_catalog, r.filter_schema, r.filter_name), '`', '') AS function_name, coalesce(r.target_columns, r.filter_col_usage) AS given
      FROM (SELECT from_json(to_json(struct(*)), 'table_catalog STRING, table_schema STRING, table_name STRING, catalog_name STRING, schema_name STRING, filter_catalog STRING, filter_schema STRING, filter_name STRING, target_columns STRING, filter_col_usage STRING') AS r
      FROM system.information_schema.row_filters)) a
  JOIN system.information_schema.tables t ON t.table_catalog = a.table_catalog AND t.table_schema = a.table_schema AND t.table_name = a.table_name
  WHERE a.table_catalog = 'shop' AND a.table_schema = 'it\'s' AND a.table_name = 'orders' AND startswith(lower(function_name), 'new_catalog.'));
EXECUTE IMMEDIATE sluice_statement;

-- 2. The catalog of Sluice's own, with all that is in it. A table that still has a column mask or row filter from it
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

-- 3. What Sluice governed: the statement below for each catalog, with the catalog's name and the service principal's
--    application id put in, and without the two hyphens.
--    Who can run it: the catalog's owner, or a user with MANAGE on it.
-- REVOKE USE CATALOG, MANAGE, USE SCHEMA, MODIFY, SELECT ON CATALOG `catalog` FROM `application-id`;

-- 4. The account groups that Sluice made. No SQL deletes them: do it in the account console.
SELECT group_to_delete FROM VALUES
  ('SLUICE_readers')
  AS listed(group_to_delete);

-- 5. Grants that Sluice took from people, as statements: run those that they shall have back.
SELECT statement FROM VALUES
  ('GRANT MODIFY ON TABLE `shop`.`it\'s`.`orders` TO `bob@acme.example`')
  AS listed(statement);
