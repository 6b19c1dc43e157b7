-- Takes away what Sluice has made: the roles of its audiences and all that is granted to them, its masks and row
-- rules, its database, with everything in it, its system role, and the user where the setup script made it.
--
-- Who can run it: the role that ran the setup script (it owns them), or ACCOUNTADMIN. It needs USAGE on a warehouse:
-- where the one below is gone, name another one in its line.
-- How: all of it in a worksheet, or: snow sql --enable-templating NONE -f delete.sql
-- What does not carry this Sluice's comment is left alone. Run twice it does the same as once.

-- >>> CHANGE THIS LINE where the warehouse is gone.
USE WAREHOUSE "WH";

-- What was made since the setup: first the roles, so that who reads by them does not see more for a moment, and then
-- the policies off what they are set on.
EXECUTE IMMEDIATE $$
DECLARE
  found RESULTSET;
  policies RESULTSET;
  places RESULTSET;
  policy VARCHAR;
  statement VARCHAR;
  kept VARCHAR;
  listed INTEGER;
  too_many EXCEPTION (-20001, 'STOP: 10000 policies are off what they were set on, and SHOW lists no more of them. Drop these, and run this again.');
BEGIN
  -- The system role owns the roles and may take policies off: whoever runs this holds it from here on.
  SHOW ROLES STARTS WITH 'GOVERNED_SYSTEM';
  found := (SELECT 'GRANT ROLE "GOVERNED_SYSTEM" TO ROLE ' || '"' || REPLACE(CURRENT_ROLE(), '"', '""') || '"' AS STATEMENT
    FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) WHERE "name" = 'GOVERNED_SYSTEM' AND "comment" = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.');
  FOR one IN found DO
    statement := one.STATEMENT;
    EXECUTE IMMEDIATE :statement;
  END FOR;

  -- SHOW lists 10000 at the most: the next of them come after the last that stays.
  kept := '';
  REPEAT
    statement := 'SHOW ROLES LIMIT 10000' || IFF(:kept = '', '', ' FROM ''' || REPLACE(REPLACE(:kept, '\\', '\\\\'), '''', '''''') || '''');
    EXECUTE IMMEDIATE :statement;
    found := (SELECT "name" AS NAME, IFF(STARTSWITH("comment", 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.') AND "name" <> 'GOVERNED_SYSTEM', 'DROP ROLE IF EXISTS ' || '"' || REPLACE("name", '"', '""') || '"', '') AS STATEMENT
      FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) ORDER BY "name");
    listed := 0;
    FOR one IN found DO
      listed := listed + 1;
      statement := one.STATEMENT;
      IF (statement = '') THEN
        kept := one.NAME;
      ELSE
        EXECUTE IMMEDIATE :statement;
      END IF;
    END FOR;
  UNTIL (listed < 10000)
  END REPEAT;

  SHOW DATABASES STARTS WITH 'GOVERNED';
  found := (SELECT "name" AS NAME
    FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) WHERE "name" = 'GOVERNED' AND "comment" = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.');
  FOR one IN found DO
        BEGIN
          SHOW ROW ACCESS POLICIES IN SCHEMA "GOVERNED"."POLICIES";
          policies := (SELECT IFF("comment" = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.', '"GOVERNED"."POLICIES".' || '"' || REPLACE("name", '"', '""') || '"', '') AS POLICY
            FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())));
        EXCEPTION
          WHEN STATEMENT_ERROR THEN
            IF (SQLCODE NOT IN (2, 2003, 2043)) THEN
              RAISE;
            END IF;
            policies := (SELECT '' AS POLICY WHERE FALSE);
        END;
        listed := 0;
        FOR each IN policies DO
          listed := listed + 1;
          policy := each.POLICY;
          IF (policy <> '') THEN
            places := (SELECT 'ALTER ' || IFF(REF_ENTITY_DOMAIN = 'VIEW', 'VIEW ', 'TABLE ') || '"' || REPLACE(REF_DATABASE_NAME, '"', '""') || '"'
                || '.' || '"' || REPLACE(REF_SCHEMA_NAME, '"', '""') || '"' || '.' || '"' || REPLACE(REF_ENTITY_NAME, '"', '""') || '"' || ' DROP ROW ACCESS POLICY ' || :policy AS STATEMENT
              FROM TABLE("GOVERNED".INFORMATION_SCHEMA.POLICY_REFERENCES(POLICY_NAME => :policy)));
            FOR place IN places DO
              statement := place.STATEMENT;
              EXECUTE IMMEDIATE :statement;
            END FOR;
          END IF;
        END FOR;
        IF (listed >= 10000) THEN
          RAISE too_many;
        END IF;
        BEGIN
          SHOW MASKING POLICIES IN SCHEMA "GOVERNED"."POLICIES";
          policies := (SELECT IFF("comment" = 'Made by Sluice, instance 0a1b2c3d. It is used by that Sluice alone: leave this comment as it is.', '"GOVERNED"."POLICIES".' || '"' || REPLACE("name", '"', '""') || '"', '') AS POLICY
            FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())));
        EXCEPTION
          WHEN STATEMENT_ERROR THEN
            IF (SQLCODE NOT IN (2, 2003, 2043)) THEN
              RAISE;
            END IF;
            policies := (SELECT '' AS POLICY WHERE FALSE);
        END;
        listed := 0;
        FOR each IN policies DO
          listed := listed + 1;
          policy := each.POLICY;
          IF (policy <> '') THEN
            places := (SELECT 'ALTER ' || IFF(REF_ENTITY_DOMAIN = 'VIEW', 'VIEW ', 'TABLE ') || '"' || REPLACE(REF_DATABASE_NAME, '"', '""') || '"'
                || '.' || '"' || REPLACE(REF_SCHEMA_NAME, '"', '""') || '"' || '.' || '"' || REPLACE(REF_ENTITY_NAME, '"', '""') || '"' || ' MODIFY COLUMN ' || '"' || REPLACE(REF_COLUMN_NAME, '"', '""') || '"' || ' UNSET MASKING POLICY' AS STATEMENT
              FROM TABLE("GOVERNED".INFORMATION_SCHEMA.POLICY_REFERENCES(POLICY_NAME => :policy)));
            FOR place IN places DO
              statement := place.STATEMENT;
              EXECUTE IMMEDIATE :statement;
            END FOR;
          END IF;
        END FOR;
        IF (listed >= 10000) THEN
          RAISE too_many;
        END IF;
  END FOR;
END;
$$;

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

-- Grants that Sluice took from users, as statements: run those that they shall have back.
SELECT COLUMN1 AS STATEMENT FROM VALUES
  ('GRANT SELECT ON TABLE "SHOP"."it''s"."ORDERS" TO USER "BOB" WITH GRANT OPTION');
