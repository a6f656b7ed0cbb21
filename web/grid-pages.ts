/** Others on one page of the grid. With oneself that is five rows of five: smaller, faces are too small to read. */
export const PAGE_PEOPLE = 24;

/** One page of people, and who is on those beside it. */
export interface GridPage<Person> {
  readonly people: readonly Person[];
  readonly beside: readonly Person[];
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

/** The page that is wanted, or the nearest that there is: people come and go. */
export function gridPage<Person>(everybody: readonly Person[], wanted: number): GridPage<Person> {
  const count = Math.max(1, Math.ceil(everybody.length / PAGE_PEOPLE));
  const index = Math.min(Math.max(wanted, 0), count - 1);
  const page = (at: number) => everybody.slice(Math.max(0, at) * PAGE_PEOPLE, (at + 1) * PAGE_PEOPLE);
  return { people: page(index), beside: [...page(index - 1), ...page(index + 1)], index, count };
}
