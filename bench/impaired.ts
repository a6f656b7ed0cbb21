/*
 * What two people in browsers have of each other over a poor line: 5 % loss, 30 ms of jitter and some reordering on each way to
 * and from the server, and a blackout of 2 s (test/browser/impaired-call.ts). Wanted: sound stays, at least 15 pictures a
 * second, pictures again at most 2 s after the blackout, and no frame refused by the encryption.
 */
import { loadavg } from 'node:os';
import { type ImpairedReception, measureImpairedCall } from '../test/browser/impaired-call.ts';
import { openChromium } from '../test/support/chromium.ts';
import { openConclaveServer } from '../test/support/conclave-server.ts';
import { WorkerObjects } from '../test/support/worker-objects.ts';
import { benchOptions, percentile, report } from './report.ts';

/** Two people each. */
const ROUNDS = { quick: 2, full: 10 };

const options = benchOptions();
const rounds = options.quick ? ROUNDS.quick : ROUNDS.full;
const objects = new WorkerObjects();
const server = await openConclaveServer();
const browser = await openChromium();
const calls = [];
const loads = [];
try {
  for (let round = 1; round <= rounds; round += 1) {
    calls.push(await measureImpairedCall(server, browser, { objects, seed: round }));
    loads.push(Number(loadavg()[0]?.toFixed(1)));
  }
} finally {
  await browser.close();
  await server.close();
}
const people = calls.flatMap((call) => call.people);
const figures = (key: keyof Omit<ImpairedReception, 'drops' | 'restarted'>, worst: number) => {
  const values = people.map((person) => person[key]);
  const round = (value: number) => Number(value.toPrecision(3));
  return { p50: round(percentile(values, 0.5)), worst: round(percentile(values, worst)) };
};
report(
  'impaired',
  {
    receivers: people.length,
    pictures_per_second: figures('picturesPerSecond', 0),
    largest_picture_gap_ms: figures('largestGapMs', 1),
    audio_packets_per_second: figures('audioPacketsPerSecond', 0),
    concealed_share: figures('concealedShare', 1),
    picture_back_ms: figures('pictureBackMs', 1),
    picture_back_each_ms: people.map(({ pictureBackMs }) => Math.round(pictureBackMs)),
    audio_back_ms: figures('audioBackMs', 1),
    frames_refused: people.flatMap(({ drops }) => Object.entries(drops)),
    restarted: people.map(({ restarted }) => restarted),
    frames_repeated: people.map(({ repeated }) => repeated),
    new_transports: calls.map(({ newTransports }) => newTransports),
    relay_loss_share: calls.map(({ relayLossShare }) => Number(relayLossShare.toFixed(3))),
    load_average_per_round: loads,
  },
  options,
);
