/** ISO/IEC 18004, section 7.5: the Reed-Solomon remainder of `count` codewords over GF(256) with the polynomial 0x11d. */
export function correctionOf(bytes: readonly number[], count: number): readonly number[] {
  const generator = generatorOf(count);
  return bytes.reduce<readonly number[]>((remainder, byte) => {
    const factor = byte ^ (remainder[0] ?? 0);
    return generator.map((coefficient, index) => (remainder[index + 1] ?? 0) ^ times(coefficient, factor));
  }, new Array(count).fill(0));
}

/** (x - 1)(x - 2)(x - 4)..., highest power first, without the leading 1. */
function generatorOf(degree: number): readonly number[] {
  let product: readonly number[] = [1];
  let root = 1;
  for (let factor = 0; factor < degree; factor += 1) {
    const scaled = product.map((coefficient) => times(coefficient, root));
    product = [...product, 0].map((coefficient, index) => coefficient ^ (scaled[index - 1] ?? 0));
    root = times(root, 2);
  }
  return product.slice(1);
}

function times(left: number, right: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ (product & 0x80 ? 0x11d : 0);
    if ((right >> bit) & 1) product ^= left;
  }
  return product;
}
