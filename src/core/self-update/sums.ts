/** The names in a list as `sha256sum` writes it, with their sums (64 hexadecimal digits). Other lines say nothing. */
export function readSums(text: string): ReadonlyMap<string, string> {
  const lines = [...text.matchAll(/^([0-9a-f]{64}) [ *](\S.*?)\r?$/gm)]
  return new Map(lines.map(([, sum = '', name = '']) => [name, sum]))
}
