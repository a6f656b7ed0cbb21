import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { socketDropsOf } from '../../bench/socket-drops.ts';
import { until } from '../support/until.ts';

const SMALL_BUFFER_BYTES = 4_096;

test('what a process does not read in time is counted as dropped, and of other processes nothing', async () => {
  const reader = createSocket({ type: 'udp4', recvBufferSize: SMALL_BUFFER_BYTES });
  reader.bind(0, '127.0.0.1');
  await once(reader, 'listening');
  const before = socketDropsOf([process.pid]);
  const sender = createSocket('udp4');
  sender.connect(reader.address().port, '127.0.0.1');
  await once(sender, 'connect');
  let received = 0;
  reader.on('message', () => (received += 1));
  const sent = 500;
  for (let at = 0; at < sent; at += 1) sender.send(Buffer.alloc(1_000)); // this process reads when it is done
  await until('some are lost', () => socketDropsOf([process.pid]) > before);
  await until('each is either', () => received + socketDropsOf([process.pid]) - before === sent);
  expect(socketDropsOf([process.ppid])).toBe(0);
  sender.close();
  reader.close();
});
