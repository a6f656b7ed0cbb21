import { expect, test } from 'vitest';
import type { MemberId } from '../../../src/base/index.ts';
import { Complaints } from '../../../src/signaling/mls/complaints.ts';

const [ann, bob] = ['ann' as MemberId, 'bob' as MemberId];

function annAndBob(): Complaints {
  const complaints = new Complaints();
  for (const id of [ann, bob]) complaints.came(id);
  return complaints;
}

test('who is complained of comes last, and may not refresh for a minute', () => {
  const complaints = annAndBob();
  complaints.complain(ann, 0);
  expect(complaints.inTurn([ann, bob])).toEqual([bob, ann]);
  expect([59_999, 60_000].map((nowMs) => complaints.mayRefresh(ann, nowMs))).toEqual([false, true]);
});

test('nothing is kept of who has left, whether the complaint comes before or after', () => {
  const complaints = annAndBob();
  complaints.complain(ann, 0);
  complaints.left(ann);
  complaints.complain(ann, 1);
  complaints.came(ann);
  expect(complaints.inTurn([ann, bob])).toEqual([ann, bob]);
  expect(complaints.mayRefresh(ann, 2)).toBe(true);
});
