import type { Browser } from 'puppeteer-core';
import type { ConclaveServer } from '../support/conclave-server.ts';
import { NodeMember } from '../support/node-member.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';
import { largestGapMs, pageMs, picturesSince, watchPictures } from './shown-pictures.ts';

/** Pictures to wait for after each change: senders go over to a new key up to 1.5 s after it. */
const PICTURES_AFTER = 60;

const SMALL = { width: 320, height: 240 };
const LARGE = { width: 1600, height: 1700 };

/** The longest that the picture stood still, in milliseconds, for each time that something changed. */
export interface PictureGaps {
  readonly quiet: readonly number[];
  readonly joins: readonly number[];
  readonly leaves: readonly number[];
  readonly layers: readonly number[];
}

/** Béla watches Ada while others come and go and while his window changes its size, so often each. */
export async function measurePictureGaps(
  { inviteLink }: ConclaveServer,
  browser: Browser,
  times: number,
): Promise<PictureGaps> {
  const link = inviteLink();
  const context = await browser.createBrowserContext();
  const ada = await Participant.open(context, link, 'Ada', SMALL);
  const bela = await Participant.open(await browser.createBrowserContext(), link, 'Béla', LARGE);
  await ada.join();
  await bela.press('Turn camera off');
  await bela.join();
  await bela.sees('Ada');
  const height = async () => (await bela.inbound('video'))[0]?.frameHeight ?? 0;
  await until('a large tile gets a larger layer', async () => (await height()) >= 360);
  await watchPictures(bela);

  const quiet = await repeat(times, () => gapDuring(bela, async () => undefined));
  const joins: number[] = [];
  const leaves: number[] = [];
  for (let time = 0; time < times; time += 1) {
    let guest: NodeMember | undefined;
    joins.push(
      await gapDuring(bela, async () => {
        guest = await NodeMember.join(link, `Guest ${time}`);
      }),
    );
    leaves.push(await gapDuring(bela, async () => guest?.close()));
  }
  const layers = await repeat(times, async (time) => {
    const toSmall = time % 2 === 0;
    return await gapDuring(bela, async () => {
      await bela.page.setViewport(toSmall ? SMALL : LARGE);
      await until('another layer', async () => (toSmall ? (await height()) === 180 : (await height()) >= 360));
    });
  });
  await ada.page.close();
  await bela.page.close();
  return { quiet, joins, leaves, layers };
}

async function repeat(times: number, measure: (time: number) => Promise<number>): Promise<number[]> {
  const gaps: number[] = [];
  for (let time = 0; time < times; time += 1) gaps.push(await measure(time));
  return gaps;
}

async function gapDuring(person: Participant, change: () => Promise<unknown>): Promise<number> {
  const beganMs = await pageMs(person);
  await change();
  const changedMs = await pageMs(person);
  const since = async (fromMs: number) => [...(await picturesSince(person, fromMs)).values()].flat();
  await until('the picture moves', async () => (await since(changedMs)).length >= PICTURES_AFTER);
  return Math.round(largestGapMs(await since(beganMs), beganMs));
}
