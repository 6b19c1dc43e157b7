-- Changes what Sluice's setup script made: what the new configuration needs is made and granted, and what it no
-- longer needs is taken back in the end.
--
-- Who can run it: the role that ran the setup script, or one with the same privileges that owns what it made.
-- It needs USAGE on the warehouse. Run it so that it stops at the first error, as a worksheet does, and
-- snow sql --enable-templating NONE -f edit.sql
-- Then PUT the new configuration to /data/connection.

USE WAREHOUSE "WH";

-- The database: Sluice's tables, the policies, and the functions that they ask. Another's of this name ends the script.
CREATE DATABASE IF NOT EXISTS "GOVERNED" COMMENT = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.';
UNSET sluice_database;
SHOW DATABASES STARTS WITH 'GOVERNED';
SET sluice_database = (SELECT IFF(TO_NUMBER(IFF(COUNT(*) = 1, '1', 'STOP: this database is there already and was not made by this Sluice')) = 1, '"GOVERNED"', NULL)
  FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))
  WHERE "name" = 'GOVERNED' AND "comment" = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.');

-- The system role, by which Sluice enforces policies. Another's of this name ends the script before anything is granted.
CREATE ROLE IF NOT EXISTS "GOVERNED_SYSTEM" COMMENT = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.';
UNSET sluice_role;
SHOW ROLES STARTS WITH 'GOVERNED_SYSTEM';
SET sluice_role = (SELECT IFF(TO_NUMBER(IFF(COUNT(*) = 1, '1', 'STOP: this role is there already and was not made by this Sluice')) = 1, '"GOVERNED_SYSTEM"', NULL)
  FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))
  WHERE "name" = 'GOVERNED_SYSTEM' AND "comment" = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.');

-- The parts of the database.
UNSET sluice_system;
SET sluice_system = $sluice_database || '."SYSTEM"';
CREATE SCHEMA IF NOT EXISTS IDENTIFIER($sluice_system) COMMENT = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.';
UNSET sluice_policies;
SET sluice_policies = $sluice_database || '."POLICIES"';
CREATE SCHEMA IF NOT EXISTS IDENTIFIER($sluice_policies) COMMENT = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.';
UNSET sluice_functions;
SET sluice_functions = $sluice_database || '."FUNCTIONS"';
CREATE SCHEMA IF NOT EXISTS IDENTIFIER($sluice_functions) COMMENT = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.';

-- What the system role may do in it.
GRANT USAGE ON WAREHOUSE "WH" TO ROLE IDENTIFIER($sluice_role);
GRANT USAGE ON DATABASE IDENTIFIER($sluice_database) TO ROLE IDENTIFIER($sluice_role);
GRANT USAGE, CREATE TABLE, CREATE VIEW ON SCHEMA IDENTIFIER($sluice_system) TO ROLE IDENTIFIER($sluice_role);
GRANT USAGE, CREATE MASKING POLICY, CREATE ROW ACCESS POLICY ON SCHEMA IDENTIFIER($sluice_policies) TO ROLE IDENTIFIER($sluice_role);
GRANT USAGE, CREATE FUNCTION ON SCHEMA IDENTIFIER($sluice_functions) TO ROLE IDENTIFIER($sluice_role);

-- What it may do in the account: make the roles of audiences and grant to them, set masks and row rules.
GRANT APPLY MASKING POLICY ON ACCOUNT TO ROLE IDENTIFIER($sluice_role);
GRANT APPLY ROW ACCESS POLICY ON ACCOUNT TO ROLE IDENTIFIER($sluice_role);
GRANT MANAGE GRANTS ON ACCOUNT TO ROLE IDENTIFIER($sluice_role);
GRANT CREATE ROLE ON ACCOUNT TO ROLE IDENTIFIER($sluice_role);

-- The user. One that is there already stays as it is. It also needs the role that you register as connection.role.
CREATE USER IF NOT EXISTS "SLUICE" COMMENT = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.';
-- Its password, as long as your account takes one of a user without a second factor:
--   ALTER USER … SET PASSWORD = '…';
-- Else a programmatic access token, which you register in the password's place. It is of Sluice's role, so run this script
-- first; and a network policy has to be in force for the user that lets in where Sluice runs:
--   ALTER USER … SET TYPE = SERVICE;
--   ALTER USER … ADD PROGRAMMATIC ACCESS TOKEN SLUICE ROLE_RESTRICTION = '…';
GRANT ROLE IDENTIFIER($sluice_role) TO USER "SLUICE";

-- ---------------------------------------------------------------------------------------------------------
-- As ACCOUNTADMIN: audit, lineage and tags are read from the account's own views.
-- ---------------------------------------------------------------------------------------------------------
SET sluice_runner = (SELECT '"' || REPLACE(CURRENT_ROLE(), '"', '""') || '"');
USE ROLE ACCOUNTADMIN;
USE WAREHOUSE "WH";
UNSET sluice_role;
SHOW ROLES STARTS WITH 'GOVERNED_SYSTEM';
SET sluice_role = (SELECT IFF(TO_NUMBER(IFF(COUNT(*) = 1, '1', 'STOP: this role is there already and was not made by this Sluice')) = 1, '"GOVERNED_SYSTEM"', NULL)
  FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))
  WHERE "name" = 'GOVERNED_SYSTEM' AND "comment" = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.');
REVOKE DATABASE ROLE SNOWFLAKE.GOVERNANCE_VIEWER FROM ROLE IDENTIFIER($sluice_role);
REVOKE DATABASE ROLE SNOWFLAKE.SECURITY_VIEWER FROM ROLE IDENTIFIER($sluice_role);

-- Back to the role that has run this.
USE ROLE IDENTIFIER($sluice_runner);
