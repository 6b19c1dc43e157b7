// Two authorities on free loopback ports that know the same clients; the second takes secrets in the form only, and says so in its discovery document.
// Writes {"issuer", "postOnly"} when ready. Reads lines, and answers each with one:
//   {"client": {…metadata…}, "life": seconds, "x5t": "…"}   makes the client known, or what is known of it anew
//   {"requestsOf": "<client id>"}                            what its token requests were: {"requests": [{"status", "byHeader", "scope", "resource"}]}
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { Provider, errors } from "oidc-provider";

const clients = new Map();
const requests = [];
const resources = ["https://snow.example.com"];
const scopes = ["session:role-any", "all-apis"];
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

// What it remembers, which is its clients and the assertions that it has seen.
class Memory {
  static #kept = new Map();
  #model;
  constructor(model) { this.#model = model; }
  async find(id) { return this.#model === "Client" ? clients.get(id)?.client : Memory.#kept.get(`${this.#model}:${id}`); }
  async upsert(id, payload) { Memory.#kept.set(`${this.#model}:${id}`, payload); }
  async destroy(id) { Memory.#kept.delete(`${this.#model}:${id}`); }
}

async function start(methods) {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    adapter: Memory,
    jwks: { keys: [{ ...key, alg: "RS256", use: "sig" }] },
    scopes,
    clientAuthMethods: methods,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        getResourceServerInfo(_context, resource) {
          if (!resources.includes(resource)) throw new errors.InvalidTarget("unknown resource");
          return { scope: scopes.join(" "), audience: resource, accessTokenFormat: "jwt", jwt: { sign: { alg: "RS256" } } };
        },
      },
    },
    ttl: { ClientCredentials: (_context, _token, client) => clients.get(client.clientId).life },
    assertJwtClientAuthClaimsAndHeader(_context, _claims, header, client) {
      const { x5t } = clients.get(client.clientId);
      if (x5t && header.x5t !== x5t && header["x5t#S256"] !== x5t) throw new errors.InvalidClientAuth("x5t names no certificate of the client");
    },
  });
  provider.use(async (context, next) => {
    await next();
    const { client, params } = context.oidc ?? {};
    if (context.path !== "/token" || !client) return;
    requests.push({
      client: client.clientId, status: context.status, byHeader: context.headers.authorization !== undefined, scope: params.scope, resource: params.resource,
    });
  });
  server.on("request", provider.callback());
  return issuer;
}

const issuer = await start(["client_secret_basic", "client_secret_post", "private_key_jwt"]);
const postOnly = await start(["client_secret_post"]);
const say = (answer) => console.log(JSON.stringify(answer));
say({ issuer, postOnly });
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (asked.client) {
    clients.set(asked.client.client_id, {
      ...asked,
      client: { grant_types: ["client_credentials"], response_types: [], redirect_uris: [], scope: scopes.join(" "), ...asked.client },
    });
    say({});
  } else {
    say({ requests: requests.filter(({ client }) => client === asked.requestsOf) });
  }
}
process.exit(0);
