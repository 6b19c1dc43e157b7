// Drives the sandbox with Databricks' SDK for JavaScript: what it understands, the sandbox says as the service does.
// The SDK sends no body with PATCH, so grants are changed by SQL here.
import assert from "node:assert/strict";
import { AccountClient, ApiError, WorkspaceClient } from "@databricks/sdk-experimental";

const sandbox = JSON.parse(process.env.SANDBOX);
const host = sandbox.endpoint.replace(/\/$/, "");
const config = { retryTimeoutSeconds: 20, httpTimeoutSeconds: 20 };
const service = new WorkspaceClient({ host, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret, authType: "oauth-m2m", ...config });
const admin = new WorkspaceClient({ host, token: sandbox.administratorToken, authType: "pat", ...config });
const analyst = new WorkspaceClient({ host, token: sandbox.analystToken, authType: "pat", ...config });
// The SDK knows an account's host by its name, and one that is both by this.
const account = new AccountClient({ host, accountId: sandbox.accountId, token: sandbox.administratorToken, authType: "pat", experimentalIsUnifiedHost: true, ...config });
const engineer = new WorkspaceClient({ host, token: sandbox.engineerToken, authType: "pat", ...config });

const all = async (iterable) => {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
};

// The SDK's lists of groups ask for the same page for ever: only the first group is taken.
const first = async (iterable) => {
  for await (const item of iterable) return item;
  return undefined;
};

// A list that never ends must fail the test, not hang it.
setTimeout(() => {
  console.log("not ok: the client did not come to an end");
  process.exit(1);
}, 30_000).unref();

const run = async (client, statement, more = {}) => client.statementExecution.executeStatement({ statement, warehouse_id: sandbox.warehouseId, wait_timeout: "50s", ...more });

const failure = async (work) => {
  try {
    await work();
  } catch (problem) {
    return problem;
  }

  assert.fail("the call was to fail");
};

const steps = {
  async "OAuth client credentials and personal tokens name their principal"() {
    assert.equal((await service.currentUser.me()).displayName, "sluice-service");
    assert.equal((await analyst.currentUser.me()).userName, "analyst@acme.example");
  },

  async "a wrong token is refused"() {
    const stranger = new WorkspaceClient({ host, token: "dapi0", authType: "pat", ...config });
    const problem = await failure(() => stranger.currentUser.me());
    assert.equal(problem.statusCode, 403);
    assert.match(problem.message, /Invalid access token/);
  },

  async "catalogs, schemas and tables are listed through all pages"() {
    const catalogs = await all(service.catalogs.list({ max_results: 2, include_browse: true }));
    assert.deepEqual(catalogs.map((catalog) => catalog.name), ["__databricks_internal", "crm_postgres", "partner_share", "people", "sales", "web-analytics", "workspace"]);
    const schemas = await all(service.schemas.list({ catalog_name: "sales", max_results: 1 }));
    assert.deepEqual(schemas.map((schema) => schema.name), ["customers", "default", "information_schema", "orders", "products"]);
    const tables = await all(service.tables.list({ catalog_name: "sales", schema_name: "orders", max_results: 3 }));
    assert.equal(tables.length, 7);
    assert.deepEqual([...new Set(tables.map((table) => table.table_type))].sort(), ["EXTERNAL", "MANAGED", "MANAGED_SHALLOW_CLONE", "MATERIALIZED_VIEW", "STREAMING_TABLE", "VIEW"]);
    const summaries = await all(service.tables.listSummaries({ catalog_name: "people", max_results: 3 }));
    assert.equal(summaries.filter((summary) => !summary.full_name.includes("information_schema")).length, 10);
  },

  async "a table is read whole"() {
    const table = await service.tables.get({ full_name: "sales.customers.customers" });
    assert.equal(table.row_filter.function_name, "sales.customers.only_region");
    const email = table.columns.find((column) => column.name === "email");
    assert.equal(email.mask.function_name, "sales.customers.mask_email");
    assert.equal(JSON.parse(email.type_json).type, "string");
    assert.equal((await service.tables.exists({ full_name: "sales.orders.nothing" })).table_exists, false);
  },

  async "errors carry their codes"() {
    const missing = await failure(() => service.catalogs.get({ name: "nowhere" }));
    assert.ok(missing instanceof ApiError);
    assert.equal(missing.statusCode, 404);
    // The SDK stumbles over a RequestInfo among the details, which the service sends too, and keeps the body as it came.
    assert.equal(JSON.parse(missing.response).error_code, "CATALOG_DOES_NOT_EXIST");
    const refused = await failure(() => analyst.tables.get({ full_name: "people.payroll.salaries" }));
    assert.equal(refused.statusCode, 403);
    assert.equal(JSON.parse(refused.response).error_code, "PERMISSION_DENIED");
  },

  async "grants are made by SQL and read over REST"() {
    const granted = await run(engineer, "GRANT SELECT ON TABLE sales.orders.order_lines TO `analysts`");
    assert.equal(granted.status.state, "SUCCEEDED");
    const grants = await service.grants.get({ securable_type: "table", full_name: "sales.orders.order_lines" });
    assert.deepEqual(grants.privilege_assignments.map(({ principal, privileges }) => ({ principal, privileges })), [{ principal: "analysts", privileges: ["SELECT"] }]);
    const effective = await service.grants.getEffective({ securable_type: "table", full_name: "sales.orders.order_lines", principal: sandbox.clientId });
    assert.equal(effective.privilege_assignments[0].privileges[0].inherited_from_type, "CATALOG");
  },

  async "a statement answers its rows, by parameters"() {
    const answer = await run(analyst, "SELECT order_id, total FROM sales.orders.orders WHERE order_id < :below ORDER BY 1", { parameters: [{ name: "below", value: "4", type: "INT" }] });
    assert.equal(answer.status.state, "SUCCEEDED");
    assert.deepEqual(answer.manifest.schema.columns.map((column) => column.type_name), ["LONG", "DECIMAL"]);
    assert.deepEqual(answer.result.data_array.map((row) => row[0]), ["1", "2", "3"]);
    const failed = await run(analyst, "SELECT * FROM nothing.at.all");
    assert.equal(failed.status.state, "FAILED");
    assert.match(failed.status.error.message, /TABLE_OR_VIEW_NOT_FOUND/);
    assert.match(failed.status.error.message, /SQLSTATE: 42P01/);
  },

  async "a result is fetched from its external link without a token"() {
    const answer = await run(service, "SELECT table_name FROM system.information_schema.tables WHERE table_catalog = 'people' AND table_schema = 'payroll'", { disposition: "EXTERNAL_LINKS", format: "JSON_ARRAY" });
    const link = answer.result.external_links[0];
    const rows = await (await fetch(link.external_link)).json();
    assert.deepEqual(rows.flat().sort(), ["bank_accounts", "bonuses", "payslips", "salaries"]);
    const again = await service.statementExecution.getStatementResultChunkN({ statement_id: answer.statement_id, chunk_index: 0 });
    assert.equal(again.external_links[0].row_count, 4);
    assert.equal((await fetch(link.external_link, { headers: { authorization: `Bearer ${sandbox.administratorToken}` } })).status, 400);
  },

  async "the vendor's own statement helper polls to the end"() {
    const begun = await service.statementExecution.executeStatement({ statement: "SELECT 1", warehouse_id: sandbox.warehouseId, wait_timeout: "0s" });
    let state = begun.status.state;
    while (state === "PENDING" || state === "RUNNING") state = (await service.statementExecution.getStatement({ statement_id: begun.statement_id })).status.state;
    assert.equal(state, "SUCCEEDED");
  },

  async "commands run on the cluster"() {
    assert.equal((await engineer.clusters.get({ cluster_id: sandbox.clusterId })).state, "RUNNING");
    const context = await (await engineer.commandExecution.create({ clusterId: sandbox.clusterId, language: "sql" })).wait();
    const command = await (await engineer.commandExecution.execute({ clusterId: sandbox.clusterId, contextId: context.id, language: "sql", command: "SELECT count(*) AS n FROM people.staff.employees" })).wait();
    assert.equal(command.results.resultType, "table");
    assert.deepEqual(command.results.data, [[24]]);
    await engineer.commandExecution.destroy({ clusterId: sandbox.clusterId, contextId: context.id });
  },

  async "an array holds a NULL, and a renamed, restored table what its page names"() {
    const answer = await run(engineer, "SELECT array(1, NULL, 3), map('a', NULL, 'b', 2.5)");
    assert.deepEqual(answer.result.data_array, [["[1,null,3]", '{"a":null,"b":2.5}']]);
    for (const statement of ["CREATE TABLE sales.products.`sel``ect` (`from` INT)", "INSERT INTO sales.products.`sel``ect` VALUES (7)", "GRANT SELECT ON TABLE sales.products.`sel``ect` TO `data-engineers`", "ALTER TABLE sales.products.`sel``ect` RENAME TO sales.products.plain", "DROP TABLE sales.products.plain", "UNDROP TABLE sales.products.plain"]) {
      const done = await run(engineer, statement);
      assert.equal(done.status.state, "SUCCEEDED", done.status.error?.message);
    }
    assert.deepEqual((await run(engineer, "SELECT `from` FROM sales.products.plain")).result.data_array, [["7"]]);
    assert.equal((await engineer.grants.get({ securable_type: "table", full_name: "sales.products.plain" })).privilege_assignments[0].principal, "data-engineers");
  },

  async "account groups are made, put, read and removed"() {
    const analysts = await first(account.accountGroupsV2.list({ filter: 'displayName eq "analysts"' }));
    const made = await account.accountGroupsV2.create({ displayName: "account-by-sdk", externalId: "x-1", members: [{ value: analysts.id }] });
    const read = await account.accountGroupsV2.get({ id: made.id });
    assert.equal(read.externalId, "x-1");
    assert.deepEqual(read.members.map((member) => member.$ref), [`Groups/${analysts.id}`]);
    await account.accountGroupsV2.update({ id: made.id, displayName: "renamed-by-sdk" });
    assert.equal((await account.accountGroupsV2.get({ id: made.id })).displayName, "renamed-by-sdk");
    await account.accountGroupsV2.delete({ id: made.id });
    assert.equal((await failure(() => account.accountGroupsV2.get({ id: made.id }))).statusCode, 404);
  },

  async "resource quotas are read one by one and in pages"() {
    const { quota_info: quota } = await admin.resourceQuotas.getQuota({ parent_securable_type: "schema", parent_full_name: "sales.orders", quota_name: "table-quota" });
    assert.equal(quota.quota_limit, 10_000);
    const listed = await all(admin.resourceQuotas.listQuotas({ max_results: 5 }));
    assert.equal(listed.find((other) => other.parent_full_name === "sales.orders" && other.quota_name === "table-quota").quota_count, quota.quota_count);
    assert.equal((await failure(() => analyst.resourceQuotas.getQuota({ parent_securable_type: "schema", parent_full_name: "sales.orders", quota_name: "table-quota" }))).statusCode, 403);
  },

  async "warehouses and groups are listed, groups made and removed"() {
    assert.equal((await all(service.warehouses.list({})))[0].state, "RUNNING");
    assert.equal((await first(admin.groupsV2.list({ filter: 'displayName eq "analysts"' }))).displayName, "analysts");
    const made = await admin.groupsV2.create({ displayName: "made-by-sdk" });
    await admin.groupsV2.delete({ id: made.id });
    assert.equal(await first(admin.groupsV2.list({ filter: 'displayName eq "made-by-sdk"' })), undefined);
    assert.equal((await failure(() => analyst.groupsV2.create({ displayName: "mine" }))).statusCode, 403);
  },

  async "tags are assigned and listed"() {
    await service.entityTagAssignments.create({ tag_assignment: { entity_type: "tables", entity_name: "sales.orders.orders", tag_key: "sdk", tag_value: "yes" } });
    const tags = await all(service.entityTagAssignments.list({ entity_type: "tables", entity_name: "sales.orders.orders" }));
    assert.deepEqual(tags.map((tag) => tag.tag_key), ["sdk", "sensitivity"]);
    await service.entityTagAssignments.delete({ entity_type: "tables", entity_name: "sales.orders.orders", tag_key: "sdk" });
  },

  async "the metastore is described"() {
    assert.equal((await service.metastores.current()).metastore_id, sandbox.metastoreId);
    assert.equal((await service.metastores.summary()).privilege_model_version, "1.0");
  },
};

let failed = 0;
for (const [name, step] of Object.entries(steps)) {
  try {
    await step();
    console.log(`ok ${name}`);
  } catch (problem) {
    failed++;
    console.log(`not ok ${name}\n${problem.stack ?? problem}`);
  }
}

process.exit(failed === 0 ? 0 : 1);
