-- Changes what Sluice's setup script made in Databricks Unity Catalog. Run it in the SQL editor or a notebook, from the
-- top to the bottom; each part says who can run it. Running it again changes nothing. Then update the connection.

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
