import { type MemberId, type ProducerId, Scope, systemClock } from '../../src/base/index.ts';
import type { E2eeEngine } from '../../src/client/e2ee/engine.ts';
import { isMlsFact } from '../../src/client/e2ee/mls-fact.ts';
import type { EngineNews } from '../../src/client/e2ee/news.ts';
import { EMPTY_SERVER_ROSTER, isRosterFact, rosterAfter, rosterJoined } from '../../src/client/server-roster.ts';
import type { Codec, Source } from '../../src/crypto/index.ts';
import type { ServerMessage } from '../../src/wire/index.ts';
import { KeptKeys } from './kept-keys.ts';
import { openNodeEngine } from './node-engine.ts';
import { type Invite, inviteOf, type NodeSession, openNodeSession } from './node-session.ts';
import { until } from './until.ts';

/**
 * A member of a call without a browser and without media: real signaling, real keys. It can open frames that were
 * captured elsewhere, and it forgets no key.
 */
export class NodeMember {
  readonly keys = new KeptKeys(systemClock);
  /** All that the engine told. */
  readonly news: EngineNews[] = [];
  readonly #scope = new Scope();
  #link: NodeSession['link'] | undefined;
  #engine: E2eeEngine | undefined;
  #roster = EMPTY_SERVER_ROSTER;

  /** Joins the call of that invite link, and waits until it is in the group. */
  static async join(link: string, name: string): Promise<NodeMember> {
    const member = new NodeMember();
    await member.#join(inviteOf(link), name);
    await until(`${name} is in the group`, () => member.keys.group !== undefined);
    return member;
  }

  /** Those who are in the group, by the names in their leaves. */
  leafOf(name: string): { readonly memberId: MemberId; readonly leaf: number } | undefined {
    const found = this.keys.group?.members.find((each) => each.name === name);
    return found && { memberId: found.credential.memberId, leaf: found.leaf };
  }

  producerOf(memberId: MemberId, source: Source): ProducerId | undefined {
    const peer = this.#roster.peers.find((each) => each.memberId === memberId);
    return peer?.publications.find((each) => each.source === source)?.producerId;
  }

  /** What an honest client opens of one stream: with the keys of now. */
  opener(memberId: MemberId, source: Source, codec: Codec) {
    return this.keys.opener({ memberId, source, codec });
  }

  /** Leaves the call and keeps every key, as no honest client does. */
  leave(): void {
    this.#link?.close();
  }

  close(): void {
    this.#scope.close();
  }

  async #join(invite: Invite, name: string): Promise<void> {
    const session = await openNodeSession(invite, (fact) => this.#told(fact));
    this.#link = this.#scope.own(session.link);
    this.#roster = rosterJoined(session.joined.peers);
    const { keys, news } = this;
    const tell = (each: EngineNews) => news.push(each);
    this.#engine = this.#scope.own(await openNodeEngine(session, { name, secret: invite.secret, keys, tell }));
    await this.#engine.begin();
  }

  #told(fact: ServerMessage): void {
    if (isMlsFact(fact))
      this.#engine?.told(fact).catch(() => undefined); // we have left
    else if (isRosterFact(fact)) this.#roster = rosterAfter(this.#roster, fact);
  }
}
