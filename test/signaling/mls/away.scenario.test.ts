import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConclaveServer, openConclaveServer } from '../../support/conclave-server.ts';
import { NodeMember } from '../../support/node-member.ts';
import { until } from '../../support/until.ts';

let server: ConclaveServer;

beforeAll(async () => {
  server = await openConclaveServer();
});
afterAll(() => server?.close());

test('a member whose socket is away while the group changes is back in it with the same place and the same keys', async () => {
  const link = server.inviteLink();
  const direct = link.replace(`:${server.relay.port}/`, `:${server.signaling.port}/`);
  const ada = await NodeMember.join(link, 'Ada');
  const bela = await NodeMember.join(direct, 'Béla');
  await until('both know each other', () => ada.leafOf('Béla') && bela.leafOf('Ada'));
  const place = bela.leafOf('Ada');

  server.relay.refuse({ refusing: true });
  server.relay.cut('half-open');
  const cecil = await NodeMember.join(direct, 'Cecil'); // Ada would have been the committer
  await until('Béla sees Cecil', () => bela.leafOf('Cecil'));
  expect(ada.leafOf('Cecil')).toBeUndefined();
  server.relay.refuse({ refusing: false });

  await until('Ada sees Cecil', () => ada.leafOf('Cecil'));
  const last = ({ keys }: NodeMember) => keys.epochs.at(-1);
  await until(
    'all have the same keys',
    () => last(ada)?.epoch === last(bela)?.epoch && last(cecil)?.epoch === last(bela)?.epoch,
  );
  expect(last(ada)?.baseKey).toEqual(last(bela)?.baseKey);
  expect([bela.leafOf('Ada'), cecil.leafOf('Ada')]).toEqual([place, place]);
  const epochs = ada.keys.epochs.map(({ epoch }) => epoch);
  expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => Number(a - b))); // it never came in anew
  for (const member of [ada, bela, cecil]) member.close();
});
