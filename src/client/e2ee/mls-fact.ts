import type { ServerMessage } from '../../wire/index.ts';

const MLS_FACTS = [
  'groupWanted',
  'welcomed',
  'keyPackageWanted',
  'admissionPending',
  'admissionRefused',
  'commitWanted',
  'commitAccepted',
  'epochReady',
  'commitVoided',
  'knocking',
  'sealed',
] as const;

/** What the server tells of keys, in the words of proto/conclave/v1/mls.proto. */
export type MlsFact = Extract<ServerMessage, { readonly case: (typeof MLS_FACTS)[number] }>;

export function isMlsFact(fact: ServerMessage): fact is MlsFact {
  return (MLS_FACTS as readonly string[]).includes(fact.case);
}

export type FactValue<Case extends MlsFact['case']> = Extract<MlsFact, { readonly case: Case }>['value'];
