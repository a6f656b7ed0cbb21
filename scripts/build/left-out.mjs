/**
 * Modules that no call of ours gets to, and what stands in their place: a browser would load them for nothing. Each throws, or is absent, as
 * its user expects of what is not there.
 *
 * @type {readonly { readonly ends: string, readonly stands: string }[]}
 */
const STAND_INS = [
  // Browsers without encoded transforms (Chromium before 141, React Native) are refused before a Device is made.
  handler('Chrome74'),
  handler('ReactNative106'),
  // For tests of mediasoup-client's users.
  handler('FakeHandler'),
  { ends: 'mediasoup-client/lib/test/fakeParameters.js', stands: 'module.exports = {};' },
  // mediasoup-client's own tracing. What the SDK does goes to its `log`.
  { ends: 'node_modules/debug/src/browser.js', stands: 'module.exports = () => () => undefined;' },
  // 64-bit numbers, of which our messages have none: protobufjs does without.
  { ends: 'node_modules/long/umd/index.js', stands: 'module.exports = null;' },
  { ends: 'node_modules/long/index.js', stands: 'export default null;' },
];

/** @param {string} name */
function handler(name) {
  const factory = "{ createFactory() { throw new Error('left out: no encoded transforms there'); } }";
  return { ends: `mediasoup-client/lib/handlers/${name}.js`, stands: `exports.${name} = ${factory};` };
}

/**
 * Ciphers of ts-mls that our suite does not use, and Node's crypto: they are loaded when they are asked for, and a failure is taken for a
 * package that is not there.
 */
const LOADED_LATER = /node_modules\/(?:ts-mls\/dist\/src\/crypto\/implementation|@hpke\/common\/esm\/src)\//;

/**
 * What a browser encodes the server decodes, and the other way round: of each message the half that is never called goes.
 *
 * @param {string} code of src/wire/gen/conclave.js, as pbjs wrote it
 */
export function oneWay(code) {
  /** @type {Map<string, string>} `Hello.encode` and its text */
  const functions = new Map();
  for (const [text, , message, way] of code.matchAll(/^( +)(\w+)\.(encode|decode) = function [\s\S]*?^\1};$/gm))
    functions.set(`${message}.${way}`, text);
  const called = new Set();
  /** @param {string} name */
  const call = (name) => {
    if (called.has(name)) return;
    called.add(name);
    const text = functions.get(name);
    if (text === undefined) throw new Error(`pbjs writes otherwise than left-out.mjs expects: no ${name}`);
    for (const [, inner] of text.matchAll(/\.v1\.(\w+\.(?:encode|decode))\(/g)) call(/** @type {string} */ (inner));
  };
  call('ClientFrame.encode');
  call('ServerFrame.decode');
  return [...functions].reduce((rest, [name, text]) => (called.has(name) ? rest : rest.replace(text, '')), code);
}

/**
 * For every build that browsers load.
 *
 * @returns {import('vite').Plugin}
 */
export function leftOut() {
  return {
    name: 'conclave-left-out',
    enforce: 'pre',
    load(id) {
      return STAND_INS.find(({ ends }) => id.endsWith(ends))?.stands;
    },
    transform(code, id) {
      if (id.endsWith('/wire/gen/conclave.js')) return { code: oneWay(code), map: null };
      if (!LOADED_LATER.test(id)) return undefined;
      return { code: code.replaceAll(/\bimport\("[^"]+"\)/g, 'Promise.reject(new Error("left out"))'), map: null };
    },
  };
}
