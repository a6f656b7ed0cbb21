import { createGroupInfoWithExternalPubAndRatchetTree, joinGroupExternal } from 'ts-mls/createCommit.js';
import { createProposal } from 'ts-mls/createMessage.js';
import { encodeMlsMessage } from 'ts-mls/message.js';
import type { Proposal } from 'ts-mls/proposal.js';
import { createUpdatePath } from 'ts-mls/updatePath.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeCredential } from '../../../src/crypto/mls/credential.ts';
import type { Announcement, Group } from '../../../src/crypto/mls/index.ts';
import { LIBRARY_CONFIG } from '../../../src/crypto/mls/library.ts';
import { MAX_COMMIT_BYTES } from '../../../src/crypto/mls/limits.ts';
import { credentialOf, groupOf, hex, ownMember } from './people.ts';
import { sealRemoves } from './raw-commit.ts';
import { RawMember } from './raw-member.ts';

const PROPOSALS = 10_000;
/** As many as the library itself can write. */
const SIGNED_PROPOSALS = 1_000;
const CPU_LIMIT_MS = 1_000;

const inline = (proposal: Proposal) => ({ proposalOrRefType: 'proposal' as const, proposal });
const remove = (removed: number): Proposal => ({ proposalType: 'remove', remove: { removed } });

describe('S7: a member with all its keys and no manners', () => {
  let ada: Group;
  let ben: Group;
  let eve: RawMember;
  let before: string;
  /** The server is on its side: it announces whatever it likes. */
  let announced: Announcement;

  beforeAll(async () => {
    const [first, second] = await groupOf('ada', 'ben');
    if (!first || !second) throw new Error('not two');
    [ada, ben] = [first, second];
    eve = await RawMember.create('eve');
    const { staged } = await ada.stage({ adds: [eve.candidate], removes: [] });
    if (!staged?.welcome) throw new Error('nothing staged');
    const added = [eve.settings.credential];
    await ben.process(staged.commit, { committer: ownMember(ada).credential.memberId, added, removed: [] });
    await ada.apply(staged);
    await eve.join(staged.welcome);
    before = hex(ben.authenticator);
    announced = { committer: eve.settings.credential.memberId, added: [], removed: [] };
  });

  const refuses = async (commit: Uint8Array, reason: string, told = announced) => {
    expect(await ben.process(commit, told)).toEqual({ kind: 'refused', reason });
    expect(hex(ben.authenticator)).toBe(before);
  };
  const removing = () => ({ ...announced, removed: [ownMember(ada).credential.memberId] });

  test('its remove without a path is refused', async () => {
    await refuses(await eve.say({ proposals: [inline(remove(ada.ownLeaf))], path: undefined }), 'pathless', removing());
  });

  test('its empty commit without a path is refused', async () => {
    await refuses(await eve.say({ proposals: [], path: undefined }), 'pathless');
  });

  test('its remove that nobody ordered is refused, by others and by whom it removes', async () => {
    const { commit } = await eve.commit({ extraProposals: [remove(ada.ownLeaf)] });
    await refuses(commit, 'not-announced');
    expect(await ada.process(commit, announced)).toEqual({ kind: 'refused', reason: 'not-announced' });
    expect(ada.closed).toBe(false);
  });

  test('an add that nobody announced is refused', async () => {
    const { ownKeyPackage } = await RawMember.create('friend');
    const { commit } = await eve.commit({
      extraProposals: [{ proposalType: 'add', add: { keyPackage: ownKeyPackage.publicPackage } }],
    });
    await refuses(commit, 'not-announced');
  });

  test('the removal of nobody, of the same member twice or of itself is refused', async () => {
    await refuses(
      await eve.say({ proposals: [inline(remove(ada.ownLeaf)), inline(remove(ada.ownLeaf))], path: undefined }),
      'forbidden-proposal',
    );
    for (const leaf of [eve.library.privatePath.leafIndex, 77, 2 ** 32 - 1]) {
      const path = await pathOf(eve);
      await refuses(await eve.say({ proposals: [inline(remove(leaf))], path }), 'forbidden-proposal', {
        ...announced,
        removed: [eve.settings.credential.memberId],
      });
    }
  });

  test.each<readonly [string, Proposal]>([
    [
      'group context extensions',
      { proposalType: 'group_context_extensions', groupContextExtensions: { extensions: [] } },
    ],
    [
      'external senders',
      {
        proposalType: 'group_context_extensions',
        groupContextExtensions: {
          extensions: [{ extensionType: 'external_senders', extensionData: new Uint8Array() }],
        },
      },
    ],
    ['an external init', { proposalType: 'external_init', externalInit: { kemOutput: new Uint8Array(32) } }],
    [
      'a pre-shared key',
      {
        proposalType: 'psk',
        psk: { preSharedKeyId: { psktype: 'external', pskId: new Uint8Array(4), pskNonce: new Uint8Array(32) } },
      },
    ],
    [
      'a new group in place of this one',
      {
        proposalType: 'reinit',
        reinit: {
          groupId: new Uint8Array(4),
          version: 'mls10',
          cipherSuite: 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519',
          extensions: [],
        },
      },
    ],
    ['a proposal that nobody knows', { proposalType: 0xf123, proposalData: new Uint8Array(4) }],
  ])('its commit with %s is refused', async (_, proposal) => {
    await refuses(await eve.say({ proposals: [inline(proposal)], path: await pathOf(eve) }), 'forbidden-proposal');
  });

  test('its standalone proposals are refused, sealed or not, and its commit that refers to one too', async () => {
    const { suite } = eve.ground;
    for (const isPublic of [false, true]) {
      const { message } = await createProposal(eve.library, isPublic, remove(ada.ownLeaf), suite);
      await refuses(encodeMlsMessage(message), 'wrong-kind', removing());
    }
    const reference = { proposalOrRefType: 'reference' as const, reference: new Uint8Array(32) };
    await refuses(await eve.say({ proposals: [reference], path: await pathOf(eve) }), 'forbidden-proposal', removing());
  });

  test('its commit as a public message is refused', async () => {
    await refuses((await eve.commit({ wireAsPublicMessage: true })).commit, 'wrong-kind');
  });

  test('the external commit of a friend, to whom it gave the group info, is refused', async () => {
    const { suite } = eve.ground;
    const info = await createGroupInfoWithExternalPubAndRatchetTree(eve.library, [], suite);
    const { ownKeyPackage, settings } = await RawMember.create('friend');
    const { publicPackage, privatePackage } = ownKeyPackage;
    const { publicMessage } = await joinGroupExternal(
      info,
      publicPackage,
      privatePackage,
      false,
      suite,
      undefined,
      LIBRARY_CONFIG,
    );
    const bytes = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_public_message', publicMessage });
    const { memberId } = settings.credential;
    await refuses(bytes, 'wrong-kind', { committer: memberId, added: [settings.credential], removed: [] });
  });

  test.each(['credential', 'signature key', 'proof'])('its valid commit under another %s is refused', async (what) => {
    const { library, ground } = eve;
    const at = library.privatePath.leafIndex * 2;
    const node = library.ratchetTree[at];
    if (node?.nodeType !== 'leaf') throw new Error('no leaf');
    const keys = await ground.suite.signature.keygen();
    const identity = encodeCredential({ ...credentialOf('ada'), memberId: eve.settings.credential.memberId });
    const [proof] = node.leaf.extensions;
    if (!proof) throw new Error('no proof');
    const change = {
      credential: { credential: { credentialType: 'basic' as const, identity } },
      'signature key': { signaturePublicKey: keys.publicKey },
      proof: { extensions: [{ ...proof, extensionData: new Uint8Array(32) }, ...node.leaf.extensions.slice(1)] },
    }[what];
    const leaf = { ...node.leaf, ...change };
    const ratchetTree = library.ratchetTree.map((each, index) =>
      index === at ? { nodeType: 'leaf' as const, leaf } : each,
    );
    await refuses((await eve.commit({}, { ...library, ratchetTree })).commit, 'changed-leaf');
  });

  test('a path that nobody can encrypt to, or that leads nowhere, is refused', async () => {
    const path = await pathOf(eve);
    const nodes = path.nodes.map((node) => ({ ...node, hpkePublicKey: new Uint8Array(32) }));
    await refuses(await eve.say({ proposals: [], path: { ...path, nodes } }), 'not-opened');
    await refuses(await eve.say({ proposals: [], path: { ...path, nodes: [] } }), 'not-opened');
    const long = Array.from(
      { length: 11 },
      () => path.nodes[0] ?? { hpkePublicKey: new Uint8Array(32), encryptedPathSecret: [] },
    );
    await refuses(await eve.say({ proposals: [], path: { ...path, nodes: long } }), 'too-many');
  });

  test('a good commit with a made-up confirmation tag is refused', async () => {
    await refuses(await eve.say({ proposals: [], path: await pathOf(eve) }), 'not-opened');
  });

  test('10,000 proposals and a commit that is too large are refused within a second of work', async () => {
    const proposals = Array.from({ length: SIGNED_PROPOSALS }, (_, index) => inline(remove(index)));
    const signed = await eve.say({ proposals, path: undefined });
    const most = await sealRemoves(eve, PROPOSALS);
    const started = process.cpuUsage();
    await refuses(signed, 'too-many');
    await refuses(most, 'too-many');
    await refuses(new Uint8Array(MAX_COMMIT_BYTES + 1), 'too-large');
    await refuses(new Uint8Array(1024 * 1024), 'too-large');
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(CPU_LIMIT_MS);
  });
});

/** The path of a commit that it would make. */
async function pathOf(member: RawMember) {
  const { library, ground } = member;
  const { ratchetTree, privatePath, groupContext, signaturePrivateKey } = library;
  type Leaf = Parameters<typeof createUpdatePath>[1];
  const leaf = privatePath.leafIndex as Leaf;
  const [, path] = await createUpdatePath(ratchetTree, leaf, groupContext, signaturePrivateKey, ground.suite);
  return path;
}
