// Drives a running sandbox with the vendor's own driver; exits 1 with every mismatch listed.
// Reads SANDBOX: {"endpoint", "account", "password", "adminPassword", "privateKey", "oauthToken"}.
import assert from "node:assert/strict";
import snowflake from "snowflake-sdk";

process.env.SF_TELEMETRY_DISABLE_CONNECTION_SHAPE = "1";
const sandbox = JSON.parse(process.env.SANDBOX);
const endpoint = sandbox.endpoint.replace(/\/$/, "");
snowflake.configure({ logLevel: "ERROR", logFilePath: "STDOUT" });

const connect = (options) => new Promise((resolve, reject) => {
  const connection = snowflake.createConnection({ account: sandbox.account, accessUrl: endpoint, sfRetryMaxLoginRetries: 1, ...options });
  connection.connect((problem) => (problem ? reject(problem) : resolve(connection)));
});
const service = (more = {}) => connect({ username: "SLUICE_SERVICE", password: sandbox.password, ...more });
const admin = (more = {}) => connect({ username: "SANDBOX_ADMIN", password: sandbox.adminPassword, ...more });
const run = (connection, sqlText, more = {}) => new Promise((resolve, reject) => {
  connection.execute({ sqlText, ...more, complete: (problem, statement, rows) => (problem ? reject(problem) : resolve({ statement, rows })) });
});
const close = (connection) => new Promise((resolve, reject) => connection.destroy((problem) => (problem ? reject(problem) : resolve())));
const post = async (path, body) => assert.ok((await fetch(`${endpoint}/_sandbox${path}`, {
  method: path === "/faults" ? "PUT" : "POST", headers: { "content-type": "application/json" }, body: body && JSON.stringify(body),
})).ok);
async function refused(work, code, message) {
  try {
    await work();
  } catch (problem) {
    assert.equal(String(problem.code).padStart(6, "0"), code, problem.message);
    if (message) assert.match(problem.message, message);
    return;
  }
  assert.fail("should have been refused");
}

const steps = {
  async "a password opens a session"() {
    const connection = await service();
    const { rows } = await run(connection, "SELECT CURRENT_USER() AS U, CURRENT_ROLE() AS R, CURRENT_WAREHOUSE() AS W");
    assert.deepEqual(rows, [{ U: "SLUICE_SERVICE", R: "SLUICE_ROLE", W: "SLUICE_WH" }]);
    await close(connection);
  },
  async "a wrong password is refused"() {
    await refused(() => service({ password: "wrong" }), "390100", /Incorrect username or password/);
  },
  async "a key pair opens a session"() {
    const connection = await connect({ username: "SLUICE_SERVICE", authenticator: "SNOWFLAKE_JWT", privateKey: sandbox.privateKey, role: "SLUICE_ROLE" });
    assert.equal((await run(connection, "SELECT CURRENT_USER() AS U")).rows[0].U, "SLUICE_SERVICE");
    await close(connection);
  },
  async "an OAuth token opens a session"() {
    const connection = await connect({ authenticator: "OAUTH", token: sandbox.oauthToken, database: "SALES", schema: "CRM" });
    assert.equal((await run(connection, "SELECT COUNT(*) AS N FROM CUSTOMERS")).rows[0].N, 3);
    await close(connection);
  },
  async "SHOW commands page by name"() {
    const connection = await service();
    assert.ok((await run(connection, "SHOW DATABASES")).rows.some((row) => row.name === "SALES" && row.kind === "STANDARD"));
    const all = (await run(connection, "SHOW TABLES IN SCHEMA SALES.CRM")).rows.map((row) => row.name);
    const paged = [];
    for (let last; ;) {
      const { rows } = await run(connection, `SHOW TABLES IN SCHEMA SALES.CRM LIMIT 3${last ? ` FROM '${last.replaceAll("'", "''")}'` : ""}`);
      if (rows.length === 0) break;
      paged.push(...rows.map((row) => row.name));
      last = paged.at(-1);
    }
    assert.deepEqual(paged, all);
    await close(connection);
  },
  async "values have their types"() {
    const connection = await admin();
    const { rows } = await run(connection, "SELECT 42 AS I, 1.25::NUMBER(10,2) AS N, 0.5::FLOAT AS F, 'x' AS T, TRUE AS B, NULL AS Z, '2026-03-01'::DATE AS D, '2026-03-01 12:00:00'::TIMESTAMP_NTZ AS TS");
    const [row] = rows;
    assert.deepEqual([row.I, row.N, row.F, row.T, row.B, row.Z], [42, 1.25, 0.5, "x", true, null]);
    assert.equal(row.D.getTime(), Date.UTC(2026, 2, 1));
    assert.equal(row.TS.getTime(), Date.UTC(2026, 2, 1, 12));
    await close(connection);
  },
  async "binds and array binds"() {
    const connection = await admin();
    await run(connection, "CREATE OR REPLACE DATABASE SCRATCH");
    await run(connection, "CREATE TABLE T (ID NUMBER, NAME VARCHAR)");
    const { statement } = await run(connection, "INSERT INTO T (ID, NAME) VALUES (?, ?)", { binds: [[1, "one"], [2, "it's"]] });
    assert.equal(statement.getNumUpdatedRows(), 2);
    assert.deepEqual((await run(connection, "SELECT NAME FROM T WHERE ID = :1", { binds: [2] })).rows, [{ NAME: "it's" }]);
    await run(connection, "DROP DATABASE SCRATCH");
    await close(connection);
  },
  async "masks and filters meet the person who is logged in"() {
    const [keeper, reader] = [await admin(), await service()];
    for (const sqlText of [
      "CREATE OR REPLACE DATABASE GUARDED", "CREATE TABLE PEOPLE (ID NUMBER, EMAIL VARCHAR, REGION VARCHAR)", "CREATE TABLE ENTITLED (U VARCHAR, R VARCHAR)",
      "CREATE MASKING POLICY MASK AS (V VARCHAR) RETURNS VARCHAR -> CASE WHEN CURRENT_USER() = 'SANDBOX_ADMIN' THEN V ELSE LEFT(V, 1) || '***' END",
      "CREATE FUNCTION SEES(REG VARCHAR) RETURNS BOOLEAN AS $$ EXISTS (SELECT 1 FROM ENTITLED WHERE U = CURRENT_USER() AND R = REG) $$",
      "CREATE ROW ACCESS POLICY FILTER AS (R VARCHAR) RETURNS BOOLEAN -> SEES(R)",
      "ALTER TABLE PEOPLE MODIFY COLUMN EMAIL SET MASKING POLICY MASK", "ALTER TABLE PEOPLE ADD ROW ACCESS POLICY FILTER ON (REGION)",
      "GRANT USAGE ON DATABASE GUARDED TO ROLE SLUICE_ROLE", "GRANT USAGE ON SCHEMA GUARDED.PUBLIC TO ROLE SLUICE_ROLE", "GRANT SELECT ON TABLE PEOPLE TO ROLE SLUICE_ROLE",
    ]) await run(keeper, sqlText);
    const binds = Array.from({ length: 2000 }, (_, n) => [n, `u${n}@x.example`, n % 2 ? "EU" : "US"]);
    await run(keeper, "INSERT INTO PEOPLE (ID, EMAIL, REGION) VALUES (?, ?, ?)", { binds });
    await run(keeper, `INSERT INTO ENTITLED VALUES ('SLUICE_SERVICE', 'EU'), ${Array.from({ length: 3000 }, (_, n) => `('U${n}', 'US')`).join(", ")}`);
    const { rows } = await run(reader, "SELECT COUNT(*) AS N, MIN(EMAIL) AS E FROM GUARDED.PUBLIC.PEOPLE WHERE EMAIL LIKE 'u***'");
    assert.deepEqual(rows, [{ N: 1000, E: "u***" }]);
    assert.equal((await run(keeper, "SELECT COUNT(*) AS N FROM PEOPLE")).rows[0].N, 0);
    await refused(() => run(reader, "SELECT * FROM GUARDED.PUBLIC.ENTITLED"), "002003");
    await refused(() => run(keeper, "DROP MASKING POLICY MASK"), "003546", /associated with one or more entities/);
    await run(keeper, "DROP DATABASE GUARDED");
    await close(keeper);
    await close(reader);
  },
  async "renames, clones, restores and Time Travel keep what protects a table"() {
    const [keeper, reader] = [await admin(), await service()];
    for (const sqlText of [
      "CREATE OR REPLACE DATABASE PAST", 'CREATE TABLE PEOPLE (ID NUMBER, "select" VARCHAR)', "INSERT INTO PEOPLE VALUES (1, 'one'), (2, 'two')",
      "CREATE MASKING POLICY MASK AS (V VARCHAR) RETURNS VARCHAR -> CASE WHEN CURRENT_USER() = 'SANDBOX_ADMIN' THEN V ELSE '***' END",
      'ALTER TABLE PEOPLE MODIFY COLUMN "select" SET MASKING POLICY MASK',
      "GRANT USAGE ON DATABASE PAST TO ROLE SLUICE_ROLE", "GRANT USAGE ON SCHEMA PAST.PUBLIC TO ROLE SLUICE_ROLE", "GRANT SELECT ON TABLE PEOPLE TO ROLE SLUICE_ROLE",
    ]) await run(keeper, sqlText);
    const { statement } = await run(keeper, "DELETE FROM PEOPLE WHERE ID = 2");
    const before = `BEFORE (STATEMENT => '${statement.getQueryId()}')`;
    for (const sqlText of ["ALTER TABLE PEOPLE RENAME TO FOLK", `CREATE TABLE TWIN CLONE FOLK ${before} COPY GRANTS`, "DROP TABLE FOLK", "UNDROP TABLE FOLK"]) await run(keeper, sqlText);
    const read = async (table) => (await run(reader, `SELECT ID, "select" FROM PAST.PUBLIC.${table} ORDER BY ID`)).rows;
    assert.deepEqual(await read("FOLK"), [{ ID: 1, select: "***" }]);
    for (const table of ["TWIN", `FOLK ${before}`]) assert.deepEqual(await read(table), [{ ID: 1, select: "***" }, { ID: 2, select: "***" }]);
    await refused(() => read("FOLK AT (OFFSET => -3600)"), "000707", /Time travel data is not available/);
    await run(keeper, "CREATE OR REPLACE TABLE TWIN (ID NUMBER, \"select\" VARCHAR)");
    await refused(() => read("TWIN"), "002003");
    await run(keeper, "DROP DATABASE PAST");
    await close(keeper);
    await close(reader);
  },
  async "secondary roles come and go"() {
    const connection = await admin();
    for (const sqlText of ["CREATE OR REPLACE ROLE SIDE", "GRANT ROLE SIDE TO USER SANDBOX_ADMIN", "USE SECONDARY ROLES ALL"]) await run(connection, sqlText);
    assert.equal((await run(connection, "SELECT IS_ROLE_IN_SESSION('SIDE') AS S")).rows[0].S, true);
    await run(connection, "USE SECONDARY ROLES NONE");
    assert.equal((await run(connection, "SELECT IS_ROLE_IN_SESSION('SIDE') AS S")).rows[0].S, false);
    await close(connection);
  },
  async "privileges of a user count with all secondary roles"() {
    const [keeper, reader] = [await admin(), await service()];
    for (const sqlText of [
      "CREATE OR REPLACE DATABASE OWN", "CREATE TABLE T AS SELECT 1 AS N", "GRANT USAGE ON DATABASE OWN TO USER SLUICE_SERVICE", "GRANT USAGE ON SCHEMA OWN.PUBLIC TO USER SLUICE_SERVICE",
      "GRANT SELECT ON TABLE T TO USER SLUICE_SERVICE",
    ]) await run(keeper, sqlText);
    await run(reader, "USE SECONDARY ROLES ALL");
    assert.deepEqual((await run(reader, "SELECT N FROM OWN.PUBLIC.T")).rows, [{ N: 1 }]);
    await run(reader, "USE SECONDARY ROLES NONE");
    await refused(() => run(reader, "SELECT N FROM OWN.PUBLIC.T"), "002003");
    const granted = (await run(keeper, "SHOW GRANTS TO USER SLUICE_SERVICE")).rows.filter((row) => row.granted_on === "TABLE");
    assert.deepEqual(granted.map(({ privilege, name, role, granted_to, grantee_name }) => [privilege, name, role, granted_to, grantee_name]), [["SELECT", "OWN.PUBLIC.T", null, "USER", "SLUICE_SERVICE"]]);
    await run(keeper, "REVOKE SELECT ON TABLE T FROM USER SLUICE_SERVICE");
    assert.equal((await run(keeper, "SHOW GRANTS ON TABLE T")).rows.filter((row) => row.granted_to === "USER").length, 0);
    await run(keeper, "DROP DATABASE OWN");
    await close(keeper);
    await close(reader);
  },
  async "large answers come in chunks"() {
    const connection = await service();
    const { rows } = await run(connection, "SELECT ROW_NUMBER() OVER () AS N, 'padding to make it large' AS P FROM TABLE(GENERATOR(ROWCOUNT => 20000))");
    assert.equal(rows.length, 20000);
    assert.equal(rows.at(-1).N, 20000);
    await close(connection);
  },
  async "long and asynchronous statements"() {
    const connection = await service();
    await post("/faults", { faults: [{ operation: "query:SHOW", kind: "SlowStatement", latencyMilliseconds: 150, times: 1 }] });
    assert.ok((await run(connection, "SHOW SCHEMAS IN DATABASE SALES")).rows.length >= 3);
    const queryId = await new Promise((resolve, reject) => connection.execute({
      sqlText: "SELECT 7 AS N", asyncExec: true, complete: (problem, statement) => (problem ? reject(problem) : resolve(statement.getQueryId())),
    }));
    const statement = await connection.getResultsFromQueryId({ queryId });
    const rows = [];
    for await (const row of statement.streamRows()) rows.push(row);
    assert.deepEqual(rows, [{ N: 7 }]);
    assert.equal(await connection.getQueryStatus(queryId), "SUCCESS");
    await close(connection);
  },
  async "several statements at once"() {
    const connection = await service();
    const names = await new Promise((resolve, reject) => {
      const seen = [];
      connection.execute({
        sqlText: "SELECT 1 AS A; SELECT 2 AS B", parameters: { MULTI_STATEMENT_COUNT: 2 },
        complete(problem, statement) {
          if (problem) return reject(problem);
          statement.streamRows().on("data", (row) => seen.push(row)).on("error", reject).on("end", () => (statement.hasNext() ? statement.NextResult() : resolve(seen)));
        },
      });
    });
    assert.deepEqual(names, [{ A: 1 }, { B: 2 }]);
    await close(connection);
  },
  async "blocks answer, return tables, clean up, and tell where they failed"() {
    const connection = await admin();
    for (const sqlText of ["CREATE OR REPLACE DATABASE SCRIPTS", "CREATE TABLE T (ID NUMBER, NAME VARCHAR)", "INSERT INTO T VALUES (1, 'one'), (2, 'two')", "CREATE ROLE GONE_A", "CREATE ROLE GONE_B"]) await run(connection, sqlText);
    assert.deepEqual((await run(connection, "DECLARE n INTEGER DEFAULT 0; BEGIN FOR i IN 1 TO 4 DO n := n + i; END FOR; RETURN n; END;")).rows, [{ "anonymous block": 10 }]);
    assert.deepEqual((await run(connection, "EXECUTE IMMEDIATE 'SELECT NAME FROM T ORDER BY ID'")).rows, [{ NAME: "one" }, { NAME: "two" }]);
    const { statement } = await run(connection, "EXECUTE IMMEDIATE $$UPDATE T SET NAME = NAME || '!'$$");
    assert.equal(statement.getNumUpdatedRows(), 2);
    const cleanup = `EXECUTE IMMEDIATE $$
      BEGIN
        SHOW ROLES LIKE 'GONE%';
        LET roles RESULTSET := (SELECT "name" AS NAME FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())));
        FOR role IN roles DO
          EXECUTE IMMEDIATE 'DROP ROLE "' || role.NAME || '"';
        END FOR;
        RETURN TABLE(roles);
      END;
    $$`;
    assert.deepEqual((await run(connection, cleanup)).rows.map((row) => row.NAME).sort(), ["GONE_A", "GONE_B"]);
    assert.deepEqual((await run(connection, "SHOW ROLES LIKE 'GONE%'")).rows, []);
    await refused(() => run(connection, "BEGIN\n  DELETE FROM T;\n  DROP ROLE GONE_A;\nEND;"), "002003", /^Uncaught exception of type 'STATEMENT_ERROR' on line 3 at position 2 : /);
    assert.equal((await run(connection, "SELECT COUNT(*) AS N FROM T")).rows[0].N, 0);
    const seen = await new Promise((resolve, reject) => {
      const rows = [];
      connection.execute({
        sqlText: "BEGIN INSERT INTO T (ID) VALUES (7); RETURN SQLROWCOUNT; END; SELECT ID FROM T;", parameters: { MULTI_STATEMENT_COUNT: 2 },
        complete(problem, several) {
          if (problem) return reject(problem);
          several.streamRows().on("data", (row) => rows.push(row)).on("error", reject).on("end", () => (several.hasNext() ? several.NextResult() : resolve(rows)));
        },
      });
    });
    assert.deepEqual(seen, [{ "anonymous block": 1 }, { ID: 7 }]);
    await run(connection, "DROP DATABASE SCRIPTS");
    await close(connection);
  },
  async "errors carry code and state"() {
    const connection = await service();
    await refused(() => run(connection, "SELECT * FROM SALES.CRM.NOPE"), "002003", /does not exist or not authorized/);
    await refused(() => run(connection, "SELEC"), "001003");
    await refused(() => run(connection, "CREATE DATABASE X"), "003001", /Insufficient privileges/);
    await close(connection);
  },
  async "a heartbeat, and an expired session renewed by the driver"() {
    const connection = await service();
    await connection.heartbeatAsync();
    await post("/sessions/expire");
    assert.equal((await run(connection, "SELECT 1 AS N")).rows[0].N, 1);
    await close(connection);
  },
  async "a throttled request is tried again by the driver"() {
    const connection = await service();
    await post("/faults", { faults: [{ operation: "query:SELECT", kind: "Unavailable", times: 1 }] });
    assert.equal((await run(connection, "SELECT 3 AS N")).rows[0].N, 3);
    await close(connection);
  },
};

let failed = 0;
for (const [name, step] of Object.entries(steps)) {
  try {
    await step();
    console.log(`ok ${name}`);
  } catch (problem) {
    failed++;
    console.error(`not ok ${name}\n${problem.stack}`);
  }
}
process.exit(failed ? 1 : 0);
