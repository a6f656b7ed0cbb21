import { createSignatureKeyPair, type SignatureKeyPair } from '../../crypto/index.ts';
import type { VerifiedPeople } from './verified-people.ts';

/** What a device keeps from call to call. */
export interface IdentityStore {
  readonly signatureKeys: SignatureKeyPair;
  verified(): VerifiedPeople;
  remember(verified: VerifiedPeople): Promise<void>;
  close(): void;
}

const DATABASE = 'conclave';
const STORE = 'identity';
const KEYS = 'signature-keys';
const VERIFIED = 'verified';

/** Held by the tab that uses the stored keys: a group takes each signature key once, and two tabs may be in one call. */
const LOCK = 'conclave-identity';

/**
 * The identity of this browser profile, made at the first call. Keys of its own for this call only where another tab has the stored
 * ones, or where there is no storage (a private window): then people see a new device.
 */
export async function openIdentityStore(): Promise<IdentityStore> {
  const release = await holdLock();
  if (!release) return await passingIdentity();
  try {
    const database = await openDatabase();
    const kept = await get<SignatureKeyPair>(database, KEYS);
    const signatureKeys = kept ?? (await createSignatureKeyPair());
    if (!kept) await put(database, KEYS, signatureKeys);
    let verified = (await get<VerifiedPeople>(database, VERIFIED)) ?? new Map();
    return {
      signatureKeys,
      verified: () => verified,
      async remember(next) {
        verified = next;
        await put(database, VERIFIED, next).catch(() => undefined); // storage is full: remembered for as long as the call
      },
      close() {
        database.close();
        release();
      },
    };
  } catch {
    release();
    return await passingIdentity(); // storage is off or broken: a call is worth more than being recognised
  }
}

/** Forgotten with the call. */
export async function passingIdentity(): Promise<IdentityStore> {
  const signatureKeys = await createSignatureKeyPair();
  let verified: VerifiedPeople = new Map();
  return {
    signatureKeys,
    verified: () => verified,
    async remember(next) {
      verified = next;
    },
    close: () => undefined,
  };
}

/** Resolves to what releases the lock; to nothing when somebody else holds it. */
function holdLock(): Promise<(() => void) | undefined> {
  return new Promise((resolve) => {
    const held = navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(undefined);
      return new Promise<void>((release) => resolve(release));
    });
    held.catch(() => resolve(undefined)); // no locks here, as in some private windows
  });
}

function openDatabase(): Promise<IDBDatabase> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  return done(opening);
}

async function get<T>(database: IDBDatabase, key: string): Promise<T | undefined> {
  return await done<T | undefined>(database.transaction(STORE).objectStore(STORE).get(key));
}

async function put(database: IDBDatabase, key: string, value: unknown): Promise<void> {
  await done(database.transaction(STORE, 'readwrite').objectStore(STORE).put(value, key));
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('storage failed'));
  });
}
