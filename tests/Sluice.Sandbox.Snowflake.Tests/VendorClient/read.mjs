// Reads as several people with the vendor's own driver, and prints what each met: one line that begins with READ, JSON behind it.
// Reads SANDBOX: {"endpoint", "account", "password", "users": […], "selects": […]}.
import snowflake from "snowflake-sdk";

process.env.SF_TELEMETRY_DISABLE_CONNECTION_SHAPE = "1";
const { endpoint, account, password, users, selects } = JSON.parse(process.env.SANDBOX);
snowflake.configure({ logLevel: "ERROR", logFilePath: "STDOUT" });

const connect = (username) => new Promise((resolve, reject) => {
  const connection = snowflake.createConnection({ account, accessUrl: endpoint.replace(/\/$/, ""), sfRetryMaxLoginRetries: 1, username, password });
  connection.connect((problem) => (problem ? reject(problem) : resolve(connection)));
});
const run = (connection, sqlText) => new Promise((resolve) => {
  connection.execute({ sqlText, complete: (problem, _, rows) => resolve(problem ? { code: String(problem.code).padStart(6, "0") } : { rows: rows.map((row) => Object.values(row)) }) });
});
const close = (connection) => new Promise((resolve, reject) => connection.destroy((problem) => (problem ? reject(problem) : resolve())));

const read = [];
for (const user of users) {
  const connection = await connect(user);
  const tables = [];
  for (const select of selects) tables.push(await run(connection, select));
  read.push(tables);
  await close(connection);
}

console.log(`READ ${JSON.stringify(read)}`);
