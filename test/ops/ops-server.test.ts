import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Metrics, OpsServer } from '../../src/ops/index.ts';

describe('the private port', () => {
  const metrics = new Metrics();
  let server: OpsServer;
  const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init);

  beforeAll(async () => {
    server = await OpsServer.open({ host: '127.0.0.1', port: 0, metrics });
  });
  afterAll(() => server.close());

  test('says that the process is alive', async () => {
    const response = await get('/healthz');
    expect([response.status, await response.text()]).toEqual([200, 'ok\n']);
  });

  test('gives the metrics as they are when asked', async () => {
    let rooms = 3;
    metrics.watch('conclave_rooms', 'Rooms open', () => rooms);
    expect(await (await get('/metrics')).text()).toContain('\nconclave_rooms 3\n');
    rooms = 4;
    metrics.refusals.inc({ code: 'room-full' });
    const text = await (await get('/metrics')).text();
    expect(text).toContain('\nconclave_rooms 4\n');
    expect(text).toContain('conclave_refusals_total{code="room-full"} 1');
  });

  test('has nothing else', async () => {
    expect((await get('/')).status).toBe(404);
    expect((await get('/metrics', { method: 'POST' })).status).toBe(405);
  });

  test('a taken port is said', async () => {
    const second = OpsServer.open({ host: '127.0.0.1', port: server.port, metrics });
    await expect(second).rejects.toMatchObject({ code: 'unavailable' });
  });
});
