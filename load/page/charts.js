// Runs in report.html: draws each chart of the report, in the colours of the page, as wide as there is room for.

/** @typedef {import('../charts.ts').Chart} Chart */
/** @typedef {import('../charts.ts').Charts} Charts */

const HEIGHT_PX = 220;

/** What tells lines apart beside their colours. */
const DASHES = [[], [7, 4], [2, 3]];

/** @type {Charts} */
const report = JSON.parse(document.getElementById('charts')?.textContent ?? '');
const dark = matchMedia('(prefers-color-scheme: dark)');

/** @param {string} name */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** @type {Record<Chart['unit'], (value: number) => string>} */
const FORMATS = {
  ms: (value) => (value >= 1_000 ? `${Number((value / 1_000).toFixed(2))} s` : `${Math.round(value)} ms`),
  us: (value) => `${value.toFixed(1)} µs`,
  share: (value) => `${Number((value * 100).toFixed(1))} %`,
  'per-second': (value) => `${Math.round(value).toLocaleString('en')}/s`,
  cores: (value) => value.toFixed(2),
  count: (value) => value.toLocaleString('en'),
};

/** The lightly tinted time of which the figures are. @param {any} plot */
function tintWindow(plot) {
  if (!report.window) return;
  const { ctx, bbox } = plot;
  const left = Math.max(bbox.left, plot.valToPos(report.window.from, 'x', true));
  const right = Math.min(bbox.left + bbox.width, plot.valToPos(report.window.to, 'x', true));
  ctx.save();
  ctx.fillStyle = colour('window');
  ctx.fillRect(left, bbox.top, Math.max(0, right - left), bbox.height);
  ctx.restore();
}

/**
 * @param {Chart} chart
 * @param {number} width
 */
function optionsOf(chart, width) {
  const format = FORMATS[chart.unit];
  const axis = { stroke: colour('muted'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false } };
  const font = '12px system-ui, sans-serif';
  /** @type {(u: any, least: number | null, most: number | null) => [number, number]} */
  const range = (_, __, most) => [0, chart.unit === 'share' ? 1.02 : Math.max(1, (most ?? 0) * 1.1)];
  return {
    width,
    height: HEIGHT_PX,
    scales: { x: { time: false }, y: { range } },
    cursor: { sync: { key: 'time' }, points: { size: 7 } },
    axes: [
      {
        ...axis,
        font,
        values: (/** @type {any} */ _, /** @type {number[]} */ at) => at.map((second) => `${second} s`),
      },
      { ...axis, font, size: 72, values: (/** @type {any} */ _, /** @type {number[]} */ at) => at.map(format) },
    ],
    series: [
      {
        label: 'at',
        value: (/** @type {any} */ _, /** @type {number | null} */ at) => (at === null ? '–' : `${at} s`),
      },
      ...chart.lines.map(({ label }, index) => ({
        label,
        stroke: colour(`series-${index + 1}`),
        width: 2,
        points: { show: false },
        dash: DASHES[index] ?? [],
        spanGaps: false,
        ...(chart.marks === 'points' && {
          paths: () => null,
          points: { show: true, size: 7, fill: colour(`series-${index + 1}`) },
        }),
        value: (/** @type {any} */ _, /** @type {number | null} */ value) =>
          value === null || value === undefined ? '–' : format(value),
      })),
    ],
    hooks: { drawClear: [tintWindow] },
  };
}

/** @type {{ plot: any, place: Element }[]} */
let drawn = [];

function draw() {
  for (const { plot } of drawn) plot.destroy();
  drawn = report.charts.flatMap((chart, index) => {
    const place = document.querySelector(`[data-chart="${index}"]`);
    if (!place) return [];
    const values = [chart.seconds, ...chart.lines.map((line) => line.values)];
    const plot = new /** @type {any} */ (globalThis).uPlot(optionsOf(chart, place.clientWidth), values, place);
    return [{ plot, place }];
  });
}

draw();
dark.addEventListener('change', draw);
addEventListener('resize', () => {
  for (const { plot, place } of drawn) plot.setSize({ width: place.clientWidth, height: HEIGHT_PX });
});
