-- kind: ALTER MATERIALIZED VIEW `` ALTER COLUMN `` DROP MASK
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-materialized-view
ALTER MATERIALIZED VIEW `cases`.`s`.`t` ALTER COLUMN `email` DROP MASK;

-- kind: ALTER MATERIALIZED VIEW `` ALTER COLUMN `` SET MASK `` USING COLUMNS (``)
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-materialized-view
ALTER MATERIALIZED VIEW `cases`.`s`.`t` ALTER COLUMN `email` SET MASK `sluice_home`.`functions`.`mask_1` USING COLUMNS (`region`);

-- kind: ALTER MATERIALIZED VIEW `` DROP ROW FILTER
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-materialized-view
ALTER MATERIALIZED VIEW `cases`.`s`.`t` DROP ROW FILTER;

-- kind: ALTER MATERIALIZED VIEW `` SET ROW FILTER `` ON (``)
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-materialized-view
ALTER MATERIALIZED VIEW `cases`.`s`.`t` SET ROW FILTER `sluice_home`.`functions`.`mask_1` ON (`region`);

-- kind: ALTER STREAMING TABLE `` ALTER COLUMN `` DROP MASK
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-streaming-table
ALTER STREAMING TABLE `cases`.`s`.`t` ALTER COLUMN `email` DROP MASK;

-- kind: ALTER STREAMING TABLE `` ALTER COLUMN `` SET MASK `` USING COLUMNS (``)
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-streaming-table
ALTER STREAMING TABLE `cases`.`s`.`t` ALTER COLUMN `email` SET MASK `sluice_home`.`functions`.`mask_1` USING COLUMNS (`region`);

-- kind: ALTER STREAMING TABLE `` DROP ROW FILTER
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-streaming-table
ALTER STREAMING TABLE `cases`.`s`.`t` DROP ROW FILTER;

-- kind: ALTER STREAMING TABLE `` SET ROW FILTER `` ON (``)
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-streaming-table
ALTER STREAMING TABLE `cases`.`s`.`t` SET ROW FILTER `sluice_home`.`functions`.`mask_1` ON (`region`);

-- kind: ALTER TABLE `` ALTER COLUMN `` DROP MASK
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-column-mask
ALTER TABLE `cases`.`s`.`t` ALTER COLUMN `at` DROP MASK;
ALTER TABLE `cases`.`s`.`t` ALTER COLUMN `email` DROP MASK;
ALTER TABLE `cases`.`s`.`t` ALTER COLUMN `price` DROP MASK;

-- kind: ALTER TABLE `` ALTER COLUMN `` SET MASK ``
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-column-mask
ALTER TABLE `cases`.`s`.`t` ALTER COLUMN `at` SET MASK `sluice_home`.`functions`.`mask_f6dcf114ef1716d95b524519330de9d5`;
ALTER TABLE `cases`.`s`.`t` ALTER COLUMN `email` SET MASK `sluice_home`.`functions`.`mask_3671fd3749f13e5e5929f01fd1504567`;
ALTER TABLE `cases`.`s`.`t` ALTER COLUMN `email` SET MASK `sluice_home`.`functions`.`mask_968be3ee78611d85fc62e78aa4c2197d`;
ALTER TABLE `cases`.`s`.`t` ALTER COLUMN `email` SET MASK `sluice_home`.`functions`.`mask_bdb3bfa549a67d5586fa2f4858a47cd5`;
ALTER TABLE `cases`.`s`.`t` ALTER COLUMN `price` SET MASK `sluice_home`.`functions`.`mask_ca9c46711ce25e466769c555e405b171`;
ALTER TABLE `cases`.`s`.`t` ALTER COLUMN `price` SET MASK `sluice_home`.`functions`.`mask_ee61fb5ad089a4bb20501f74b6c3f6bc`;
ALTER TABLE `cases`.`s`.`t` ALTER COLUMN `price` SET MASK `sluice_home`.`functions`.`mask_f1cc514c4b5fa6f01c7cc8b37f286ca2`;

-- kind: ALTER TABLE `` ALTER COLUMN `` SET MASK `` USING COLUMNS (``)
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-column-mask
ALTER TABLE `cases`.`s`.`t` ALTER COLUMN `email` SET MASK `sluice_home`.`functions`.`mask_1` USING COLUMNS (`region`);
ALTER TABLE `cases`.`s`.`t` ALTER COLUMN `email` SET MASK `sluice_home`.`functions`.`mask_8b14949c99ed7e590992dc86b29bd7df` USING COLUMNS (`region`);

-- kind: ALTER TABLE `` DROP ROW FILTER
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-row-filter
ALTER TABLE `cases`.`s`.`t` DROP ROW FILTER;

-- kind: ALTER TABLE `` SET ROW FILTER `` ON ()
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-row-filter
ALTER TABLE `cases`.`s`.`t` SET ROW FILTER `sluice_home`.`functions`.`filter_6dd4d8ef7f7ad4a3be7a0c70856acb01` ON ();

-- kind: ALTER TABLE `` SET ROW FILTER `` ON (``)
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-row-filter
ALTER TABLE `cases`.`s`.`t` SET ROW FILTER `sluice_home`.`functions`.`filter_75966d76bfb4e2317ad89ed1042aec86` ON (`id`);
ALTER TABLE `cases`.`s`.`t` SET ROW FILTER `sluice_home`.`functions`.`filter_841d5e1ee5ad1d73598568e6b34ff674` ON (`region`);
ALTER TABLE `cases`.`s`.`t` SET ROW FILTER `sluice_home`.`functions`.`mask_1` ON (`region`);

-- kind: COMMENT ON TABLE `` IS ''
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-comment
COMMENT ON TABLE `sluice_home`.`entitlements`.`epoch` IS 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is. Epoch 2.';

-- kind: CREATE OR REPLACE FUNCTION ``(…) RETURNS … COMMENT '' RETURN …
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-sql-function
CREATE OR REPLACE FUNCTION `sluice_home`.`functions`.`call_9299b4c016f83b41c748ce65698f7c6c`(c0 STRING) RETURNS STRING COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.' RETURN try_cast(`gov`.`masks`.`loud`(c0) AS STRING);
CREATE OR REPLACE FUNCTION `sluice_home`.`functions`.`filter_6dd4d8ef7f7ad4a3be7a0c70856acb01`() RETURNS BOOLEAN COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.' RETURN false;
CREATE OR REPLACE FUNCTION `sluice_home`.`functions`.`filter_75966d76bfb4e2317ad89ed1042aec86`(c0 BIGINT) RETURNS BOOLEAN COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.' RETURN (((NOT EXISTS (SELECT 1 FROM `sluice_home`.`entitlements`.`registered` r WHERE lower(r.identity) = lower(session_user()))) OR EXISTS (SELECT 1 FROM `sluice_home`.`entitlements`.`exemption` e WHERE lower(e.identity) = lower(session_user()) AND e.audience = '2ca2bcb1aa61b7484297128cdff0eda21e9cb08e')) OR coalesce((c0 IS NULL), false));
CREATE OR REPLACE FUNCTION `sluice_home`.`functions`.`filter_841d5e1ee5ad1d73598568e6b34ff674`(c0 STRING) RETURNS BOOLEAN COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.' RETURN (EXISTS (SELECT 1 FROM `sluice_home`.`entitlements`.`exemption` e WHERE lower(e.identity) = lower(session_user()) AND e.audience = '29ed8cccde9e9741fa646fc9c952abb2154b9522') OR coalesce((CASE WHEN array_contains((SELECT try_element_at(from_json(e.known, 'attributes MAP<STRING, STRUCT<`all`: ARRAY<STRING>, `some`: ARRAY<STRING>>>').attributes, 'Region').`all` FROM `sluice_home`.`entitlements`.`entitlement` e WHERE lower(e.identity) = lower(session_user())), c0) THEN true WHEN c0 IS NOT NULL AND NOT array_contains((SELECT try_element_at(from_json(e.known, 'attributes MAP<STRING, STRUCT<`all`: ARRAY<STRING>, `some`: ARRAY<STRING>>>').attributes, 'Region').`some` FROM `sluice_home`.`entitlements`.`entitlement` e WHERE lower(e.identity) = lower(session_user())), c0) THEN false END), false));
CREATE OR REPLACE FUNCTION `sluice_home`.`functions`.`mask_3671fd3749f13e5e5929f01fd1504567`(c0 STRING) RETURNS STRING COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.' RETURN CASE WHEN (NOT EXISTS (SELECT 1 FROM `sluice_home`.`entitlements`.`exemption` e WHERE lower(e.identity) = lower(session_user()) AND e.audience = '29ed8cccde9e9741fa646fc9c952abb2154b9522')) THEN NULL ELSE c0 END;
CREATE OR REPLACE FUNCTION `sluice_home`.`functions`.`mask_8b14949c99ed7e590992dc86b29bd7df`(c0 STRING, c1 STRING) RETURNS STRING COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.' RETURN CASE WHEN ((NOT ((NOT EXISTS (SELECT 1 FROM `sluice_home`.`entitlements`.`registered` r WHERE lower(r.identity) = lower(session_user()))) OR EXISTS (SELECT 1 FROM `sluice_home`.`entitlements`.`exemption` e WHERE lower(e.identity) = lower(session_user()) AND e.audience = '29ed8cccde9e9741fa646fc9c952abb2154b9522'))) AND coalesce((c1 = 'EU'), true)) THEN `sluice_home`.`functions`.`call_9299b4c016f83b41c748ce65698f7c6c`(c0) ELSE c0 END;
CREATE OR REPLACE FUNCTION `sluice_home`.`functions`.`mask_968be3ee78611d85fc62e78aa4c2197d`(c0 STRING) RETURNS STRING COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.' RETURN CAST(NULL AS STRING);
CREATE OR REPLACE FUNCTION `sluice_home`.`functions`.`mask_bdb3bfa549a67d5586fa2f4858a47cd5`(c0 STRING) RETURNS STRING COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.' RETURN CASE WHEN (NOT EXISTS (SELECT 1 FROM `sluice_home`.`entitlements`.`exemption` e WHERE lower(e.identity) = lower(session_user()) AND e.audience = '29ed8cccde9e9741fa646fc9c952abb2154b9522')) THEN sha2(concat((SELECT s.salt FROM `sluice_home`.`entitlements`.`salt` s), c0), 256) ELSE c0 END;
CREATE OR REPLACE FUNCTION `sluice_home`.`functions`.`mask_ca9c46711ce25e466769c555e405b171`(c0 DECIMAL(10,2)) RETURNS DECIMAL(10,2) COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.' RETURN CASE WHEN (NOT EXISTS (SELECT 1 FROM `sluice_home`.`entitlements`.`exemption` e WHERE lower(e.identity) = lower(session_user()) AND e.audience = '29ed8cccde9e9741fa646fc9c952abb2154b9522')) THEN try_cast((c0 - (((c0 % 10) + 10) % 10)) AS DECIMAL(10,2)) ELSE c0 END;
CREATE OR REPLACE FUNCTION `sluice_home`.`functions`.`mask_ee61fb5ad089a4bb20501f74b6c3f6bc`(c0 DECIMAL(10,2)) RETURNS DECIMAL(10,2) COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.' RETURN CASE WHEN (NOT ((NOT EXISTS (SELECT 1 FROM `sluice_home`.`entitlements`.`registered` r WHERE lower(r.identity) = lower(session_user()))) OR EXISTS (SELECT 1 FROM `sluice_home`.`entitlements`.`exemption` e WHERE lower(e.identity) = lower(session_user()) AND e.audience = '2ca2bcb1aa61b7484297128cdff0eda21e9cb08e'))) THEN NULL ELSE c0 END;
CREATE OR REPLACE FUNCTION `sluice_home`.`functions`.`mask_f1cc514c4b5fa6f01c7cc8b37f286ca2`(c0 DECIMAL(10,2)) RETURNS DECIMAL(10,2) COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.' RETURN CAST(NULL AS DECIMAL(10,2));
CREATE OR REPLACE FUNCTION `sluice_home`.`functions`.`mask_f6dcf114ef1716d95b524519330de9d5`(c0 TIMESTAMP) RETURNS TIMESTAMP COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.' RETURN CASE WHEN (NOT ((NOT EXISTS (SELECT 1 FROM `sluice_home`.`entitlements`.`registered` r WHERE lower(r.identity) = lower(session_user()))) OR EXISTS (SELECT 1 FROM `sluice_home`.`entitlements`.`exemption` e WHERE lower(e.identity) = lower(session_user()) AND e.audience = '29ed8cccde9e9741fa646fc9c952abb2154b9522'))) THEN timestamp_micros(unix_micros(c0) - (((unix_micros(c0) % 86400000000) + 86400000000) % 86400000000)) ELSE c0 END;

-- kind: CREATE TABLE IF NOT EXISTS `` (identity STRING NOT NULL) COMMENT ''
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-table-using
CREATE TABLE IF NOT EXISTS `sluice_home`.`entitlements`.`registered` (identity STRING NOT NULL) COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.';

-- kind: CREATE TABLE IF NOT EXISTS `` (identity STRING NOT NULL, audience STRING NOT NULL) COMMENT ''
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-table-using
CREATE TABLE IF NOT EXISTS `sluice_home`.`entitlements`.`exemption` (identity STRING NOT NULL, audience STRING NOT NULL) COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.';

-- kind: CREATE TABLE IF NOT EXISTS `` (identity STRING NOT NULL, known STRING NOT NULL) COMMENT ''
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-table-using
CREATE TABLE IF NOT EXISTS `sluice_home`.`entitlements`.`entitlement` (identity STRING NOT NULL, known STRING NOT NULL) COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.';

-- kind: CREATE TABLE IF NOT EXISTS `` (nothing STRING) COMMENT ''
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-table-using
CREATE TABLE IF NOT EXISTS `sluice_home`.`entitlements`.`epoch` (nothing STRING) COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is. Epoch 1.';

-- kind: CREATE TABLE IF NOT EXISTS `` (salt STRING NOT NULL) COMMENT ''
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-table-using
CREATE TABLE IF NOT EXISTS `sluice_home`.`entitlements`.`salt` (salt STRING NOT NULL) COMMENT 'Made by Sluice, instance instance-1. It is used by that Sluice alone: leave this comment as it is.';

-- kind: DELETE /api/2.0/account/scim/v2/Groups/…
-- https://docs.databricks.com/api/scim/v1/delete-account-group.md
DELETE /api/2.0/account/scim/v2/Groups/<id>;

-- kind: DELETE FROM `` WHERE (audience = '' AND lower(identity) IN (lower('')))
-- https://docs.databricks.com/aws/en/sql/language-manual/delta-delete-from
DELETE FROM `sluice_home`.`entitlements`.`exemption` WHERE (audience = '2ca2bcb1aa61b7484297128cdff0eda21e9cb08e' AND lower(identity) IN (lower('ann@acme.example'), lower('bob@acme.example'))) OR (audience = '29ed8cccde9e9741fa646fc9c952abb2154b9522' AND lower(identity) IN (lower('bob@acme.example')));

-- kind: DELETE FROM `` WHERE lower(identity) IN (lower(''))
-- https://docs.databricks.com/aws/en/sql/language-manual/delta-delete-from
DELETE FROM `sluice_home`.`entitlements`.`entitlement` WHERE lower(identity) IN (lower('ann@acme.example'), lower('bob@acme.example'), lower('cat@acme.example'));
DELETE FROM `sluice_home`.`entitlements`.`registered` WHERE lower(identity) IN (lower('ann@acme.example'), lower('bob@acme.example'), lower('cat@acme.example'));

-- kind: DROP FUNCTION IF EXISTS ``
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-drop-function
DROP FUNCTION IF EXISTS `sluice_home`.`functions`.`call_9299b4c016f83b41c748ce65698f7c6c`;
DROP FUNCTION IF EXISTS `sluice_home`.`functions`.`filter_6dd4d8ef7f7ad4a3be7a0c70856acb01`;
DROP FUNCTION IF EXISTS `sluice_home`.`functions`.`filter_75966d76bfb4e2317ad89ed1042aec86`;
DROP FUNCTION IF EXISTS `sluice_home`.`functions`.`filter_841d5e1ee5ad1d73598568e6b34ff674`;
DROP FUNCTION IF EXISTS `sluice_home`.`functions`.`mask_8b14949c99ed7e590992dc86b29bd7df`;
DROP FUNCTION IF EXISTS `sluice_home`.`functions`.`mask_968be3ee78611d85fc62e78aa4c2197d`;
DROP FUNCTION IF EXISTS `sluice_home`.`functions`.`mask_bdb3bfa549a67d5586fa2f4858a47cd5`;
DROP FUNCTION IF EXISTS `sluice_home`.`functions`.`mask_ca9c46711ce25e466769c555e405b171`;
DROP FUNCTION IF EXISTS `sluice_home`.`functions`.`mask_ee61fb5ad089a4bb20501f74b6c3f6bc`;
DROP FUNCTION IF EXISTS `sluice_home`.`functions`.`mask_f1cc514c4b5fa6f01c7cc8b37f286ca2`;
DROP FUNCTION IF EXISTS `sluice_home`.`functions`.`mask_f6dcf114ef1716d95b524519330de9d5`;

-- kind: DROP TABLE IF EXISTS ``
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-drop-table
DROP TABLE IF EXISTS `sluice_home`.`entitlements`.`entitlement`;
DROP TABLE IF EXISTS `sluice_home`.`entitlements`.`epoch`;
DROP TABLE IF EXISTS `sluice_home`.`entitlements`.`exemption`;
DROP TABLE IF EXISTS `sluice_home`.`entitlements`.`registered`;
DROP TABLE IF EXISTS `sluice_home`.`entitlements`.`salt`;

-- kind: GET /api/1.2/commands/status?clusterId=…&contextId=…&commandId=…
-- https://docs.databricks.com/api/workspace/commandexecution/commandstatus
GET /api/1.2/commands/status?clusterId=0504-<id>-sluice01&contextId=<id>&commandId=<id>;

-- kind: GET /api/1.2/contexts/status?clusterId=…&contextId=…
-- https://docs.databricks.com/api/workspace/commandexecution/contextstatus
GET /api/1.2/contexts/status?clusterId=0504-<id>-sluice01&contextId=<id>;

-- kind: GET /api/2.0/account/scim/v2/Groups/…
-- https://docs.databricks.com/api/scim/v1/get-account-group.md
GET /api/2.0/account/scim/v2/Groups/<id>;

-- kind: GET /api/2.0/account/scim/v2/Groups?attributes=id&startIndex=…&count=…
-- https://docs.databricks.com/api/scim/v1/list-account-groups.md
GET /api/2.0/account/scim/v2/Groups?attributes=id&startIndex=1&count=1;

-- kind: GET /api/2.0/account/scim/v2/Groups?attributes=id,displayName&count=…&filter=displayName co ""&startIndex=…
-- https://docs.databricks.com/api/scim/v1/list-account-groups.md
GET /api/2.0/account/scim/v2/Groups?attributes=id,displayName&count=100&filter=displayName co "@"&startIndex=1;

-- kind: GET /api/2.0/account/scim/v2/Groups?attributes=id,displayName,externalId&count=…&filter=displayName sw ""&startIndex=…
-- https://docs.databricks.com/api/scim/v1/list-account-groups.md
GET /api/2.0/account/scim/v2/Groups?attributes=id,displayName,externalId&count=100&filter=displayName sw "SLUICE_c0ffee_"&startIndex=1;

-- kind: GET /api/2.0/account/scim/v2/ServicePrincipals?attributes=id,applicationId&count=…&startIndex=…
-- https://docs.databricks.com/api/scim/v1/list-account-service-principals.md
GET /api/2.0/account/scim/v2/ServicePrincipals?attributes=id,applicationId&count=100&startIndex=1;

-- kind: GET /api/2.0/account/scim/v2/Users?attributes=id,userName&count=…&filter=userName eq ""&startIndex=…
-- https://docs.databricks.com/api/scim/v1/list-account-users.md
GET /api/2.0/account/scim/v2/Users?attributes=id,userName&count=100&filter=userName eq "ann@acme.example"&startIndex=1;
GET /api/2.0/account/scim/v2/Users?attributes=id,userName&count=100&filter=userName eq "bob@acme.example"&startIndex=1;

-- kind: GET /api/2.0/account/scim/v2/Users?attributes=id,userName&count=…&startIndex=…
-- https://docs.databricks.com/api/scim/v1/list-account-users.md
GET /api/2.0/account/scim/v2/Users?attributes=id,userName&count=100&startIndex=1;

-- kind: GET /api/2.0/preview/scim/v2/Groups?attributes=id,displayName&count=…&filter=displayName co ""&startIndex=…
-- https://docs.databricks.com/api/workspace/groups/list
GET /api/2.0/preview/scim/v2/Groups?attributes=id,displayName&count=100&filter=displayName co "@"&startIndex=1;

-- kind: GET /api/2.0/preview/scim/v2/Groups?attributes=id,displayName,members&count=…&startIndex=…
-- https://docs.databricks.com/api/workspace/groups/list
GET /api/2.0/preview/scim/v2/Groups?attributes=id,displayName,members&count=100&startIndex=1;

-- kind: GET /api/2.0/preview/scim/v2/Me
-- https://docs.databricks.com/api/workspace/currentuser/me

-- kind: GET /api/2.0/preview/scim/v2/ServicePrincipals?attributes=id,applicationId&count=…&startIndex=…
-- https://docs.databricks.com/api/workspace/serviceprincipals/list
GET /api/2.0/preview/scim/v2/ServicePrincipals?attributes=id,applicationId&count=100&startIndex=1;

-- kind: GET /api/2.0/preview/scim/v2/Users?attributes=id,userName&count=…&startIndex=…
-- https://docs.databricks.com/api/workspace/users/list
GET /api/2.0/preview/scim/v2/Users?attributes=id,userName&count=100&startIndex=1;

-- kind: GET /api/2.0/sql/warehouses/…
-- https://docs.databricks.com/api/workspace/warehouses/get
GET /api/2.0/sql/warehouses/0d9f1b7c5a3e2468;

-- kind: GET /api/2.1/unity-catalog/catalogs/…
-- https://docs.databricks.com/api/workspace/catalogs/get
GET /api/2.1/unity-catalog/catalogs/cases;
GET /api/2.1/unity-catalog/catalogs/sluice_home;
GET /api/2.1/unity-catalog/catalogs/workspace;

-- kind: GET /api/2.1/unity-catalog/catalogs?max_results=…
-- https://docs.databricks.com/api/workspace/catalogs/list
GET /api/2.1/unity-catalog/catalogs?max_results=0;

-- kind: GET /api/2.1/unity-catalog/current-metastore-assignment
-- https://docs.databricks.com/api/workspace/metastores/current

-- kind: GET /api/2.1/unity-catalog/effective-permissions/catalog/…?principal=…&max_results=…
-- https://docs.databricks.com/api/workspace/grants/geteffective
GET /api/2.1/unity-catalog/effective-permissions/catalog/cases?principal=<id>&max_results=0;
GET /api/2.1/unity-catalog/effective-permissions/catalog/gov?principal=<id>&max_results=0;
GET /api/2.1/unity-catalog/effective-permissions/catalog/sluice_home?principal=<id>&max_results=0;
GET /api/2.1/unity-catalog/effective-permissions/catalog/workspace?principal=<id>&max_results=0;

-- kind: GET /api/2.1/unity-catalog/functions?catalog_name=…&schema_name=…&max_results=…
-- https://docs.databricks.com/api/workspace/functions/list
GET /api/2.1/unity-catalog/functions?catalog_name=sluice_home&schema_name=functions&max_results=0;

-- kind: GET /api/2.1/unity-catalog/permissions/catalog/…?max_results=…
-- https://docs.databricks.com/api/workspace/grants/get
GET /api/2.1/unity-catalog/permissions/catalog/cases?max_results=0;

-- kind: GET /api/2.1/unity-catalog/permissions/schema/…?max_results=…
-- https://docs.databricks.com/api/workspace/grants/get
GET /api/2.1/unity-catalog/permissions/schema/cases.s?max_results=0;

-- kind: GET /api/2.1/unity-catalog/permissions/table/…?max_results=…
-- https://docs.databricks.com/api/workspace/grants/get
GET /api/2.1/unity-catalog/permissions/table/cases.s.t?max_results=0;

-- kind: GET /api/2.1/unity-catalog/resource-quotas/schema/…/function-quota
-- https://docs.databricks.com/api/uc-resource-quotas/v1/get-quota
GET /api/2.1/unity-catalog/resource-quotas/schema/sluice_home.functions/function-quota;

-- kind: GET /api/2.1/unity-catalog/schemas/…
-- https://docs.databricks.com/api/workspace/schemas/get
GET /api/2.1/unity-catalog/schemas/cases.s;

-- kind: GET /api/2.1/unity-catalog/schemas?catalog_name=…&max_results=…
-- https://docs.databricks.com/api/workspace/schemas/list
GET /api/2.1/unity-catalog/schemas?catalog_name=cases&max_results=0;
GET /api/2.1/unity-catalog/schemas?catalog_name=gov&max_results=0;
GET /api/2.1/unity-catalog/schemas?catalog_name=workspace&max_results=0;

-- kind: GET /api/2.1/unity-catalog/tables/…
-- https://docs.databricks.com/api/workspace/tables/get
GET /api/2.1/unity-catalog/tables/sluice_home.entitlements.epoch;

-- kind: GET /api/2.1/unity-catalog/tables?catalog_name=…&schema_name=…&max_results=…&omit_columns=…&omit_properties=…
-- https://docs.databricks.com/api/workspace/tables/list
GET /api/2.1/unity-catalog/tables?catalog_name=cases&schema_name=s&max_results=0&omit_columns=true&omit_properties=true;
GET /api/2.1/unity-catalog/tables?catalog_name=sluice_home&schema_name=entitlements&max_results=0&omit_columns=true&omit_properties=true;

-- kind: GET /api/2.1/unity-catalog/tables?catalog_name=…&schema_name=…&max_results=…&omit_properties=…
-- https://docs.databricks.com/api/workspace/tables/list
GET /api/2.1/unity-catalog/tables?catalog_name=cases&schema_name=s&max_results=0&omit_properties=true;

-- kind: INSERT INTO `` SELECT sha2(concat(uuid(), uuid(), uuid(), uuid()), n) WHERE NOT EXISTS (SELECT n FROM ``)
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-dml-insert-into
INSERT INTO `sluice_home`.`entitlements`.`salt` SELECT sha2(concat(uuid(), uuid(), uuid(), uuid()), 256) WHERE NOT EXISTS (SELECT 1 FROM `sluice_home`.`entitlements`.`salt`);

-- kind: MERGE INTO `` AS t USING (SELECT * FROM VALUES ('') AS v(identity)) AS s ON lower(t.identity) = lower(s.identity) WHEN NOT MATCHED THEN INSERT (identity) VALUES (s.identity)
-- https://docs.databricks.com/aws/en/sql/language-manual/delta-merge-into
MERGE INTO `sluice_home`.`entitlements`.`registered` AS t USING (SELECT * FROM VALUES ('ann@acme.example'), ('bob@acme.example'), ('cat@acme.example') AS v(identity)) AS s ON lower(t.identity) = lower(s.identity) WHEN NOT MATCHED THEN INSERT (identity) VALUES (s.identity);

-- kind: MERGE INTO `` AS t USING (SELECT * FROM VALUES ('') AS v(identity, audience)) AS s ON lower(t.identity) = lower(s.identity) AND t.audience = s.audience WHEN NOT MATCHED THEN INSERT (identity, audience) VALUES (s.identity, s.audience)
-- https://docs.databricks.com/aws/en/sql/language-manual/delta-merge-into
MERGE INTO `sluice_home`.`entitlements`.`exemption` AS t USING (SELECT * FROM VALUES ('ann@acme.example', '2ca2bcb1aa61b7484297128cdff0eda21e9cb08e'), ('bob@acme.example', '2ca2bcb1aa61b7484297128cdff0eda21e9cb08e') AS v(identity, audience)) AS s ON lower(t.identity) = lower(s.identity) AND t.audience = s.audience WHEN NOT MATCHED THEN INSERT (identity, audience) VALUES (s.identity, s.audience);
MERGE INTO `sluice_home`.`entitlements`.`exemption` AS t USING (SELECT * FROM VALUES ('bob@acme.example', '29ed8cccde9e9741fa646fc9c952abb2154b9522') AS v(identity, audience)) AS s ON lower(t.identity) = lower(s.identity) AND t.audience = s.audience WHEN NOT MATCHED THEN INSERT (identity, audience) VALUES (s.identity, s.audience);

-- kind: MERGE INTO `` AS t USING (SELECT * FROM VALUES ('') AS v(identity, known)) AS s ON lower(t.identity) = lower(s.identity) WHEN MATCHED THEN UPDATE SET known = s.known WHEN NOT MATCHED THEN INSERT (identity, known) VALUES (s.identity, s.known)
-- https://docs.databricks.com/aws/en/sql/language-manual/delta-merge-into
MERGE INTO `sluice_home`.`entitlements`.`entitlement` AS t USING (SELECT * FROM VALUES ('ann@acme.example', '{}'), ('bob@acme.example', '{}'), ('cat@acme.example', '{}') AS v(identity, known)) AS s ON lower(t.identity) = lower(s.identity) WHEN MATCHED THEN UPDATE SET known = s.known WHEN NOT MATCHED THEN INSERT (identity, known) VALUES (s.identity, s.known);

-- kind: PATCH /api/2.0/account/scim/v2/Groups/… {schemas: […], Operations: [{op: add, path: …, value: [{value: …}]}]}
-- https://docs.databricks.com/api/scim/v1/patch-account-group.md
PATCH /api/2.0/account/scim/v2/Groups/<id> {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"members","value":[{"value":"<id>"},{"value":"<id>"}]}]};

-- kind: PATCH /api/2.0/account/scim/v2/Groups/… {schemas: […], Operations: [{op: remove, path: …}]}
-- https://docs.databricks.com/api/scim/v1/patch-account-group.md
PATCH /api/2.0/account/scim/v2/Groups/<id> {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"members[value eq \u00221399269330737591\u0022]"},{"op":"remove","path":"members[value eq \u00229973124154551085\u0022]"}]};

-- kind: PATCH /api/2.1/unity-catalog/permissions/catalog/… {changes: [{principal: …, add: […]}]}
-- https://docs.databricks.com/api/uc-grants/v1/update-permissions
PATCH /api/2.1/unity-catalog/permissions/catalog/cases {"changes":[{"principal":"SLUICE_c0ffee_aud_2ca2bcb1aa61b7484297128cdff0eda21e9cb08e","add":["USE_CATALOG"]}]};
PATCH /api/2.1/unity-catalog/permissions/catalog/cases {"changes":[{"principal":"ann@acme.example","add":["USE_CATALOG"]},{"principal":"bob@acme.example","add":["USE_CATALOG"]}]};
PATCH /api/2.1/unity-catalog/permissions/catalog/cases {"changes":[{"principal":"ann@acme.example","add":["USE_CATALOG"]}]};
PATCH /api/2.1/unity-catalog/permissions/catalog/cases {"changes":[{"principal":"bob@acme.example","add":["USE_CATALOG"]}]};

-- kind: PATCH /api/2.1/unity-catalog/permissions/catalog/… {changes: [{principal: …, remove: […]}]}
-- https://docs.databricks.com/api/uc-grants/v1/update-permissions
PATCH /api/2.1/unity-catalog/permissions/catalog/cases {"changes":[{"principal":"SLUICE_c0ffee_aud_2ca2bcb1aa61b7484297128cdff0eda21e9cb08e","remove":["USE_CATALOG"]}]};
PATCH /api/2.1/unity-catalog/permissions/catalog/cases {"changes":[{"principal":"ann@acme.example","remove":["USE_CATALOG"]},{"principal":"bob@acme.example","remove":["USE_CATALOG"]}]};

-- kind: PATCH /api/2.1/unity-catalog/permissions/schema/… {changes: [{principal: …, add: […]}]}
-- https://docs.databricks.com/api/uc-grants/v1/update-permissions
PATCH /api/2.1/unity-catalog/permissions/schema/cases.s {"changes":[{"principal":"SLUICE_c0ffee_aud_2ca2bcb1aa61b7484297128cdff0eda21e9cb08e","add":["USE_SCHEMA"]}]};
PATCH /api/2.1/unity-catalog/permissions/schema/cases.s {"changes":[{"principal":"ann@acme.example","add":["USE_SCHEMA"]},{"principal":"bob@acme.example","add":["USE_SCHEMA"]}]};
PATCH /api/2.1/unity-catalog/permissions/schema/cases.s {"changes":[{"principal":"ann@acme.example","add":["USE_SCHEMA"]}]};
PATCH /api/2.1/unity-catalog/permissions/schema/cases.s {"changes":[{"principal":"bob@acme.example","add":["USE_SCHEMA"]}]};

-- kind: PATCH /api/2.1/unity-catalog/permissions/schema/… {changes: [{principal: …, remove: […]}]}
-- https://docs.databricks.com/api/uc-grants/v1/update-permissions
PATCH /api/2.1/unity-catalog/permissions/schema/cases.s {"changes":[{"principal":"SLUICE_c0ffee_aud_2ca2bcb1aa61b7484297128cdff0eda21e9cb08e","remove":["USE_SCHEMA"]}]};
PATCH /api/2.1/unity-catalog/permissions/schema/cases.s {"changes":[{"principal":"ann@acme.example","remove":["USE_SCHEMA"]},{"principal":"bob@acme.example","remove":["USE_SCHEMA"]}]};

-- kind: PATCH /api/2.1/unity-catalog/permissions/table/… {changes: [{principal: …, add: […]}]}
-- https://docs.databricks.com/api/uc-grants/v1/update-permissions
PATCH /api/2.1/unity-catalog/permissions/table/cases.s.t {"changes":[{"principal":"SLUICE_c0ffee_aud_2ca2bcb1aa61b7484297128cdff0eda21e9cb08e","add":["SELECT"]}]};
PATCH /api/2.1/unity-catalog/permissions/table/cases.s.t {"changes":[{"principal":"ann@acme.example","add":["SELECT"]},{"principal":"bob@acme.example","add":["SELECT"]}]};
PATCH /api/2.1/unity-catalog/permissions/table/cases.s.t {"changes":[{"principal":"ann@acme.example","add":["SELECT"]}]};
PATCH /api/2.1/unity-catalog/permissions/table/cases.s.t {"changes":[{"principal":"bob@acme.example","add":["MODIFY"]}]};
PATCH /api/2.1/unity-catalog/permissions/table/cases.s.t {"changes":[{"principal":"bob@acme.example","add":["SELECT"]}]};
PATCH /api/2.1/unity-catalog/permissions/table/cases.s.t {"changes":[{"principal":"cat@acme.example","add":["SELECT"]}]};

-- kind: PATCH /api/2.1/unity-catalog/permissions/table/… {changes: [{principal: …, remove: […]}]}
-- https://docs.databricks.com/api/uc-grants/v1/update-permissions
PATCH /api/2.1/unity-catalog/permissions/table/cases.s.t {"changes":[{"principal":"SLUICE_c0ffee_aud_2ca2bcb1aa61b7484297128cdff0eda21e9cb08e","remove":["SELECT"]}]};
PATCH /api/2.1/unity-catalog/permissions/table/cases.s.t {"changes":[{"principal":"ann@acme.example","remove":["SELECT"]},{"principal":"bob@acme.example","remove":["MODIFY","SELECT"]}]};
PATCH /api/2.1/unity-catalog/permissions/table/cases.s.t {"changes":[{"principal":"ann@acme.example","remove":["SELECT"]},{"principal":"bob@acme.example","remove":["SELECT"]},{"principal":"cat@acme.example","remove":["SELECT"]}]};
PATCH /api/2.1/unity-catalog/permissions/table/cases.s.t {"changes":[{"principal":"cat@acme.example","remove":["SELECT"]}]};

-- kind: POST /api/1.2/commands/execute {clusterId: …, contextId: …, language: …, command: …}
-- https://docs.databricks.com/api/workspace/commandexecution/execute

-- kind: POST /api/1.2/contexts/create {clusterId: …, language: …}
-- https://docs.databricks.com/api/workspace/commandexecution/create
POST /api/1.2/contexts/create {"clusterId":"0504-<id>-sluice01","language":"sql"};

-- kind: POST /api/1.2/contexts/destroy {clusterId: …, contextId: …}
-- https://docs.databricks.com/api/workspace/commandexecution/destroy
POST /api/1.2/contexts/destroy {"clusterId":"0504-<id>-sluice01","contextId":"<id>"};

-- kind: POST /api/2.0/account/scim/v2/Groups {schemas: […], displayName: …, externalId: …}
-- https://docs.databricks.com/api/scim/v1/create-account-group.md
POST /api/2.0/account/scim/v2/Groups {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"SLUICE_c0ffee_aud_2ca2bcb1aa61b7484297128cdff0eda21e9cb08e","externalId":"sluice-6212a06cac8b50f7a9f4a266-d0336fd0b5ab45b40997bca2"};

-- kind: POST /api/2.0/sql/statements {warehouse_id: …, statement: …, wait_timeout: …, on_wait_timeout: …, disposition: …, format: …}
-- https://docs.databricks.com/api/workspace/statementexecution/executestatement

-- kind: SELECT ``(NULL) AS x FROM (SELECT n AS a) AS t …
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-qry-select
SELECT `gov`.`masks`.`loud`(NULL) AS x FROM (SELECT 1 AS a) AS t WHERE false;

-- kind: SELECT catalog_name, tag_name, tag_value FROM system.information_schema.catalog_tags …
-- https://docs.databricks.com/aws/en/sql/language-manual/information-schema/catalog_tags
SELECT catalog_name, tag_name, tag_value FROM system.information_schema.catalog_tags ORDER BY catalog_name, tag_name LIMIT 100;
SELECT catalog_name, tag_name, tag_value FROM system.information_schema.catalog_tags ORDER BY catalog_name, tag_name LIMIT 50000;
SELECT catalog_name, tag_name, tag_value FROM system.information_schema.catalog_tags WHERE (catalog_name > 'c' OR (catalog_name = 'c' AND tag_name > 't')) ORDER BY catalog_name, tag_name LIMIT 100;

-- kind: SELECT count(*) FROM ``
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-qry-select
SELECT count(*) FROM `sluice_home`.`entitlements`.`salt`;

-- kind: SELECT event_id, user_identity.email, action_name, event_time, COALESCE(request_params[''], request_params['']), request_params[''], CASE WHEN CAST(workspace_id AS STRING) = '' THEN request_params[''] ELSE CAST(workspace_id AS STRING) END, response.status_code FROM system.access.audit …
-- https://docs.databricks.com/aws/en/admin/system-tables/audit-logs
SELECT event_id, user_identity.email, action_name, event_time, COALESCE(request_params['table_full_name'], request_params['full_name_arg']), request_params['operation'], CASE WHEN CAST(workspace_id AS STRING) = '0' THEN request_params['workspace_id'] ELSE CAST(workspace_id AS STRING) END, response.status_code FROM system.access.audit WHERE event_date >= DATE '2026-02-28' AND event_time >= TIMESTAMP '2026-03-01 12:00:00.000000+00:00' AND event_time < TIMESTAMP '2026-03-01 13:00:00.000000+00:00' AND service_name = 'unityCatalog' AND action_name = 'generateTemporaryTableCredential' AND COALESCE(user_identity.email, '') <> session_user() AND COALESCE(CASE WHEN CAST(workspace_id AS STRING) = '0' THEN request_params['workspace_id'] ELSE CAST(workspace_id AS STRING) END, '') IN ('', '42', '43') AND event_id > 'e1' ORDER BY event_id LIMIT 1000;
SELECT event_id, user_identity.email, action_name, event_time, COALESCE(request_params['table_full_name'], request_params['full_name_arg']), request_params['operation'], CASE WHEN CAST(workspace_id AS STRING) = '0' THEN request_params['workspace_id'] ELSE CAST(workspace_id AS STRING) END, response.status_code FROM system.access.audit WHERE event_date >= DATE '2026-02-28' AND event_time >= TIMESTAMP '2026-03-01 12:00:00.000000+00:00' AND event_time < TIMESTAMP '2026-03-01 13:00:00.000000+00:00' AND service_name = 'unityCatalog' AND action_name = 'generateTemporaryTableCredential' AND COALESCE(user_identity.email, '') <> session_user() AND COALESCE(CASE WHEN CAST(workspace_id AS STRING) = '0' THEN request_params['workspace_id'] ELSE CAST(workspace_id AS STRING) END, '') IN ('', '42', '43') ORDER BY event_time, event_id LIMIT 1000;

-- kind: SELECT event_time, source_table_catalog, source_table_schema, source_table_name, CAST(NULL AS STRING), target_table_catalog, target_table_schema, target_table_name, CAST(NULL AS STRING) FROM system.access.table_lineage …
-- https://docs.databricks.com/aws/en/admin/system-tables/lineage
SELECT event_time, source_table_catalog, source_table_schema, source_table_name, CAST(NULL AS STRING), target_table_catalog, target_table_schema, target_table_name, CAST(NULL AS STRING) FROM system.access.table_lineage WHERE event_date >= DATE '2026-02-28' AND event_time >= TIMESTAMP '2026-03-01 12:00:00.000000+00:00' AND event_time < TIMESTAMP '2026-03-01 13:00:00.000000+00:00' AND source_table_name IS NOT NULL AND target_table_name IS NOT NULL LIMIT 1000;

-- kind: SELECT event_time, source_table_catalog, source_table_schema, source_table_name, source_column_name, target_table_catalog, target_table_schema, target_table_name, target_column_name FROM system.access.column_lineage …
-- https://docs.databricks.com/aws/en/admin/system-tables/lineage
SELECT event_time, source_table_catalog, source_table_schema, source_table_name, source_column_name, target_table_catalog, target_table_schema, target_table_name, target_column_name FROM system.access.column_lineage WHERE event_date >= DATE '2026-02-28' AND event_time >= TIMESTAMP '2026-03-01 12:00:00.000000+00:00' AND event_time < TIMESTAMP '2026-03-01 13:00:00.000000+00:00' AND source_table_name IS NOT NULL AND target_table_name IS NOT NULL LIMIT 1000;

-- kind: SELECT identity FROM `` …
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-qry-select
SELECT identity FROM `sluice_home`.`entitlements`.`registered` ORDER BY identity LIMIT 1000;
SELECT identity FROM `sluice_home`.`entitlements`.`registered` ORDER BY identity LIMIT 50000;

-- kind: SELECT identity, audience FROM `` …
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-qry-select
SELECT identity, audience FROM `sluice_home`.`entitlements`.`exemption` ORDER BY identity, audience LIMIT 1000;
SELECT identity, audience FROM `sluice_home`.`entitlements`.`exemption` ORDER BY identity, audience LIMIT 50000;

-- kind: SELECT identity, known FROM `` …
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-qry-select
SELECT identity, known FROM `sluice_home`.`entitlements`.`entitlement` ORDER BY identity, known LIMIT 1000;
SELECT identity, known FROM `sluice_home`.`entitlements`.`entitlement` ORDER BY identity, known LIMIT 50000;

-- kind: SELECT max(row_of), c1, s1, t1, n1, c2, s2, t2, n2 FROM (SELECT event_time, source_table_catalog, source_table_schema, source_table_name, CAST(NULL AS STRING), target_table_catalog, target_table_schema, target_table_name, CAST(NULL AS STRING) FROM system.access.table_lineage …
-- https://docs.databricks.com/aws/en/admin/system-tables/lineage
SELECT max(row_of), c1, s1, t1, n1, c2, s2, t2, n2 FROM (SELECT event_time, source_table_catalog, source_table_schema, source_table_name, CAST(NULL AS STRING), target_table_catalog, target_table_schema, target_table_name, CAST(NULL AS STRING) FROM system.access.table_lineage WHERE event_date >= DATE '2026-02-28' AND event_time >= TIMESTAMP '2026-03-01 12:00:00.000000+00:00' AND event_time < TIMESTAMP '2026-03-01 13:00:00.000000+00:00' AND source_table_name IS NOT NULL AND target_table_name IS NOT NULL LIMIT 2147483647) AS lineage(row_of, c1, s1, t1, n1, c2, s2, t2, n2) WHERE (COALESCE(c1, '') > 'c' OR (COALESCE(c1, '') = 'c' AND (COALESCE(s1, '') > 's' OR (COALESCE(s1, '') = 's' AND (COALESCE(t1, '') > 'it\'s' OR (COALESCE(t1, '') = 'it\'s' AND (COALESCE(n1, '') > '' OR (COALESCE(n1, '') = '' AND (COALESCE(c2, '') > 'c' OR (COALESCE(c2, '') = 'c' AND (COALESCE(s2, '') > 's' OR (COALESCE(s2, '') = 's' AND (COALESCE(t2, '') > 'u' OR (COALESCE(t2, '') = 'u' AND COALESCE(n2, '') > '')))))))))))))) GROUP BY c1, s1, t1, n1, c2, s2, t2, n2 ORDER BY COALESCE(c1, ''), COALESCE(s1, ''), COALESCE(t1, ''), COALESCE(n1, ''), COALESCE(c2, ''), COALESCE(s2, ''), COALESCE(t2, ''), COALESCE(n2, '') LIMIT 1000;

-- kind: SELECT max(row_of), c1, s1, t1, n1, c2, s2, t2, n2 FROM (SELECT event_time, source_table_catalog, source_table_schema, source_table_name, source_column_name, target_table_catalog, target_table_schema, target_table_name, target_column_name FROM system.access.column_lineage …
-- https://docs.databricks.com/aws/en/admin/system-tables/lineage
SELECT max(row_of), c1, s1, t1, n1, c2, s2, t2, n2 FROM (SELECT event_time, source_table_catalog, source_table_schema, source_table_name, source_column_name, target_table_catalog, target_table_schema, target_table_name, target_column_name FROM system.access.column_lineage WHERE event_date >= DATE '2026-02-28' AND event_time >= TIMESTAMP '2026-03-01 12:00:00.000000+00:00' AND event_time < TIMESTAMP '2026-03-01 13:00:00.000000+00:00' AND source_table_name IS NOT NULL AND target_table_name IS NOT NULL LIMIT 2147483647) AS lineage(row_of, c1, s1, t1, n1, c2, s2, t2, n2) GROUP BY c1, s1, t1, n1, c2, s2, t2, n2 ORDER BY COALESCE(c1, ''), COALESCE(s1, ''), COALESCE(t1, ''), COALESCE(n1, ''), COALESCE(c2, ''), COALESCE(s2, ''), COALESCE(t2, ''), COALESCE(n2, '') LIMIT 1000;

-- kind: SELECT n
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-qry-select
SELECT 1;

-- kind: SELECT n FROM system.information_schema.catalogs LIMIT n
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-qry-select
SELECT 1 FROM system.information_schema.catalogs LIMIT 1;

-- kind: SELECT row_of, c1, s1, t1, n1, c2, s2, t2, n2 FROM (SELECT statement_id, source_table_catalog, source_table_schema, source_table_name, CAST(NULL AS STRING), target_table_catalog, target_table_schema, target_table_name, CAST(NULL AS STRING) FROM system.access.table_lineage …
-- https://docs.databricks.com/aws/en/admin/system-tables/lineage
SELECT row_of, c1, s1, t1, n1, c2, s2, t2, n2 FROM (SELECT statement_id, source_table_catalog, source_table_schema, source_table_name, CAST(NULL AS STRING), target_table_catalog, target_table_schema, target_table_name, CAST(NULL AS STRING) FROM system.access.table_lineage WHERE event_date >= DATE '2026-02-28' AND statement_id IN ('s1')) AS lineage(row_of, c1, s1, t1, n1, c2, s2, t2, n2) WHERE (COALESCE(row_of, '') > 's1' OR (COALESCE(row_of, '') = 's1' AND (COALESCE(c1, '') > 'c' OR (COALESCE(c1, '') = 'c' AND (COALESCE(s1, '') > 's' OR (COALESCE(s1, '') = 's' AND (COALESCE(t1, '') > 'it\'s' OR (COALESCE(t1, '') = 'it\'s' AND (COALESCE(n1, '') > '' OR (COALESCE(n1, '') = '' AND (COALESCE(c2, '') > '' OR (COALESCE(c2, '') = '' AND (COALESCE(s2, '') > '' OR (COALESCE(s2, '') = '' AND (COALESCE(t2, '') > '' OR (COALESCE(t2, '') = '' AND COALESCE(n2, '') > '')))))))))))))))) GROUP BY row_of, c1, s1, t1, n1, c2, s2, t2, n2 ORDER BY COALESCE(row_of, ''), COALESCE(c1, ''), COALESCE(s1, ''), COALESCE(t1, ''), COALESCE(n1, ''), COALESCE(c2, ''), COALESCE(s2, ''), COALESCE(t2, ''), COALESCE(n2, '') LIMIT 1000;

-- kind: SELECT row_of, c1, s1, t1, n1, c2, s2, t2, n2 FROM (SELECT statement_id, source_table_catalog, source_table_schema, source_table_name, source_column_name, target_table_catalog, target_table_schema, target_table_name, target_column_name FROM system.access.column_lineage …
-- https://docs.databricks.com/aws/en/admin/system-tables/lineage
SELECT row_of, c1, s1, t1, n1, c2, s2, t2, n2 FROM (SELECT statement_id, source_table_catalog, source_table_schema, source_table_name, source_column_name, target_table_catalog, target_table_schema, target_table_name, target_column_name FROM system.access.column_lineage WHERE event_date >= DATE '2026-02-28' AND statement_id IN ('s1', 's2')) AS lineage(row_of, c1, s1, t1, n1, c2, s2, t2, n2) GROUP BY row_of, c1, s1, t1, n1, c2, s2, t2, n2 ORDER BY COALESCE(row_of, ''), COALESCE(c1, ''), COALESCE(s1, ''), COALESCE(t1, ''), COALESCE(n1, ''), COALESCE(c2, ''), COALESCE(s2, ''), COALESCE(t2, ''), COALESCE(n2, '') LIMIT 1000;

-- kind: SELECT schema_name, table_name, column_name, tag_name, tag_value FROM system.information_schema.column_tags …
-- https://docs.databricks.com/aws/en/sql/language-manual/information-schema/column_tags
SELECT schema_name, table_name, column_name, tag_name, tag_value FROM system.information_schema.column_tags WHERE catalog_name = 'c' AND schema_name IN ('a', 'b') AND (schema_name > 'a' OR (schema_name = 'a' AND table_name >= 't')) AND (schema_name < 'b' OR (schema_name = 'b' AND table_name <= 'u')) AND (schema_name > 'a' OR (schema_name = 'a' AND (table_name > 'it\'s' OR (table_name = 'it\'s' AND (column_name > 'id' OR (column_name = 'id' AND tag_name > 't')))))) ORDER BY schema_name, table_name, column_name, tag_name LIMIT 100;
SELECT schema_name, table_name, column_name, tag_name, tag_value FROM system.information_schema.column_tags WHERE catalog_name = 'c' AND schema_name IN ('a', 'b') AND (schema_name > 'a' OR (schema_name = 'a' AND table_name >= 't')) AND (schema_name < 'b' OR (schema_name = 'b' AND table_name <= 'u')) ORDER BY schema_name, table_name, column_name, tag_name LIMIT 100;
SELECT schema_name, table_name, column_name, tag_name, tag_value FROM system.information_schema.column_tags WHERE catalog_name = 'cases' AND schema_name = 's' AND table_name = 't' ORDER BY schema_name, table_name, column_name, tag_name LIMIT 50000;

-- kind: SELECT schema_name, table_name, tag_name, tag_value FROM system.information_schema.table_tags …
-- https://docs.databricks.com/aws/en/sql/language-manual/information-schema/table_tags
SELECT schema_name, table_name, tag_name, tag_value FROM system.information_schema.table_tags WHERE catalog_name = 'c' AND schema_name IN ('a', 'b') AND (schema_name > 'a' OR (schema_name = 'a' AND table_name >= 't')) AND (schema_name < 'b' OR (schema_name = 'b' AND table_name <= 'u')) AND (schema_name > 'a' OR (schema_name = 'a' AND (table_name > 'it\'s' OR (table_name = 'it\'s' AND tag_name > 't')))) ORDER BY schema_name, table_name, tag_name LIMIT 100;
SELECT schema_name, table_name, tag_name, tag_value FROM system.information_schema.table_tags WHERE catalog_name = 'c' AND schema_name IN ('a', 'b') AND (schema_name > 'a' OR (schema_name = 'a' AND table_name >= 't')) AND (schema_name < 'b' OR (schema_name = 'b' AND table_name <= 'u')) ORDER BY schema_name, table_name, tag_name LIMIT 100;
SELECT schema_name, table_name, tag_name, tag_value FROM system.information_schema.table_tags WHERE catalog_name = 'cases' AND schema_name = 's' AND table_name = 't' ORDER BY schema_name, table_name, tag_name LIMIT 50000;

-- kind: SELECT schema_name, tag_name, tag_value FROM system.information_schema.schema_tags …
-- https://docs.databricks.com/aws/en/sql/language-manual/information-schema/schema_tags
SELECT schema_name, tag_name, tag_value FROM system.information_schema.schema_tags WHERE catalog_name = 'c' AND (schema_name > 's' OR (schema_name = 's' AND tag_name > 't')) ORDER BY schema_name, tag_name LIMIT 100;
SELECT schema_name, tag_name, tag_value FROM system.information_schema.schema_tags WHERE catalog_name = 'c' ORDER BY schema_name, tag_name LIMIT 100;
SELECT schema_name, tag_name, tag_value FROM system.information_schema.schema_tags WHERE catalog_name = 'cases' ORDER BY schema_name, tag_name LIMIT 50000;
SELECT schema_name, tag_name, tag_value FROM system.information_schema.schema_tags WHERE catalog_name = 'gov' ORDER BY schema_name, tag_name LIMIT 50000;

-- kind: SELECT statement_id, executed_by, statement_type, execution_status, start_time, end_time, statement_text, CAST(workspace_id AS STRING), cache_origin_statement_id FROM system.query.history …
-- https://docs.databricks.com/aws/en/admin/system-tables/query-history
SELECT statement_id, executed_by, statement_type, execution_status, start_time, end_time, statement_text, CAST(workspace_id AS STRING), cache_origin_statement_id FROM system.query.history WHERE end_time >= TIMESTAMP '2026-03-01 12:00:00.000000+00:00' AND end_time < TIMESTAMP '2026-03-01 13:00:00.000000+00:00' AND COALESCE(executed_by, '') <> session_user() AND CAST(workspace_id AS STRING) IN ('42', '43') AND statement_id > 's1' ORDER BY statement_id LIMIT 1000;
SELECT statement_id, executed_by, statement_type, execution_status, start_time, end_time, statement_text, CAST(workspace_id AS STRING), cache_origin_statement_id FROM system.query.history WHERE end_time >= TIMESTAMP '2026-03-01 12:00:00.000000+00:00' AND end_time < TIMESTAMP '2026-03-01 13:00:00.000000+00:00' AND COALESCE(executed_by, '') <> session_user() AND CAST(workspace_id AS STRING) IN ('42', '43') ORDER BY end_time, statement_id LIMIT 1000;

-- kind: SELECT table_catalog, table_schema, table_name FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name, replace(concat_ws('', r.filter_catalog, r.filter_schema, r.filter_name), '') AS function_name, coalesce(r.target_columns, r.filter_col_usage) AS given FROM (SELECT from_json(to_json(struct(*)), '') AS r FROM system.information_schema.row_filters)) …
-- https://docs.databricks.com/aws/en/sql/language-manual/information-schema/row_filters
SELECT table_catalog, table_schema, table_name FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name, replace(concat_ws('.', r.filter_catalog, r.filter_schema, r.filter_name), '`', '') AS function_name, coalesce(r.target_columns, r.filter_col_usage) AS given FROM (SELECT from_json(to_json(struct(*)), 'table_catalog STRING, table_schema STRING, table_name STRING, catalog_name STRING, schema_name STRING, filter_catalog STRING, filter_schema STRING, filter_name STRING, target_columns STRING, filter_col_usage STRING') AS r FROM system.information_schema.row_filters)) WHERE function_name NOT LIKE '%.%.%' LIMIT 1;

-- kind: SELECT table_catalog, table_schema, table_name, column_name FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name, r.column_name AS column_name, replace(concat_ws('', r.mask_catalog, r.mask_schema, r.mask_name), '') AS function_name, coalesce(r.using_columns, r.mask_col_usage) AS given FROM (SELECT from_json(to_json(struct(*)), '') AS r FROM system.information_schema.column_masks)) …
-- https://docs.databricks.com/aws/en/sql/language-manual/information-schema/column_masks
SELECT table_catalog, table_schema, table_name, column_name FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name, r.column_name AS column_name, replace(concat_ws('.', r.mask_catalog, r.mask_schema, r.mask_name), '`', '') AS function_name, coalesce(r.using_columns, r.mask_col_usage) AS given FROM (SELECT from_json(to_json(struct(*)), 'table_catalog STRING, table_schema STRING, table_name STRING, column_name STRING, catalog_name STRING, schema_name STRING, mask_catalog STRING, mask_schema STRING, mask_name STRING, using_columns STRING, mask_col_usage STRING') AS r FROM system.information_schema.column_masks)) WHERE function_name NOT LIKE '%.%.%' LIMIT 1;

-- kind: SELECT table_catalog, table_schema, table_name, column_name, function_name, given FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name, r.column_name AS column_name, replace(concat_ws('', r.mask_catalog, r.mask_schema, r.mask_name), '') AS function_name, coalesce(r.using_columns, r.mask_col_usage) AS given FROM (SELECT from_json(to_json(struct(*)), '') AS r FROM system.information_schema.column_masks)) …
-- https://docs.databricks.com/aws/en/sql/language-manual/information-schema/column_masks
SELECT table_catalog, table_schema, table_name, column_name, function_name, given FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name, r.column_name AS column_name, replace(concat_ws('.', r.mask_catalog, r.mask_schema, r.mask_name), '`', '') AS function_name, coalesce(r.using_columns, r.mask_col_usage) AS given FROM (SELECT from_json(to_json(struct(*)), 'table_catalog STRING, table_schema STRING, table_name STRING, column_name STRING, catalog_name STRING, schema_name STRING, mask_catalog STRING, mask_schema STRING, mask_name STRING, using_columns STRING, mask_col_usage STRING') AS r FROM system.information_schema.column_masks)) WHERE (startswith(lower(function_name), 'sluice_home.functions.') OR function_name NOT LIKE '%.%.%') ORDER BY table_catalog, table_schema, table_name, column_name LIMIT 1000;
SELECT table_catalog, table_schema, table_name, column_name, function_name, given FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name, r.column_name AS column_name, replace(concat_ws('.', r.mask_catalog, r.mask_schema, r.mask_name), '`', '') AS function_name, coalesce(r.using_columns, r.mask_col_usage) AS given FROM (SELECT from_json(to_json(struct(*)), 'table_catalog STRING, table_schema STRING, table_name STRING, column_name STRING, catalog_name STRING, schema_name STRING, mask_catalog STRING, mask_schema STRING, mask_name STRING, using_columns STRING, mask_col_usage STRING') AS r FROM system.information_schema.column_masks)) WHERE (startswith(lower(function_name), 'sluice_home.functions.') OR function_name NOT LIKE '%.%.%') ORDER BY table_catalog, table_schema, table_name, column_name LIMIT 50000;

-- kind: SELECT table_catalog, table_schema, table_name, function_name, given FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name, replace(concat_ws('', r.filter_catalog, r.filter_schema, r.filter_name), '') AS function_name, coalesce(r.target_columns, r.filter_col_usage) AS given FROM (SELECT from_json(to_json(struct(*)), '') AS r FROM system.information_schema.row_filters)) …
-- https://docs.databricks.com/aws/en/sql/language-manual/information-schema/row_filters
SELECT table_catalog, table_schema, table_name, function_name, given FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name, replace(concat_ws('.', r.filter_catalog, r.filter_schema, r.filter_name), '`', '') AS function_name, coalesce(r.target_columns, r.filter_col_usage) AS given FROM (SELECT from_json(to_json(struct(*)), 'table_catalog STRING, table_schema STRING, table_name STRING, catalog_name STRING, schema_name STRING, filter_catalog STRING, filter_schema STRING, filter_name STRING, target_columns STRING, filter_col_usage STRING') AS r FROM system.information_schema.row_filters)) WHERE (startswith(lower(function_name), 'sluice_home.functions.') OR function_name NOT LIKE '%.%.%') ORDER BY table_catalog, table_schema, table_name LIMIT 1000;
SELECT table_catalog, table_schema, table_name, function_name, given FROM (SELECT coalesce(r.table_catalog, r.catalog_name) AS table_catalog, coalesce(r.table_schema, r.schema_name) AS table_schema, r.table_name AS table_name, replace(concat_ws('.', r.filter_catalog, r.filter_schema, r.filter_name), '`', '') AS function_name, coalesce(r.target_columns, r.filter_col_usage) AS given FROM (SELECT from_json(to_json(struct(*)), 'table_catalog STRING, table_schema STRING, table_name STRING, catalog_name STRING, schema_name STRING, filter_catalog STRING, filter_schema STRING, filter_name STRING, target_columns STRING, filter_col_usage STRING') AS r FROM system.information_schema.row_filters)) WHERE (startswith(lower(function_name), 'sluice_home.functions.') OR function_name NOT LIKE '%.%.%') ORDER BY table_catalog, table_schema, table_name LIMIT 50000;

-- kind: SELECT table_schema, table_name, ordinal_position, column_name, full_data_type, comment FROM system.information_schema.columns …
-- https://docs.databricks.com/aws/en/sql/language-manual/information-schema/columns
SELECT table_schema, table_name, ordinal_position, column_name, full_data_type, comment FROM system.information_schema.columns WHERE table_catalog = 'c' AND ((table_schema = 'a' AND table_name IN ('it\'s'))) AND (table_schema > 'a' OR (table_schema = 'a' AND (table_name > 'it\'s' OR (table_name = 'it\'s' AND ordinal_position > 3)))) ORDER BY table_schema, table_name, ordinal_position LIMIT 100;
SELECT table_schema, table_name, ordinal_position, column_name, full_data_type, comment FROM system.information_schema.columns WHERE table_catalog = 'c' AND table_schema IN ('a', 'b') AND (table_schema > 'a' OR (table_schema = 'a' AND table_name >= 't')) AND (table_schema < 'b' OR (table_schema = 'b' AND table_name <= 'u')) ORDER BY table_schema, table_name, ordinal_position LIMIT 100;
SELECT table_schema, table_name, ordinal_position, column_name, full_data_type, comment FROM system.information_schema.columns WHERE table_catalog = 'cases' AND table_schema = 's' AND table_name = 't' ORDER BY table_schema, table_name, ordinal_position LIMIT 50000;

-- kind: SELECT table_schema, table_name, table_type, data_source_format, comment, last_altered FROM system.information_schema.tables …
-- https://docs.databricks.com/aws/en/sql/language-manual/information-schema/tables
SELECT table_schema, table_name, table_type, data_source_format, comment, last_altered FROM system.information_schema.tables WHERE table_catalog = 'c' AND table_schema = 'a' AND table_name = 'it\'s';
SELECT table_schema, table_name, table_type, data_source_format, comment, last_altered FROM system.information_schema.tables WHERE table_catalog = 'c' AND table_schema IN ('s') AND (table_schema > 'a' OR (table_schema = 'a' AND table_name > 'it\'s')) ORDER BY table_schema, table_name LIMIT 100;
SELECT table_schema, table_name, table_type, data_source_format, comment, last_altered FROM system.information_schema.tables WHERE table_catalog = 'c' AND table_schema IN ('s') ORDER BY table_schema, table_name LIMIT 100;
SELECT table_schema, table_name, table_type, data_source_format, comment, last_altered FROM system.information_schema.tables WHERE table_catalog = 'cases' AND table_schema IN ('default', 's') ORDER BY table_schema, table_name LIMIT 20000;
SELECT table_schema, table_name, table_type, data_source_format, comment, last_altered FROM system.information_schema.tables WHERE table_catalog = 'gov' AND table_schema IN ('masks') ORDER BY table_schema, table_name LIMIT 20000;

