import type { PeerId } from '../base/index.ts';
import type { AudioMeter } from './audio-meter.ts';
import type { Hearing } from './hearing.ts';
import type { Pausing, Peer, PeerHost } from './peer.ts';
import type { PeerFact, RosterEntry } from './peer-fact.ts';
import type { Producer } from './producer.ts';
import type { Source } from './source.ts';
import type { SpeakerWatch } from './speaker-watch.ts';

/** Who is in the room and what they publish; carries what one does to the others. */
export class Roster implements PeerHost {
  readonly #speakers: SpeakerWatch;
  readonly #peers = new Map<PeerId, Peer>();
  readonly #hearing: Hearing;
  /** Where each microphone is measured. */
  readonly #meters = new Map<Producer, AudioMeter>();

  constructor(speakers: SpeakerWatch, hearing: Hearing) {
    this.#speakers = speakers;
    this.#hearing = hearing;
    hearing.facts.on('changed', () => {
      for (const { reception } of this.#peers.values()) reception.heardChanged();
    });
    speakers.facts.on('changed', (peerIds) => this.#tell(speakersChanged(peerIds)));
  }

  get size(): number {
    return this.#peers.size;
  }

  get peers(): readonly Peer[] {
    return [...this.#peers.values()];
  }

  get entries(): readonly RosterEntry[] {
    return Array.from(this.#peers.values(), ({ rosterEntry }) => rosterEntry);
  }

  get heard(): Iterable<Producer> {
    return this.#hearing.heard;
  }

  find(peerId: PeerId, source: Source): Producer | undefined {
    return this.#peers.get(peerId)?.publication.bySource(source);
  }

  joined(peer: Peer): void {
    this.#tell({ case: 'peerJoined', value: { peer: peer.rosterEntry } });
    this.#peers.set(peer.id, peer);
    if (this.#speakers.speakers.length > 0) peer.tell(speakersChanged(this.#speakers.speakers));
  }

  left(peer: Peer): void {
    if (!this.#peers.delete(peer.id)) return;
    const fact: PeerFact = { case: 'peerLeft', value: { peerId: peer.id } };
    const producers = [...peer.publication.producers];
    for (const other of this.#peers.values()) {
      for (const producer of producers) other.reception.producerClosed(producer, { told: false });
      other.tell(fact);
    }
    for (const producer of producers) this.#silenced(producer);
  }

  producerOpened(producer: Producer): void {
    const { peerId, rosterProducer } = producer;
    const fact: PeerFact = { case: 'producerOpened', value: { peerId, producer: rosterProducer } };
    for (const other of this.#others(peerId)) {
      other.tell(fact);
      other.reception.producerOpened(producer);
    }
    this.#listenTo(producer);
  }

  /** Its worker died: to the others nothing flows from it for a while, and nothing else has changed. */
  interrupted(peer: Peer): void {
    for (const producer of peer.publication.producers) {
      for (const other of this.#others(peer.id)) other.reception.producerClosed(producer, { told: true });
      this.#silenced(producer);
    }
  }

  producerReturned(producer: Producer): void {
    for (const other of this.#others(producer.peerId)) other.reception.producerOpened(producer);
    this.#listenTo(producer);
  }

  producerPaused(producer: Producer, { paused }: Pausing): void {
    const { id, peerId, source } = producer;
    this.#tell({ case: paused ? 'producerPaused' : 'producerResumed', value: { producerId: id } }, peerId);
    if (paused && source === 'microphone') this.#speakers.silenced(peerId);
    this.#hearing.paused(producer, { paused });
  }

  beganToSpeak(peerId: PeerId): void {
    this.#hearing.beganToSpeak(peerId);
  }

  producerClosed(producer: Producer): void {
    const fact: PeerFact = { case: 'producerClosed', value: { producerId: producer.id } };
    for (const other of this.#others(producer.peerId)) {
      other.reception.producerClosed(producer, { told: true });
      other.tell(fact);
    }
    this.#silenced(producer);
  }

  #listenTo(producer: Producer): void {
    if (producer.source === 'microphone') {
      const { meter } = producer;
      this.#meters.set(producer, meter);
      meter.add(producer);
    }
    this.#hearing.opened(producer);
  }

  #silenced(producer: Producer): void {
    this.#meters.get(producer)?.remove(producer);
    if (this.#meters.delete(producer)) this.#speakers.silenced(producer.peerId);
    this.#hearing.closed(producer);
  }

  #tell(fact: PeerFact, except?: PeerId): void {
    for (const peer of this.#others(except)) peer.tell(fact);
  }

  *#others(except: PeerId | undefined): Iterable<Peer> {
    for (const peer of this.#peers.values()) if (peer.id !== except) yield peer;
  }
}

function speakersChanged(peerIds: readonly PeerId[]): PeerFact {
  return { case: 'speakersChanged', value: { peerIds: [...peerIds] } };
}
