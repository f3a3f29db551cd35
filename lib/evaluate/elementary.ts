/**
 * Logarithm and exponential from sums, products and quotients alone, which IEEE
 * 754 fixes to the last bit: those of `Math` may differ from one engine to the
 * next, and metrics are hashed. Pure.
 *
 * @module
 */

/** ln 2 in two parts; products of the first with whole numbers up to 2^11 are exact (as in fdlibm). */
const LN2_HIGH = 6.93147180369123816490e-1;
const LN2_LOW = 1.90821492927058770002e-10;

const bits = new DataView(new ArrayBuffer(8));

/**
 * The natural logarithm of a number above 0, to about an ulp: the number is
 * 2^k * m with m around 1, and ln m = 2 artanh((m - 1) / (m + 1)), a series.
 */
export function ln(x: number): number {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x > 0 ? Infinity : NaN;
  // Out of the numbers that have no leading 1.
  if (x < 2 ** -1022) return ln(x * 2 ** 54) - 54 * LN2_HIGH - 54 * LN2_LOW;
  bits.setFloat64(0, x);
  let k = (bits.getUint32(0) >>> 20) - 1023;
  bits.setUint32(0, (bits.getUint32(0) & 0xfffff) | (1023 << 20));
  let m = bits.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    k++;
  }
  const s = (m - 1) / (m + 1);
  const square = s * s;
  // |s| is at most 0.172: 12 terms are beyond the last bit.
  let series = 0;
  for (let n = 23; n >= 3; n -= 2) series = (series + 1 / n) * square;
  return k * LN2_HIGH + (k * LN2_LOW + 2 * s * series + 2 * s);
}

/** e to the power of a number, to about an ulp: Taylor's series of what is left of multiples of ln 2. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 709.8) return Infinity;
  if (x < -745.2) return 0;
  const k = Math.round(x / (LN2_HIGH + LN2_LOW));
  const rest = x - k * LN2_HIGH - k * LN2_LOW;
  // |rest| is at most 0.347: 15 terms are beyond the last bit.
  let series = 1;
  for (let n = 15; n >= 1; n--) series = 1 + series * rest / n;
  const half = Math.trunc(k / 2);
  return series * powerOfTwo(half) * powerOfTwo(k - half);
}

function powerOfTwo(exponent: number): number {
  bits.setUint32(0, (exponent + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}
