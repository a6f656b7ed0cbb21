import { createHash } from 'node:crypto';
import plotScript from 'uplot/dist/uPlot.iife.min.js?raw';
import plotStyle from 'uplot/dist/uPlot.min.css?raw';
import palette from '../web/style/palette.css?raw';
import type { Chart } from './charts.ts';
import { html, type Markup, verbatim } from './markup.ts';
import { formatValue, METRICS, type MetricName } from './metrics.ts';
import drawScript from './page/charts.js?raw';
import pageStyle from './page/style.css?raw';
import type { Report } from './report.ts';
import { STATS } from './statistics.ts';
import { figureRows, headlines } from './summary.ts';

const STYLE = [plotStyle, palette, pageStyle].join('\n');

/** The report as one file: nothing is fetched when it opens, and its own policy forbids that anything could be. */
export function reportHtml(report: Report): string {
  const scripts = [plotScript, drawScript];
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(sourceOf).join(' ')}`,
    `style-src ${sourceOf(STYLE)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const charts = JSON.stringify(report.charts).replaceAll('<', '\\u003c');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>Conclave under load, ${report.date.slice(0, 10)}</title>
<style>${verbatim(STYLE)}</style>
</head>
<body>
${headOf(report)}
${verdictsOf(report)}
${searchOf(report)}
<h2>Over time</h2>
<p class="lead">The tinted part is when everybody was there: figures are of that time, but for joins.</p>
<div class="charts">${report.charts.charts.map(chartOf)}</div>
<h2>All figures</h2>
<div class="card scroll">${table(['metric', ...STATS], figureRows(report).map(figureRow))}</div>
${troublesOf(report)}
${conditionsOf(report)}
<script type="application/json" id="charts">${verbatim(charts)}</script>
${scripts.map((script) => html`<script>${verbatim(script)}</script>`)}
</body>
</html>
`.markup;
}

const sourceOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function headOf(report: Report): Markup {
  const { conditions, figures, people, date } = report;
  const { rooms, participants, publishers, participant, server } = conditions;
  const key = (name: string, value: string, beside: string) =>
    html`<div><dt>${name}</dt><dd>${value}<small>${beside}</small></dd></div>`;
  const stat = (name: MetricName, which: keyof (typeof figures)[MetricName]) => {
    const value = figures[name][which];
    return value === undefined ? '–' : formatValue(value, METRICS[name].unit);
  };
  return html`<header>
<h1>Conclave under load</h1>
<p class="lead">${rooms} × ${participants} participants (${participant}), ${publishers} of each room send · ${server} · ${date.slice(0, 16).replace('T', ' ')} UTC</p>
<ul class="headlines">${headlines(report).map(({ text, warns }) => html`<li data-warn="${String(warns)}">${text}</li>`)}</ul>
<dl class="keys">
${key('Joined', `${people.joined} of ${people.planned}`, `${report.failures.reduce((sum, { count }) => sum + count, 0)} failed`)}
${key('Join, p95', stat('join', 'p95'), `p50 ${stat('join', 'p50')}`)}
${key('First picture, p95', stat('first-media', 'p95'), `p50 ${stat('first-media', 'p50')}`)}
${key('Delivered', stat('delivery', 'total'), `${stat('lost', 'total')} packets lost`)}
${key('Videos seen', stat('seen', 'total'), 'of those to be seen')}
${key('Packets', stat('packets', 'mean'), 'received by all together')}
</dl>
</header>`;
}

function verdictsOf({ verdicts, search }: Report): Markup {
  if (verdicts.length === 0) return html``;
  const rows = verdicts.map(({ held, text, measured }) => [
    html`<td data-text="true">${text}</td>`,
    html`<td>${measured}</td>`,
    html`<td data-held="${String(held)}">${held ? 'held' : 'failed'}</td>`,
  ]);
  const title = search ? 'Assertions, at the size that is shown' : 'Assertions';
  return html`<h2>${title}</h2><div class="card scroll">${table(['assertion', 'measured', ''], rows)}</div>`;
}

function searchOf({ search }: Report): Markup {
  if (!search) return html``;
  const value = (name: MetricName, stat: 'p95' | 'total' | 'mean', figures: Report['figures']) => {
    const found = figures[name][stat];
    return html`<td>${found === undefined ? '–' : formatValue(found, METRICS[name].unit)}</td>`;
  };
  const rows = search.steps.map(({ participants, held, why, figures, saturation }) => [
    html`<th scope="row">${participants}</th>`,
    html`<td data-held="${String(held)}">${held ? 'held' : 'fell'}</td>`,
    value('join', 'p95', figures),
    value('delivery', 'total', figures),
    value('seen', 'total', figures),
    value('generator-cpu', 'mean', figures),
    html`<td data-text="true">${[...why, ...saturation].join('; ')}</td>`,
  ]);
  const heads = ['in each room', '', 'join p95', 'delivered', 'seen', 'generator', 'why'];
  return html`<h2>Sizes tried: at most ${search.most} in each room held</h2>
<div class="card scroll">${table(heads, rows)}</div>`;
}

/** The picture, and for who cannot see it, or wants to copy, the same as a table. */
function chartOf({ title, says, unit, seconds, lines }: Chart, index: number): Markup {
  const rows = seconds.map((second, at) => [
    html`<th scope="row">${second} s</th>`,
    ...lines.map(({ values }) => {
      const value = values[at] ?? null;
      return html`<td>${value === null ? '–' : formatValue(value, unit)}</td>`;
    }),
  ]);
  const heads = ['at', ...lines.map(({ label }) => label)];
  return html`<figure class="card">
<figcaption><h3>${title}</h3><p>${says}</p></figcaption>
<div class="chart" data-chart="${index}" role="img" aria-label="${title} over time; the values are in the table below"></div>
<details><summary>${title} as a table</summary><div class="scroll">${table(heads, rows)}</div></details>
</figure>`;
}

function figureRow([name = '', ...values]: readonly string[]): Markup[] {
  const { says } = METRICS[name as MetricName];
  return [html`<th scope="row">${name}<small>${says}</small></th>`, ...values.map((value) => html`<td>${value}</td>`)];
}

function troublesOf({ failures, drops }: Report): Markup {
  const failed = failures.map(({ code, count, message }) => [
    html`<th scope="row">${code}</th>`,
    html`<td>${count}</td>`,
    html`<td data-text="true">${message}</td>`,
  ]);
  const dropped = Object.entries(drops).map(([reason, count]) => [
    html`<th scope="row">${reason}</th>`,
    html`<td>${count}</td>`,
  ]);
  const section = (title: string, heads: readonly string[], rows: readonly (readonly Markup[])[]) =>
    rows.length === 0 ? html`` : html`<h2>${title}</h2><div class="card scroll">${table(heads, rows)}</div>`;
  return html`${section('Joins that failed', ['code', 'times', 'the first said'], failed)}
${section('Frames that did not open', ['reason', 'frames'], dropped)}`;
}

function conditionsOf({ conditions, machine, commit, load_average, server }: Report): Markup {
  const { rooms, participants, publishers, participant, layout, ramp_per_second, duration_seconds } = conditions;
  const facts: Readonly<Record<string, string | number | undefined>> = {
    Server: conditions.server,
    'Its workers': server?.workers,
    'Rooms and peers in it at the end': server && `${server.rooms ?? '–'} and ${server.peers ?? '–'}`,
    'Its media streams in and out at the end': server && `${server.producers ?? '–'} and ${server.consumers ?? '–'}`,
    'Workers of it that died since its start': server?.worker_deaths,
    Participants: `${rooms} × ${participants}, ${participant}, of each room ${publishers} send`,
    'Each shows': layout,
    'They came': `${ramp_per_second} a second`,
    Measured: `${duration_seconds} s`,
    'The load was made by': `${machine.cpu}, ${machine.cores} cores, Linux ${machine.kernel}, Node ${machine.node}`,
    'Its load average': load_average,
    Commit: commit,
  };
  const rows = Object.entries(facts).flatMap(([name, value]) =>
    value === undefined ? [] : [[html`<th scope="row">${name}</th>`, html`<td data-text="true">${value}</td>`]],
  );
  return html`<h2>Conditions</h2><div class="card scroll">${table(['', ''], rows)}</div>`;
}

function table(heads: readonly string[], rows: readonly (readonly Markup[])[]): Markup {
  const isNamed = heads.some((head) => head !== '');
  return html`<table class="plain">${isNamed ? html`<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>` : html``}
<tbody>${rows.map((row) => html`<tr>${row}</tr>`)}</tbody></table>`;
}
