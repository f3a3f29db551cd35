/**
 * The standard normal distribution. Pure.
 *
 * @module
 */

import { exp, ln } from "./elementary.ts";

/**
 * The share of the standard normal distribution below `x`, to 1e-15: J. F. Hart
 * et al., "Computer Approximations" (1968), algorithm 5666, in the form of
 * G. West, "Better approximations to cumulative normal functions" (Wilmott, 2005).
 */
export function normalCdf(x: number): number {
  const size = Math.abs(x);
  const tail = size > 37
    ? 0
    : exp(-size * size / 2) * (size < CUT ? rational(size) : fraction(size));
  return x > 0 ? 1 - tail : tail;
}

const CUT = 7.07106781186547;

function rational(x: number): number {
  return polynomial(x, [
    220.206867912376,
    221.213596169931,
    112.079291497871,
    33.912866078383,
    6.37396220353165,
    0.700383064443688,
    3.52624965998911e-2,
  ]) / polynomial(x, [
    440.413735824752,
    793.826512519948,
    637.333633378831,
    296.564248779674,
    86.7807322029461,
    16.064177579207,
    1.75566716318264,
    8.83883476483184e-2,
  ]);
}

function fraction(x: number): number {
  return 1 / (x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))))) / 2.506628274631;
}

/**
 * The number with a share `p` of the standard normal distribution below it, to
 * 1e-15 relative: M. J. Wichura, "Algorithm AS 241: The Percentage Points of
 * the Normal Distribution" (Applied Statistics 37, 1988), PPND16.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return q * polynomial(r, CENTRE[0]) / polynomial(r, CENTRE[1]);
  }
  const r = Math.sqrt(-ln(q < 0 ? p : 1 - p));
  const size = r <= 5
    ? polynomial(r - 1.6, MIDDLE[0]) / polynomial(r - 1.6, MIDDLE[1])
    : polynomial(r - 5, TAIL[0]) / polynomial(r - 5, TAIL[1]);
  return q < 0 ? -size : size;
}

/** Coefficients of a quotient of polynomials, constants first. */
type Quotient = readonly [readonly number[], readonly number[]];

const CENTRE: Quotient = [[
  3.3871328727963666080,
  1.3314166789178437745e2,
  1.9715909503065514427e3,
  1.3731693765509461125e4,
  4.5921953931549871457e4,
  6.7265770927008700853e4,
  3.3430575583588128105e4,
  2.5090809287301226727e3,
], [
  1,
  4.2313330701600911252e1,
  6.8718700749205790830e2,
  5.3941960214247511077e3,
  2.1213794301586595867e4,
  3.9307895800092710610e4,
  2.8729085735721942674e4,
  5.2264952788528545610e3,
]];

const MIDDLE: Quotient = [[
  1.42343711074968357734,
  4.63033784615654529590,
  5.76949722146069140550,
  3.64784832476320460504,
  1.27045825245236838258,
  2.41780725177450611770e-1,
  2.27238449892691845833e-2,
  7.74545014278341407640e-4,
], [
  1,
  2.05319162663775882187,
  1.67638483018380384940,
  6.89767334985100004550e-1,
  1.48103976427480074590e-1,
  1.51986665636164571966e-2,
  5.47593808499534494600e-4,
  1.05075007164441684324e-9,
]];

const TAIL: Quotient = [[
  6.65790464350110377720,
  5.46378491116411436990,
  1.78482653991729133580,
  2.96560571828504891230e-1,
  2.65321895265761230930e-2,
  1.24266094738807843860e-3,
  2.71155556874348757815e-5,
  2.01033439929228813265e-7,
], [
  1,
  5.99832206555887937690e-1,
  1.36929880922735805310e-1,
  1.48753612908506148525e-2,
  7.86869131145613259100e-4,
  1.84631831751005468180e-5,
  1.42151175831644588870e-7,
  2.04426310338993978564e-15,
]];

function polynomial(x: number, coefficients: readonly number[]): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}
