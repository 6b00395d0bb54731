// Pieces of Markdown, laid out as the project's formatter does, so that a page that was made needs no formatting.

/** A table whose first column stands left and the others right. Rows are arrays of texts, the first the heading. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(3, ...rows.map((row) => row[column].length)));
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const padded = (row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
    );
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const [heading, ...body] = rows;
  return [line(padded(heading)), line(rule), ...body.map((row) => line(padded(row)))].join('\n');
}

/** The command that makes a table anew, for under it. */
export const command = (text) => `<sub>\`${text}\`</sub>`;

/** A plot beside its words for those who cannot see it. */
export const image = (file, alt) => `![${alt}](performance/${file})`;
