-- Changes what Sluice's setup script made in Databricks Unity Catalog. Run it in the SQL editor or a notebook, from the
-- top to the bottom; each part says who can run it. Running it again changes nothing. Then update the connection.

-- 2. System tables.
--    Who can run it: a user who is both a metastore admin and an account admin.
REVOKE SELECT ON TABLE system.access.table_lineage FROM `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;
REVOKE SELECT ON TABLE system.access.column_lineage FROM `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;
REVOKE SELECT ON TABLE system.access.audit FROM `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;
REVOKE SELECT ON TABLE system.query.history FROM `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;
REVOKE USE SCHEMA ON SCHEMA system.access FROM `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;
REVOKE USE SCHEMA ON SCHEMA system.query FROM `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;
REVOKE USE CATALOG ON CATALOG system FROM `aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;
