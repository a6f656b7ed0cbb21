/** Does it with each, so many at a time: the next begin when all of those before are done. The answers are in the order of `all`. */
export async function inBatches<Each, Answer>(
  all: readonly Each[],
  atOnce: number,
  act: (each: Each) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let start = 0; start < all.length; start += atOnce)
    answers.push(...(await Promise.all(all.slice(start, start + atOnce).map(act))));
  return answers;
}
