-- kind: ALTER
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-table
SET VAR sluice_statement = (SELECT CASE WHEN count(*) = 0 THEN 'SELECT \'Nothing to change\'' ELSE 'ALTER ' || max(CASE t.table_type WHEN 'MATERIALIZED_VIEW' THEN 'MATERIALIZED VIEW' WHEN 'STREAMING_TABLE' THEN 'STREAMING TABLE' ELSE 'TABLE' END) || ' `shop`.`it\'s`.`orders` ALTER COLUMN `e-mail` DROP MASK' END

-- kind: ALTER COLUMN … DROP MASK
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-column-mask
SET VAR sluice_statement = (SELECT CASE WHEN count(*) = 0 THEN 'SELECT \'Nothing to change\'' ELSE 'ALTER ' || max(CASE t.table_type WHEN 'MATERIALIZED_VIEW' THEN 'MATERIALIZED VIEW' WHEN 'STREAMING_TABLE' THEN 'STREAMING TABLE' ELSE 'TABLE' END) || ' `shop`.`it\'s`.`orders` ALTER COLUMN `e-mail` DROP MASK' END

-- kind: ALTER TABLE … ALTER COLUMN … DROP MASK
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-column-mask
ALTER TABLE … ALTER COLUMN … DROP MASK

-- kind: ALTER TABLE … DROP ROW FILTER
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-row-filter
ALTER TABLE … DROP ROW FILTER

-- kind: CREATE CATALOG IF NOT EXISTS … COMMENT
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-catalog
CREATE CATALOG IF NOT EXISTS `new_catalog` COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.';

-- kind: CREATE SCHEMA IF NOT EXISTS …
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-schema
SET VAR sluice_statement = (SELECT 'CREATE SCHEMA IF NOT EXISTS `new_catalog`.`entitlements`'

-- kind: DECLARE OR REPLACE VARIABLE
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-declare-variable
DECLARE OR REPLACE VARIABLE sluice_principal STRING DEFAULT 'PUT-THE-APPLICATION-ID-HERE';

-- kind: DROP CATALOG IF EXISTS … CASCADE
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-drop-catalog
WHERE startswith(lower(function_name), 'new_catalog.') OR function_name NOT LIKE '%.%.%')) = 0 THEN 'DROP CATALOG IF EXISTS `new_catalog` CASCADE' END) END

-- kind: DROP ROW FILTER
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-row-filter
SET VAR sluice_statement = (SELECT CASE WHEN count(*) = 0 THEN 'SELECT \'Nothing to change\'' ELSE 'ALTER ' || max(CASE t.table_type WHEN 'MATERIALIZED_VIEW' THEN 'MATERIALIZED VIEW' WHEN 'STREAMING_TABLE' THEN 'STREAMING TABLE' ELSE 'TABLE' END) || ' `shop`.`it\'s`.`orders` DROP ROW FILTER' END

-- kind: EXECUTE IMMEDIATE
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-aux-execute-immediate
EXECUTE IMMEDIATE sluice_statement;

-- kind: GRANT MODIFY ON TABLE … TO …
-- https://docs.databricks.com/aws/en/sql/language-manual/security-grant
('GRANT MODIFY ON TABLE `shop`.`it\'s`.`orders` TO `bob@acme.example`')

-- kind: GRANT SELECT ON TABLE … TO …
-- https://docs.databricks.com/aws/en/sql/language-manual/security-grant
GRANT SELECT ON TABLE system.access.audit TO `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;

-- kind: GRANT USE CATALOG ON CATALOG system TO …
-- https://docs.databricks.com/aws/en/sql/language-manual/security-grant
GRANT USE CATALOG ON CATALOG system TO `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;

-- kind: GRANT USE CATALOG, MANAGE, USE SCHEMA, MODIFY, SELECT ON CATALOG … TO …
-- https://docs.databricks.com/aws/en/sql/language-manual/security-grant
GRANT USE CATALOG, MANAGE, USE SCHEMA, MODIFY, SELECT ON CATALOG `catalog` TO `application-id`;

-- kind: GRANT USE CATALOG, USE SCHEMA, CREATE TABLE, CREATE FUNCTION, SELECT, MODIFY, EXECUTE, MANAGE ON CATALOG … TO …
-- https://docs.databricks.com/aws/en/sql/language-manual/security-grant
SET VAR sluice_statement = (SELECT 'GRANT USE CATALOG, USE SCHEMA, CREATE TABLE, CREATE FUNCTION, SELECT, MODIFY, EXECUTE, MANAGE ON CATALOG `new_catalog` TO `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`'

-- kind: GRANT USE SCHEMA ON SCHEMA … TO …
-- https://docs.databricks.com/aws/en/sql/language-manual/security-grant
GRANT USE SCHEMA ON SCHEMA system.access TO `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;

-- kind: MATERIALIZED VIEW
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-materialized-view
SET VAR sluice_statement = (SELECT CASE WHEN count(*) = 0 THEN 'SELECT \'Nothing to change\'' ELSE 'ALTER ' || max(CASE t.table_type WHEN 'MATERIALIZED_VIEW' THEN 'MATERIALIZED VIEW' WHEN 'STREAMING_TABLE' THEN 'STREAMING TABLE' ELSE 'TABLE' END) || ' `shop`.`it\'s`.`orders` ALTER COLUMN `e-mail` DROP MASK' END

-- kind: REVOKE SELECT ON TABLE … FROM …
-- https://docs.databricks.com/aws/en/sql/language-manual/security-revoke
REVOKE SELECT ON TABLE system.access.audit FROM `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;

-- kind: REVOKE USE CATALOG ON CATALOG system FROM …
-- https://docs.databricks.com/aws/en/sql/language-manual/security-revoke
REVOKE USE CATALOG ON CATALOG system FROM `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;

-- kind: REVOKE USE CATALOG ON CATALOG … FROM …
-- https://docs.databricks.com/aws/en/sql/language-manual/security-revoke
SET VAR sluice_statement = (SELECT CASE WHEN count(*) = 0 THEN 'SELECT \'Nothing to change\'' ELSE 'REVOKE USE CATALOG ON CATALOG `shop` FROM `' || replace(max(grantee), '`', '``') || '`' END

-- kind: REVOKE USE CATALOG, MANAGE, USE SCHEMA, MODIFY, SELECT ON CATALOG … FROM …
-- https://docs.databricks.com/aws/en/sql/language-manual/security-revoke
REVOKE USE CATALOG, MANAGE, USE SCHEMA, MODIFY, SELECT ON CATALOG `catalog` FROM `application-id`;

-- kind: REVOKE USE CATALOG, USE SCHEMA, CREATE TABLE, CREATE FUNCTION, SELECT, MODIFY, EXECUTE, MANAGE ON CATALOG … FROM …
-- https://docs.databricks.com/aws/en/sql/language-manual/security-revoke
SET VAR sluice_statement = (SELECT 'REVOKE USE CATALOG, USE SCHEMA, CREATE TABLE, CREATE FUNCTION, SELECT, MODIFY, EXECUTE, MANAGE ON CATALOG `new_catalog` FROM `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`'

-- kind: REVOKE USE SCHEMA ON SCHEMA … FROM …
-- https://docs.databricks.com/aws/en/sql/language-manual/security-revoke
REVOKE USE SCHEMA ON SCHEMA system.access FROM `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;

-- kind: SELECT
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-qry-select
SET VAR sluice_statement = (SELECT CASE WHEN count(*) = 0 THEN 'SELECT \'Nothing to change\'' ELSE 'ALTER ' || max(CASE t.table_type WHEN 'MATERIALIZED_VIEW' THEN 'MATERIALIZED VIEW' WHEN 'STREAMING_TABLE' THEN 'STREAMING TABLE' ELSE 'TABLE' END) || ' `shop`.`it\'s`.`orders` ALTER COLUMN `e-mail` DROP MASK' END

-- kind: SELECT * FROM
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-qry-select
SELECT * FROM (

-- kind: SELECT assert_true
-- https://docs.databricks.com/aws/en/sql/language-manual/functions/assert_true
SELECT assert_true(count(*) = 0, 'Tables still have masks or row filters from the catalog: it stays as it is') FROM (

-- kind: SELECT group_to_delete FROM VALUES
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-qry-select-values
SELECT group_to_delete FROM VALUES

-- kind: SELECT statement FROM VALUES
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-qry-select-values
SELECT statement FROM VALUES

-- kind: SET VAR
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-aux-set-variable
SET VAR sluice_statement = (SELECT 'CREATE SCHEMA IF NOT EXISTS `new_catalog`.`entitlements`'

-- kind: STREAMING TABLE
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-streaming-table
SET VAR sluice_statement = (SELECT CASE WHEN count(*) = 0 THEN 'SELECT \'Nothing to change\'' ELSE 'ALTER ' || max(CASE t.table_type WHEN 'MATERIALIZED_VIEW' THEN 'MATERIALIZED VIEW' WHEN 'STREAMING_TABLE' THEN 'STREAMING TABLE' ELSE 'TABLE' END) || ' `shop`.`it\'s`.`orders` ALTER COLUMN `e-mail` DROP MASK' END

