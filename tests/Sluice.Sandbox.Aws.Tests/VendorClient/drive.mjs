// Drives a running sandbox with the vendor's own clients; exits 1 with every mismatch listed.
// Reads SANDBOX: {"endpoint", "region", "account", "service", "administrator", "server", "roleArn", "externalId"}.
import assert from "node:assert/strict";
import {
  GlueClient, GetDatabaseCommand, GetDatabasesCommand, GetTableCommand, GetTablesCommand, paginateGetDatabases, paginateGetTables,
  EntityNotFoundException as GlueNotFound,
} from "@aws-sdk/client-glue";
import {
  LakeFormationClient, AddLFTagsToResourceCommand, BatchGrantPermissionsCommand, BatchRevokePermissionsCommand, CreateLFTagCommand,
  DeleteLFTagCommand, GetDataLakeSettingsCommand, GetLFTagCommand, GetResourceLFTagsCommand, GrantPermissionsCommand, ListLFTagsCommand,
  ListPermissionsCommand, RemoveLFTagsFromResourceCommand, RevokePermissionsCommand, SearchDatabasesByLFTagsCommand, UpdateLFTagCommand,
  paginateListPermissions, paginateSearchTablesByLFTags, AccessDeniedException, EntityNotFoundException, InvalidInputException,
} from "@aws-sdk/client-lakeformation";
import { STSClient, AssumeRoleCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";

const sandbox = JSON.parse(process.env.SANDBOX);
const settings = (credentials, more = {}) => ({
  endpoint: sandbox.endpoint,
  region: sandbox.region,
  credentials: { accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey, sessionToken: credentials.sessionToken },
  maxAttempts: 1,
  ...more,
});
const glue = new GlueClient(settings(sandbox.service));
const lake = new LakeFormationClient(settings(sandbox.service));
const admin = new LakeFormationClient(settings(sandbox.administrator));
const serviceArn = `arn:aws:iam::${sandbox.account}:user/sluice-service`;
const person = { DataLakePrincipalIdentifier: `arn:aws:iam::${sandbox.account}:user/ada` };

async function collect(pages, member) {
  const all = [];
  let count = 0;
  for await (const page of pages) {
    all.push(...page[member]);
    count++;
  }
  return { all, count };
}

async function refused(work, check) {
  try {
    await work();
  } catch (problem) {
    check(problem);
    return;
  }
  assert.fail("should have been refused");
}

const named = (name, message) => (problem) => {
  assert.equal(problem.name, name);
  if (message) assert.match(problem.message, message);
};

const faults = (list) => fetch(`${sandbox.endpoint}_sandbox/faults`, {
  method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify({ faults: list }),
}).then((answer) => assert.equal(answer.status, 200));

const steps = {
  async "the caller is the service user"() {
    const identity = await new STSClient(settings(sandbox.service)).send(new GetCallerIdentityCommand({}));
    assert.equal(identity.Arn, serviceArn);
    assert.equal(identity.Account, sandbox.account);
  },

  async "databases come in pages"() {
    const { all, count } = await collect(paginateGetDatabases({ client: glue, pageSize: 2 }, { CatalogId: sandbox.account }), "DatabaseList");
    assert.equal(count, 4);
    assert.deepEqual(all.map((database) => database.Name),
      ["crm_replica", "finance", "hr", "legacy_lake", "operations", "sales", "web_analytics"]);
    assert.ok(all[0].CreateTime instanceof Date && all[0].CreateTime.getUTCFullYear() === 2025);
    assert.equal(all[0].FederatedDatabase.ConnectionName, "crm-redshift-connection");
    const legacy = all.find((database) => database.Name === "legacy_lake");
    assert.deepEqual(legacy.CreateTableDefaultPermissions,
      [{ Principal: { DataLakePrincipalIdentifier: "IAM_ALLOWED_PRINCIPALS" }, Permissions: ["ALL"] }]);
    assert.deepEqual((await glue.send(new GetDatabaseCommand({ Name: "sales" }))).Database.CreateTableDefaultPermissions, []);
  },

  async "tables come in pages, each kind as Glue describes it"() {
    const { all, count } = await collect(paginateGetTables({ client: glue, pageSize: 4 }, { DatabaseName: "sales" }), "TableList");
    assert.equal(all.length, 15);
    assert.equal(count, 4);
    const names = all.map((table) => table.Name);
    assert.deepEqual(names, [...names].sort());
    const byName = Object.fromEntries(all.map((table) => [table.Name, table]));
    assert.equal(byName.orders.Parameters.table_type, "ICEBERG");
    assert.equal(byName.orders.IsRegisteredWithLakeFormation, true);
    assert.equal(byName.v_customer_360.TableType, "VIRTUAL_VIEW");
    assert.equal(byName.v_customer_360.IsRegisteredWithLakeFormation, false);
    assert.equal(byName.v_revenue_by_region.IsMultiDialectView, true);
    assert.deepEqual(byName.returns.PartitionKeys.map((key) => key.Name), ["year", "month"]);
    assert.equal(byName.customers.StorageDescriptor.Columns.length, 13);
    const link = (await glue.send(new GetTableCommand({ DatabaseName: "web_analytics", Name: "orders_link" }))).Table;
    assert.deepEqual(link.TargetTable, { CatalogId: sandbox.account, DatabaseName: "sales", Name: "orders" });
    const lead = (await glue.send(new GetTableCommand({ DatabaseName: "crm_replica", Name: "leads" }))).Table;
    assert.equal(lead.FederatedTable.ConnectionName, "crm-redshift-connection");
    const matching = await glue.send(new GetTablesCommand({ DatabaseName: "sales", Expression: "customers.*" }));
    assert.deepEqual(matching.TableList.map((table) => table.Name), ["customers", "customers_amer", "customers_emea"]);
  },

  async "glue's errors carry their types"() {
    await refused(() => glue.send(new GetTableCommand({ DatabaseName: "sales", Name: "nothing" })), (problem) => {
      assert.ok(problem instanceof GlueNotFound);
      assert.equal(problem.message, "Entity Not Found");
    });
    await refused(() => glue.send(new GetDatabaseCommand({ Name: "nowhere" })), named("EntityNotFoundException", /nowhere/));
    await refused(() => glue.send(new GetTablesCommand({ DatabaseName: "sales", NextToken: "made-up" })), named("InvalidInputException"));
    await refused(() => glue.send(new GetDatabasesCommand({ MaxResults: 101 })), named("ValidationException", /less than or equal to 100/));
  },

  async "signatures and keys are checked"() {
    const wrong = { ...sandbox.service, secretAccessKey: sandbox.administrator.secretAccessKey };
    await refused(() => new GlueClient(settings(wrong)).send(new GetDatabasesCommand({})), named("InvalidSignatureException"));
    await refused(() => new LakeFormationClient(settings(wrong)).send(new ListLFTagsCommand({})), named("InvalidSignatureException"));
    await refused(() => new STSClient(settings(wrong)).send(new GetCallerIdentityCommand({})), named("SignatureDoesNotMatch"));
    const nobody = { accessKeyId: "AKIAAAAAAAAAAAAAAAAA", secretAccessKey: "x" };
    await refused(() => new GlueClient(settings(nobody)).send(new GetDatabasesCommand({})), named("UnrecognizedClientException"));
    await refused(() => new STSClient(settings(nobody)).send(new GetCallerIdentityCommand({})), named("InvalidClientTokenId"));
  },

  async "an action the policy lacks is refused in AWS's words"() {
    await refused(() => lake.send(new GetDataLakeSettingsCommand({})), (problem) => {
      named("AccessDeniedException")(problem);
      assert.ok((problem.Message ?? problem.message).startsWith(
        `User: ${serviceArn} is not authorized to perform: lakeformation:GetDataLakeSettings on resource: `));
      assert.match(problem.Message ?? problem.message, /because no identity-based policy allows the lakeformation:GetDataLakeSettings action$/);
    });
    const lakeSettings = (await admin.send(new GetDataLakeSettingsCommand({}))).DataLakeSettings;
    assert.deepEqual(lakeSettings.DataLakeAdmins, [{ DataLakePrincipalIdentifier: `arn:aws:iam::${sandbox.account}:user/lake-admin` }]);
  },

  async "LF-Tags are defined, changed and deleted by their creator"() {
    const before = (await lake.send(new ListLFTagsCommand({}))).LFTags.map((tag) => tag.TagKey);
    assert.deepEqual(before, ["domain", "region", "sensitivity", "sluice_governed"]);
    await lake.send(new CreateLFTagCommand({ TagKey: "Audience", TagValues: ["R1", "r2"] }));
    assert.deepEqual((await lake.send(new GetLFTagCommand({ TagKey: "audience" }))).TagValues, ["r1", "r2"]);
    await refused(() => lake.send(new CreateLFTagCommand({ TagKey: "audience", TagValues: ["x"] })), named("InvalidInputException", /already exists/));
    await lake.send(new UpdateLFTagCommand({ TagKey: "audience", TagValuesToAdd: ["r3"], TagValuesToDelete: ["r1"] }));
    assert.deepEqual((await lake.send(new GetLFTagCommand({ TagKey: "audience" }))).TagValues, ["r2", "r3"]);
    await refused(() => lake.send(new UpdateLFTagCommand({ TagKey: "domain", TagValuesToAdd: ["x"] })), (problem) => assert.ok(problem instanceof AccessDeniedException));
    await lake.send(new DeleteLFTagCommand({ TagKey: "audience" }));
    await refused(() => lake.send(new GetLFTagCommand({ TagKey: "audience" })), (problem) => assert.ok(problem instanceof EntityNotFoundException));
  },

  async "tags are inherited and overridden"() {
    const resource = { Table: { DatabaseName: "sales", Name: "customers" } };
    const values = (pairs) => Object.fromEntries(pairs.map((pair) => [pair.TagKey, pair.TagValues[0]]));
    const all = await lake.send(new GetResourceLFTagsCommand({ Resource: resource }));
    assert.deepEqual(values(all.LFTagsOnTable), { domain: "sales", region: "global", sensitivity: "confidential", sluice_governed: "true" });
    const columns = Object.fromEntries(all.LFTagsOnColumns.map((column) => [column.Name, values(column.LFTags)]));
    assert.equal(columns.email.sensitivity, "pii");
    assert.equal(columns.email.domain, "sales");
    assert.equal(columns.customer_id.sensitivity, "confidential");
    const assigned = await lake.send(new GetResourceLFTagsCommand({ Resource: resource, ShowAssignedLFTags: true }));
    assert.deepEqual(assigned.LFTagsOnTable, []);
    assert.deepEqual(assigned.LFTagsOnColumns.map((column) => column.Name), ["contact_name", "country_code", "email", "phone", "segment", "vat_number"]);
  },

  async "searches find tables by tags in force, in pages"() {
    const search = (expression, pageSize) => collect(paginateSearchTablesByLFTags({ client: lake, pageSize }, { Expression: expression }), "TableList");
    const finance = await search([{ TagKey: "domain", TagValues: ["finance"] }], 5);
    assert.equal(finance.all.length, 14);
    assert.equal(finance.count, 3);
    const emea = await search([{ TagKey: "region", TagValues: ["emea"] }, { TagKey: "domain", TagValues: ["sales", "hr"] }], 100);
    assert.deepEqual(emea.all.map((found) => found.Table.Name), ["candidates", "customers_emea"]);
    const databases = await lake.send(new SearchDatabasesByLFTagsCommand({ Expression: [{ TagKey: "domain", TagValues: ["sales"] }] }));
    assert.deepEqual(databases.DatabaseList.map((found) => found.Database.Name), ["crm_replica", "sales"]);
    await refused(() => lake.send(new SearchDatabasesByLFTagsCommand({ Expression: [] })), named("InvalidInputException"));
  },

  async "assigning a tag needs more than the documented method grants"() {
    const resource = { Table: { DatabaseName: "sales", Name: "orders" } };
    await lake.send(new CreateLFTagCommand({ TagKey: "sluice_r1", TagValues: ["abc", "none"] }));
    const assign = (value) => new AddLFTagsToResourceCommand({ Resource: resource, LFTags: [{ TagKey: "sluice_r1", TagValues: [value] }] });
    await refused(() => lake.send(assign("abc")), named("AccessDeniedException", /ALTER/));
    assert.deepEqual((await admin.send(assign("abc"))).Failures, []);
    const unknown = await admin.send(assign("nothing"));
    assert.equal(unknown.Failures[0].Error.ErrorCode, "EntityNotFoundException");
    await refused(() => lake.send(new UpdateLFTagCommand({ TagKey: "sluice_r1", TagValuesToDelete: ["abc"] })), named("InvalidInputException", /Update not allowed/));
    assert.deepEqual((await admin.send(new RemoveLFTagsFromResourceCommand({ Resource: resource, LFTags: [{ TagKey: "sluice_r1", TagValues: ["abc"] }] }))).Failures, []);
    await lake.send(new DeleteLFTagCommand({ TagKey: "sluice_r1" }));
  },

  async "grants come in batches, and each failure names its entry"() {
    const entry = (id, table, permissions) => ({ Id: id, Principal: person, Resource: { Table: { DatabaseName: "sales", Name: table } }, Permissions: permissions });
    const granted = await lake.send(new BatchGrantPermissionsCommand({
      Entries: [entry("1", "orders", ["SELECT", "DESCRIBE"]), entry("2", "nothing", ["SELECT"]), entry("3", "orders", ["ALTER"])],
    }));
    assert.deepEqual(granted.Failures.map((failure) => [failure.RequestEntry.Id, failure.Error.ErrorCode]),
      [["2", "EntityNotFoundException"], ["3", "AccessDeniedException"]]);
    const { all } = await collect(paginateListPermissions({ client: lake, pageSize: 1 }, { Resource: { Table: { DatabaseName: "sales", Name: "orders" } }, Principal: person }), "PrincipalResourcePermissions");
    assert.deepEqual(all.map((line) => line.Permissions), [["DESCRIBE"], ["SELECT"]]);
    assert.ok(all[1].Resource.TableWithColumns.ColumnWildcard);
    assert.ok(all[0].LastUpdated instanceof Date);
    await refused(() => lake.send(new ListPermissionsCommand({ Principal: person })), named("InvalidInputException", /Resource is mandatory/));
    assert.deepEqual((await lake.send(new BatchRevokePermissionsCommand({ Entries: [entry("1", "orders", ["SELECT", "DESCRIBE"])] }))).Failures, []);
    const tooMany = Array.from({ length: 21 }, (_, index) => entry(`${index}`, "orders", ["SELECT"]));
    await refused(() => lake.send(new BatchGrantPermissionsCommand({ Entries: tooMany })), (problem) => assert.ok(problem instanceof InvalidInputException));
    const one = { Principal: person, Resource: { Database: { Name: "sales" } }, Permissions: ["DESCRIBE"] };
    await admin.send(new GrantPermissionsCommand(one));
    await admin.send(new RevokePermissionsCommand(one));
    await refused(() => admin.send(new RevokePermissionsCommand(one)), named("InvalidInputException", /No permissions revoked/));
  },

  async "only the trusted identity with the external id assumes the role"() {
    const server = new STSClient(settings(sandbox.server));
    const ask = (ExternalId, client = server) => client.send(new AssumeRoleCommand({ RoleArn: sandbox.roleArn, RoleSessionName: "crawl", ExternalId }));
    await refused(() => ask(undefined), named("AccessDenied"));
    await refused(() => ask("guessed"), named("AccessDenied"));
    await refused(() => ask(sandbox.externalId, new STSClient(settings(sandbox.service))), named("AccessDenied"));
    const { Credentials: session, AssumedRoleUser: user } = await ask(sandbox.externalId);
    assert.ok(session.AccessKeyId.startsWith("ASIA"));
    assert.ok(session.Expiration > new Date());
    assert.equal(user.Arn, `arn:aws:sts::${sandbox.account}:assumed-role/sluice-service-role/crawl`);
    const temporary = { accessKeyId: session.AccessKeyId, secretAccessKey: session.SecretAccessKey, sessionToken: session.SessionToken };
    assert.equal((await new GlueClient(settings(temporary)).send(new GetDatabasesCommand({}))).DatabaseList.length, 7);
    await refused(() => new GlueClient(settings({ ...temporary, sessionToken: "other" })).send(new GetDatabasesCommand({})), named("UnrecognizedClientException"));
    await refused(() => new GlueClient(settings({ ...temporary, sessionToken: undefined })).send(new GetDatabasesCommand({})), named("UnrecognizedClientException"));
  },

  async "the vendor's own retries get past throttling, errors and dropped connections"() {
    const patient = new GlueClient(settings(sandbox.service, { maxAttempts: 4 }));
    for (const kind of ["Throttle", "ServerError", "Unavailable", "Drop"]) {
      await faults([{ operation: "GetDatabases", kind, times: 2 }]);
      assert.equal((await patient.send(new GetDatabasesCommand({}))).DatabaseList.length, 7, kind);
    }
    await faults([{ operation: "GetDatabases", kind: "HiddenThrottle", times: 1 }]);
    await refused(() => patient.send(new GetDatabasesCommand({})), named("InvalidInputException", /^Rate exceeded$/));
    await faults([]);
  },
};

let failed = 0;
for (const [name, step] of Object.entries(steps)) {
  try {
    await step();
    console.log(`ok      ${name}`);
  } catch (problem) {
    failed++;
    console.log(`not ok  ${name}\n${problem.stack}`);
  }
}
console.log(`${Object.keys(steps).length - failed} of ${Object.keys(steps).length} steps passed`);
process.exit(failed === 0 ? 0 : 1);
