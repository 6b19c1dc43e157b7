-- Takes away what Sluice's setup script made: its database, with everything in it, its system role, and the user
-- where the script made it.
--
-- Who can run it: the role that ran the setup script (it owns them), or ACCOUNTADMIN. It needs USAGE on a warehouse:
-- where the one below is gone, name another one in its line.
-- How: all of it in a worksheet, or: snow sql --enable-templating NONE -f delete.sql
-- What does not carry this Sluice's comment is left alone. Run twice it does the same as once.

-- >>> CHANGE THIS LINE where the warehouse is gone.
USE WAREHOUSE "WH";

-- The database, where it is this Sluice's.
UNSET sluice_database;
SHOW DATABASES STARTS WITH 'GOVERNED';
SET sluice_database = (SELECT IFF(COUNT(*) = 1, '"GOVERNED"', 'SLUICE_HAS_NOTHING_TO_DROP')
  FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))
  WHERE "name" = 'GOVERNED' AND "comment" = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.');
DROP DATABASE IF EXISTS IDENTIFIER($sluice_database);

-- The role, where it is this Sluice's.
UNSET sluice_role;
SHOW ROLES STARTS WITH 'GOVERNED_SYSTEM';
SET sluice_role = (SELECT IFF(COUNT(*) = 1, '"GOVERNED_SYSTEM"', 'SLUICE_HAS_NOTHING_TO_DROP')
  FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))
  WHERE "name" = 'GOVERNED_SYSTEM' AND "comment" = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.');
DROP ROLE IF EXISTS IDENTIFIER($sluice_role);

-- The user, where the setup script made it.
UNSET sluice_made_user;
SHOW USERS STARTS WITH 'SLUICE';
SET sluice_made_user = (SELECT IFF(COUNT(*) = 1, '"SLUICE"', 'SLUICE_HAS_NOTHING_TO_DROP')
  FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))
  WHERE "name" = 'SLUICE' AND "comment" = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.');
DROP USER IF EXISTS IDENTIFIER($sluice_made_user);
