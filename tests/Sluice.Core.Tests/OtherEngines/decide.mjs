// Decides again, by Cedar and by Casbin, what a file says was decided. Exits 0 when both agree with all of it.
import { readFile } from 'node:fs/promises';
import { newEnforcer, newModelFromString } from 'casbin';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';

const { cedar: policies, casbin: rules, people, tables, decisions } = JSON.parse(await readFile(process.argv[2], 'utf8'));

const uid = (type, id) => ({ type, id });

function byCedar() {
  const parsed = cedar.preparsePolicySet('policies', { staticPolicies: policies });
  if (parsed.type !== 'success') throw new Error(`Cedar does not read the policies: ${JSON.stringify(parsed)}`);
  return ({ person, table }) => {
    const { groups, attributes } = people[person];
    const answer = cedar.statefulIsAuthorized({
      principal: uid('Person', person),
      action: uid('Action', 'read'),
      resource: uid('Table', table),
      context: {},
      preparsedPolicySetId: 'policies',
      validateRequest: false,
      entities: [
        { uid: uid('Person', person), attrs: attributes, parents: groups.map((g) => uid('Group', g)) },
        { uid: uid('Table', table), attrs: {}, parents: tables[table].map(([kind, name]) => uid(kind, name)) },
      ],
    });
    if (answer.type !== 'success' || answer.response.diagnostics.errors.length > 0) throw new Error(`Cedar does not decide: ${JSON.stringify(answer)}`);
    return answer.response.decision === 'allow';
  };
}

async function byCasbin() {
  const enforcer = await newEnforcer(newModelFromString(`
[request_definition]
r = sub, obj

[policy_definition]
p = rule, eft

[role_definition]
g = _, _
g2 = _, _

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = eval(p.rule)
`));
  enforcer.enableLog?.(false);
  await enforcer.addPolicies(rules);
  for (const [id, { groups }] of Object.entries(people)) for (const group of groups) await enforcer.addGroupingPolicy(id, `Group ${group}`);
  for (const [id, above] of Object.entries(tables)) for (const [kind, name] of above) await enforcer.addNamedGroupingPolicy('g2', id, `${kind} ${name}`);
  const values = Object.fromEntries(Object.entries(people).map(([id, { attributes }]) => [
    id,
    Object.fromEntries(Object.entries(attributes).flatMap(([name, all]) => all.map((value) => [`${name} ${value}`, true]))),
  ]));
  return ({ person, table }) => enforcer.enforce({ id: person, values: values[person] }, { id: table });
}

let failed = false;
for (const [name, decide] of [['cedar', byCedar()], ['casbin', await byCasbin()]]) {
  const others = [];
  for (const decision of decisions) if ((await decide(decision)) !== decision.mayRead) others.push(decision);
  console.log(`${name}: ${decisions.length - others.length} of ${decisions.length} decisions agree`);
  for (const { person, table, mayRead } of others.slice(0, 10)) console.log(`  ${name} says ${!mayRead} of ${person} on ${table}`);
  failed ||= others.length > 0;
}

process.exit(failed ? 1 : 0);
