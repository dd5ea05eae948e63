import type { Measurement } from './measurement.ts';

const HEAD = ['name', 'value', 'unit', 'goal', 'ok'];

/** For a terminal: aligned columns, and below each line the basis of its value. */
export function plainTable(measurements: readonly Measurement[]): string {
  const rows = [HEAD, ...measurements.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return lines
    .flatMap((line, index) => {
      const detail = measurements[index - 1]?.detail;
      return detail ? [line.trimEnd(), `    ${detail}`] : [line.trimEnd()];
    })
    .join('\n');
}

export function markdownTable(measurements: readonly Measurement[]): string {
  const rows = measurements.map(({ name, value, unit, goal, ok, detail }) => {
    return [name, `${value} ${unit}`.trim(), `≤ ${goal} ${unit}`.trim(), ok ? 'yes' : '**no**', detail];
  });
  const lines = [
    ['Measured', 'Value', 'Goal', 'Met', 'Behind it'],
    ['---', '---:', '---:', '---', '---'],
    ...rows,
  ];
  return lines.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
}

function cells({ name, value, unit, goal, ok }: Measurement): string[] {
  return [name, String(value), unit, `<= ${goal}`, ok ? 'yes' : 'NO'];
}
