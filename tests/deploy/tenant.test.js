// The tenant as code: Auth0's deploy CLI reads and accepts its folder, and the Actions do what the portal relies on.

const { test } = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');

const folder = path.join(__dirname, '../../deploy/auth0-deploy-cli');

test('the deploy CLI accepts the tenant', async () => {
  const { default: YamlContext } = require('auth0-deploy-cli/lib/context/yaml');
  const { default: schema } = require('auth0-deploy-cli/lib/tools/auth0/schema');
  const config = JSON.parse(fs.readFileSync(path.join(folder, 'config.json')));
  // The schema of all that a tenant can have takes 20 seconds to compile.
  const used = [...config.AUTH0_INCLUDED_ONLY, 'exclude', 'include'];
  for (const name of Object.keys(schema.properties)) if (!used.includes(name)) delete schema.properties[name];
  const context = new YamlContext({ ...config, AUTH0_INPUT_FILE: path.join(folder, 'tenant.yaml') }, {});
  await context.loadAssetsFromLocal(); // it checks them too
  const { assets } = context;
  assert.doesNotMatch(JSON.stringify(assets), /##/, 'config.json has every value that tenant.yaml asks for');
  // Everything that the file has is imported.
  const given = Object.keys(assets).filter((key) => assets[key] && !['exclude', 'include'].includes(key));
  assert.deepStrictEqual(given.sort(), [...config.AUTH0_INCLUDED_ONLY].sort());
  // Any name that an Action is bound by is that of an Action.
  const actions = assets.actions.map((action) => action.name);
  for (const bound of assets.triggers['post-login']) assert(actions.includes(bound.action_name), bound.action_name);
});

/** What an Action asks of Auth0 for a login by an application with `metadata`, with these factors and methods. */
async function calls(action, { metadata = { mfa_portal: 'true' }, factors, methods }) {
  const asked = [];
  const note = (name) => (...values) => asked.push([name, ...values]);
  const event = {
    client: { metadata },
    user: { enrolledFactors: factors?.map((type) => ({ type })) },
    authentication: methods && { methods },
  };
  const api = {
    multifactor: { enable: note('enable') },
    authentication: { challengeWith: note('challengeWith') },
    idToken: { setCustomClaim: note('setCustomClaim') },
  };
  await require(path.join(folder, 'actions', action)).onExecutePostLogin(event, api);
  return asked;
}

test('the box to remember the browser is hidden from people with a factor only', async () => {
  const hide = (login) => calls('hide-remember-browser', login);
  const hidden = [['enable', 'any', { allowRememberBrowser: false }]];
  assert.deepStrictEqual(await hide({ factors: ['email', 'otp'] }), hidden);
  for (const factors of [undefined, [], ['email']]) assert.deepStrictEqual(await hide({ factors }), []);
  assert.deepStrictEqual(await hide({ factors: ['otp'], metadata: {} }), []);
});

test('the recovery code is among the factors that people may answer with', async () => {
  const ask = (login) => calls('ask-for-factor', login);
  assert.deepStrictEqual(await ask({ factors: ['email', 'otp', 'phone', 'otp'] }), [
    ['challengeWith', { type: 'otp' }, { additionalFactors: [{ type: 'phone' }, { type: 'recovery-code' }] }],
  ]);
  for (const factors of [undefined, [], ['email'], ['recovery-code']]) {
    assert.deepStrictEqual(await ask({ factors }), []);
  }
  assert.deepStrictEqual(await ask({ factors: ['otp'], metadata: {} }), []);
});

test('the claim is set at a sign-in by recovery code only', async () => {
  const tell = (login) => calls('tell-recovery-code', login);
  const password = { name: 'pwd', timestamp: '' };
  const mfa = (type) => ({ name: 'mfa', timestamp: '', type });
  const read = fs.readFileSync(path.join(__dirname, '../../src/tenant/claims.rs'), 'utf8');
  const [, name] = /rename = "(https:[^"]*recovery_code_used)"/.exec(read);
  const claim = [['setCustomClaim', name, true]];
  assert.deepStrictEqual(await tell({ methods: [password, mfa('recovery-code')] }), claim);
  for (const methods of [undefined, [password], [password, mfa('otp')], [{ name: 'mfa' }]]) {
    assert.deepStrictEqual(await tell({ methods }), []);
  }
  assert.deepStrictEqual(await tell({ methods: [mfa('recovery-code')], metadata: {} }), []);
});
