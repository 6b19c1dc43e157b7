-- kind: ALTER
-- https://docs.snowflake.com/en/sql-reference/sql/alter-table
places := (SELECT 'ALTER ' || IFF(REF_ENTITY_DOMAIN = 'VIEW', 'VIEW ', 'TABLE ') || '"' || REPLACE(REF_DATABASE_NAME, '"', '""') || '"'

-- kind: ALTER USER … ADD PROGRAMMATIC ACCESS TOKEN SLUICE ROLE_RESTRICTION
-- https://docs.snowflake.com/en/sql-reference/sql/alter-user-add-programmatic-access-token
ALTER USER … ADD PROGRAMMATIC ACCESS TOKEN SLUICE ROLE_RESTRICTION = '…';

-- kind: ALTER USER … SET PASSWORD
-- https://docs.snowflake.com/en/sql-reference/sql/alter-user
ALTER USER … SET PASSWORD = '…';

-- kind: ALTER USER … SET RSA_PUBLIC_KEY
-- https://docs.snowflake.com/en/sql-reference/sql/alter-user
ALTER USER … SET RSA_PUBLIC_KEY = 'MIIBIjANBgkqh…';

-- kind: ALTER USER … SET TYPE
-- https://docs.snowflake.com/en/sql-reference/sql/alter-user
ALTER USER … SET TYPE = SERVICE;

-- kind: BEGIN
-- https://docs.snowflake.com/en/sql-reference/snowflake-scripting/begin
BEGIN

-- kind: CREATE DATABASE IF NOT EXISTS … COMMENT
-- https://docs.snowflake.com/en/sql-reference/sql/create-database
CREATE DATABASE IF NOT EXISTS "GOVERNED" COMMENT = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.';

-- kind: CREATE ROLE IF NOT EXISTS … COMMENT
-- https://docs.snowflake.com/en/sql-reference/sql/create-role
CREATE ROLE IF NOT EXISTS "GOVERNED_SYSTEM" COMMENT = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.';

-- kind: CREATE SCHEMA IF NOT EXISTS … COMMENT
-- https://docs.snowflake.com/en/sql-reference/sql/create-schema
CREATE SCHEMA IF NOT EXISTS IDENTIFIER($sluice_functions) COMMENT = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.';

-- kind: CREATE USER IF NOT EXISTS … COMMENT
-- https://docs.snowflake.com/en/sql-reference/sql/create-user
CREATE USER IF NOT EXISTS "OTHER" COMMENT = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.';

-- kind: CREATE USER IF NOT EXISTS … TYPE
-- https://docs.snowflake.com/en/sql-reference/sql/create-user
CREATE USER IF NOT EXISTS "SLUICE" TYPE = SERVICE COMMENT = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.';

-- kind: DECLARE
-- https://docs.snowflake.com/en/sql-reference/snowflake-scripting/declare
DECLARE

-- kind: DROP DATABASE IF EXISTS …
-- https://docs.snowflake.com/en/sql-reference/sql/drop-database
DROP DATABASE IF EXISTS IDENTIFIER($sluice_database);

-- kind: DROP ROLE IF EXISTS
-- https://docs.snowflake.com/en/sql-reference/sql/drop-role
found := (SELECT "name" AS NAME, IFF(STARTSWITH("comment", 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.') AND "name" <> 'GOVERNED_SYSTEM', 'DROP ROLE IF EXISTS ' || '"' || REPLACE("name", '"', '""') || '"', '') AS STATEMENT

-- kind: DROP ROLE IF EXISTS …
-- https://docs.snowflake.com/en/sql-reference/sql/drop-role
DROP ROLE IF EXISTS IDENTIFIER($sluice_role);

-- kind: DROP ROW ACCESS POLICY
-- https://docs.snowflake.com/en/sql-reference/sql/alter-table
|| '.' || '"' || REPLACE(REF_SCHEMA_NAME, '"', '""') || '"' || '.' || '"' || REPLACE(REF_ENTITY_NAME, '"', '""') || '"' || ' DROP ROW ACCESS POLICY ' || :policy AS STATEMENT

-- kind: DROP USER IF EXISTS …
-- https://docs.snowflake.com/en/sql-reference/sql/drop-user
DROP USER IF EXISTS IDENTIFIER($sluice_made_user);

-- kind: ELSE
-- https://docs.snowflake.com/en/sql-reference/snowflake-scripting/if
ELSE

-- kind: END
-- https://docs.snowflake.com/en/sql-reference/snowflake-scripting/begin
END;

-- kind: END FOR
-- https://docs.snowflake.com/en/sql-reference/snowflake-scripting/for
END FOR;

-- kind: END IF
-- https://docs.snowflake.com/en/sql-reference/snowflake-scripting/if
END IF;

-- kind: EXCEPTION
-- https://docs.snowflake.com/en/sql-reference/snowflake-scripting/exception
EXCEPTION

-- kind: EXECUTE IMMEDIATE
-- https://docs.snowflake.com/en/sql-reference/sql/execute-immediate
EXECUTE IMMEDIATE $$

-- kind: FOR
-- https://docs.snowflake.com/en/sql-reference/snowflake-scripting/for
FOR each IN policies DO

-- kind: FROM
-- https://docs.snowflake.com/en/sql-reference/sql/show-roles
statement := 'SHOW ROLES LIMIT 10000' || IFF(:kept = '', '', ' FROM ''' || REPLACE(REPLACE(:kept, '\\', '\\\\'), '''', '''''') || '''');

-- kind: GRANT APPLY MASKING POLICY ON ACCOUNT TO ROLE …
-- https://docs.snowflake.com/en/sql-reference/sql/grant-privilege
GRANT APPLY MASKING POLICY ON ACCOUNT TO ROLE IDENTIFIER($sluice_role);

-- kind: GRANT APPLY ROW ACCESS POLICY ON ACCOUNT TO ROLE …
-- https://docs.snowflake.com/en/sql-reference/sql/grant-privilege
GRANT APPLY ROW ACCESS POLICY ON ACCOUNT TO ROLE IDENTIFIER($sluice_role);

-- kind: GRANT CREATE ROLE ON ACCOUNT TO ROLE …
-- https://docs.snowflake.com/en/sql-reference/sql/grant-privilege
GRANT CREATE ROLE ON ACCOUNT TO ROLE IDENTIFIER($sluice_role);

-- kind: GRANT DATABASE ROLE … TO ROLE …
-- https://docs.snowflake.com/en/sql-reference/sql/grant-database-role
GRANT DATABASE ROLE SNOWFLAKE.GOVERNANCE_VIEWER TO ROLE IDENTIFIER($sluice_role);

-- kind: GRANT MANAGE GRANTS ON ACCOUNT TO ROLE …
-- https://docs.snowflake.com/en/sql-reference/sql/grant-privilege
GRANT MANAGE GRANTS ON ACCOUNT TO ROLE IDENTIFIER($sluice_role);

-- kind: GRANT ROLE … TO ROLE
-- https://docs.snowflake.com/en/sql-reference/sql/grant-role
found := (SELECT 'GRANT ROLE "GOVERNED_SYSTEM" TO ROLE ' || '"' || REPLACE(CURRENT_ROLE(), '"', '""') || '"' AS STATEMENT

-- kind: GRANT ROLE … TO USER …
-- https://docs.snowflake.com/en/sql-reference/sql/grant-role
GRANT ROLE IDENTIFIER($sluice_role) TO USER "OTHER";

-- kind: GRANT SELECT ON TABLE … TO USER … WITH GRANT OPTION
-- https://docs.snowflake.com/en/sql-reference/sql/grant-privilege-user
('GRANT SELECT ON TABLE "SHOP"."it''s"."ORDERS" TO USER "BOB" WITH GRANT OPTION');

-- kind: GRANT USAGE ON DATABASE … TO ROLE …
-- https://docs.snowflake.com/en/sql-reference/sql/grant-privilege
GRANT USAGE ON DATABASE IDENTIFIER($sluice_database) TO ROLE IDENTIFIER($sluice_role);

-- kind: GRANT USAGE ON WAREHOUSE … TO ROLE …
-- https://docs.snowflake.com/en/sql-reference/sql/grant-privilege
GRANT USAGE ON WAREHOUSE "WH" TO ROLE IDENTIFIER($sluice_role);

-- kind: GRANT USAGE, CREATE FUNCTION ON SCHEMA … TO ROLE …
-- https://docs.snowflake.com/en/sql-reference/sql/grant-privilege
GRANT USAGE, CREATE FUNCTION ON SCHEMA IDENTIFIER($sluice_functions) TO ROLE IDENTIFIER($sluice_role);

-- kind: GRANT USAGE, CREATE MASKING POLICY, CREATE ROW ACCESS POLICY ON SCHEMA … TO ROLE …
-- https://docs.snowflake.com/en/sql-reference/sql/grant-privilege
GRANT USAGE, CREATE MASKING POLICY, CREATE ROW ACCESS POLICY ON SCHEMA IDENTIFIER($sluice_policies) TO ROLE IDENTIFIER($sluice_role);

-- kind: GRANT USAGE, CREATE TABLE, CREATE VIEW ON SCHEMA … TO ROLE …
-- https://docs.snowflake.com/en/sql-reference/sql/grant-privilege
GRANT USAGE, CREATE TABLE, CREATE VIEW ON SCHEMA IDENTIFIER($sluice_system) TO ROLE IDENTIFIER($sluice_role);

-- kind: IF
-- https://docs.snowflake.com/en/sql-reference/snowflake-scripting/if
IF (SQLCODE NOT IN (2, 2003, 2043)) THEN

-- kind: MODIFY COLUMN
-- https://docs.snowflake.com/en/sql-reference/sql/alter-table-column
|| '.' || '"' || REPLACE(REF_SCHEMA_NAME, '"', '""') || '"' || '.' || '"' || REPLACE(REF_ENTITY_NAME, '"', '""') || '"' || ' MODIFY COLUMN ' || '"' || REPLACE(REF_COLUMN_NAME, '"', '""') || '"' || ' UNSET MASKING POLICY' AS STATEMENT

-- kind: RAISE
-- https://docs.snowflake.com/en/sql-reference/snowflake-scripting/raise
RAISE too_many;

-- kind: REPEAT
-- https://docs.snowflake.com/en/sql-reference/snowflake-scripting/repeat
REPEAT

-- kind: REVOKE DATABASE ROLE … FROM ROLE …
-- https://docs.snowflake.com/en/sql-reference/sql/revoke-database-role
REVOKE DATABASE ROLE SNOWFLAKE.GOVERNANCE_VIEWER FROM ROLE IDENTIFIER($sluice_role);

-- kind: REVOKE ROLE … FROM USER …
-- https://docs.snowflake.com/en/sql-reference/sql/revoke-role
REVOKE ROLE IDENTIFIER($sluice_role) FROM USER "SLUICE";

-- kind: REVOKE USAGE ON WAREHOUSE … FROM ROLE …
-- https://docs.snowflake.com/en/sql-reference/sql/revoke-privilege
REVOKE USAGE ON WAREHOUSE "WH" FROM ROLE IDENTIFIER($sluice_role);

-- kind: SELECT COLUMN1 AS STATEMENT FROM VALUES
-- https://docs.snowflake.com/en/sql-reference/constructs/values
SELECT COLUMN1 AS STATEMENT FROM VALUES

-- kind: SET
-- https://docs.snowflake.com/en/sql-reference/sql/set
SET sluice_database = (SELECT IFF(COUNT(*) = 1, '"GOVERNED"', 'SLUICE_HAS_NOTHING_TO_DROP')

-- kind: SHOW DATABASES STARTS WITH
-- https://docs.snowflake.com/en/sql-reference/sql/show-databases
SHOW DATABASES STARTS WITH 'GOVERNED';

-- kind: SHOW MASKING POLICIES IN SCHEMA …
-- https://docs.snowflake.com/en/sql-reference/sql/show-masking-policies
SHOW MASKING POLICIES IN SCHEMA "GOVERNED"."POLICIES";

-- kind: SHOW ROLES LIMIT
-- https://docs.snowflake.com/en/sql-reference/sql/show-roles
statement := 'SHOW ROLES LIMIT 10000' || IFF(:kept = '', '', ' FROM ''' || REPLACE(REPLACE(:kept, '\\', '\\\\'), '''', '''''') || '''');

-- kind: SHOW ROLES STARTS WITH
-- https://docs.snowflake.com/en/sql-reference/sql/show-roles
SHOW ROLES STARTS WITH 'GOVERNED_SYSTEM';

-- kind: SHOW ROW ACCESS POLICIES IN SCHEMA …
-- https://docs.snowflake.com/en/sql-reference/sql/show-row-access-policies
SHOW ROW ACCESS POLICIES IN SCHEMA "GOVERNED"."POLICIES";

-- kind: SHOW USERS STARTS WITH
-- https://docs.snowflake.com/en/sql-reference/sql/show-users
SHOW USERS STARTS WITH 'SLUICE';

-- kind: TABLE
-- https://docs.snowflake.com/en/sql-reference/sql/alter-table
places := (SELECT 'ALTER ' || IFF(REF_ENTITY_DOMAIN = 'VIEW', 'VIEW ', 'TABLE ') || '"' || REPLACE(REF_DATABASE_NAME, '"', '""') || '"'

-- kind: UNSET
-- https://docs.snowflake.com/en/sql-reference/sql/unset
UNSET sluice_database;

-- kind: UNSET MASKING POLICY
-- https://docs.snowflake.com/en/sql-reference/sql/alter-table-column
|| '.' || '"' || REPLACE(REF_SCHEMA_NAME, '"', '""') || '"' || '.' || '"' || REPLACE(REF_ENTITY_NAME, '"', '""') || '"' || ' MODIFY COLUMN ' || '"' || REPLACE(REF_COLUMN_NAME, '"', '""') || '"' || ' UNSET MASKING POLICY' AS STATEMENT

-- kind: UNTIL
-- https://docs.snowflake.com/en/sql-reference/snowflake-scripting/repeat
UNTIL (listed < 10000)

-- kind: USE ROLE ACCOUNTADMIN
-- https://docs.snowflake.com/en/sql-reference/sql/use-role
USE ROLE ACCOUNTADMIN;

-- kind: USE ROLE …
-- https://docs.snowflake.com/en/sql-reference/sql/use-role
USE ROLE IDENTIFIER($sluice_runner);

-- kind: USE WAREHOUSE …
-- https://docs.snowflake.com/en/sql-reference/sql/use-warehouse
USE WAREHOUSE "WH";

-- kind: VIEW
-- https://docs.snowflake.com/en/sql-reference/sql/alter-view
places := (SELECT 'ALTER ' || IFF(REF_ENTITY_DOMAIN = 'VIEW', 'VIEW ', 'TABLE ') || '"' || REPLACE(REF_DATABASE_NAME, '"', '""') || '"'

-- kind: WHEN STATEMENT_ERROR THEN
-- https://docs.snowflake.com/en/sql-reference/snowflake-scripting/exception
WHEN STATEMENT_ERROR THEN

-- kind: … :=
-- https://docs.snowflake.com/en/developer-guide/snowflake-scripting/variables
found := (SELECT "name" AS NAME

-- kind: … EXCEPTION
-- https://docs.snowflake.com/en/sql-reference/snowflake-scripting/declare
too_many EXCEPTION (-20001, 'STOP: 10000 policies are off what they were set on, and SHOW lists no more of them. Drop these, and run this again.');

-- kind: … INTEGER
-- https://docs.snowflake.com/en/sql-reference/snowflake-scripting/declare
listed INTEGER;

-- kind: … RESULTSET
-- https://docs.snowflake.com/en/developer-guide/snowflake-scripting/resultsets
found RESULTSET;

-- kind: … VARCHAR
-- https://docs.snowflake.com/en/sql-reference/snowflake-scripting/declare
kept VARCHAR;

