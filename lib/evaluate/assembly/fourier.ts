/**
 * The discrete Fourier transform of a power of two of complex numbers, which
 * stand one after the other as pairs of f64. AssemblyScript; see `loops.wasm.ts`.
 */

/** The product of two complex numbers. */
@inline
export function times(a: v128, b: v128): v128 {
  const real = f64x2.splat(f64x2.extract_lane(b, 0));
  const imaginary = f64x2(-f64x2.extract_lane(b, 1), f64x2.extract_lane(b, 1));
  const swapped = v128.shuffle<f64>(a, a, 1, 0);
  return f64x2.add(f64x2.mul(a, real), f64x2.mul(swapped, imaginary));
}

/** The complex conjugate. */
@inline
export function conjugate(a: v128): v128 {
  return f64x2.mul(a, f64x2(1, -1));
}

/**
 * The roots of unity exp(-2 pi i k / size) for k below size / 2. By half angles
 * and products, as sums, products and square roots are the same on every machine.
 */
export function prepareRoots(roots: usize, size: i32): void {
  store<f64>(roots, 1);
  store<f64>(roots, 0, 8);
  // exp(-i pi / 2), and with each step half of the angle.
  let cosine: f64 = 0;
  let sine: f64 = 1;
  for (let step = size >> 2; step >= 1; step >>= 1) {
    store<f64>(roots + 16 * <usize> step, cosine);
    store<f64>(roots + 16 * <usize> step, -sine, 8);
    sine = sine / Math.sqrt(2 + 2 * cosine);
    cosine = Math.sqrt((1 + cosine) / 2);
  }
  for (let highest = 2; highest < size >> 1; highest <<= 1) {
    const power = v128.load(roots + 16 * <usize> highest);
    for (let k = 1; k < highest; k++) {
      const known = v128.load(roots + 16 * <usize> k);
      v128.store(roots + 16 * <usize> (highest + k), times(power, known));
    }
  }
}

/** Transforms in place; the result is in the order of reversed bits. */
export function transform(values: usize, roots: usize, size: i32): void {
  for (let length = size; length >= 2; length >>= 1) {
    const half = length >> 1;
    const stride = 16 * <usize> (size / length);
    for (let start = 0; start < size; start += length) {
      let low = values + 16 * <usize> start;
      let high = low + 16 * <usize> half;
      let root = roots;
      for (let k = 0; k < half; k++) {
        const a = v128.load(low);
        const b = v128.load(high);
        v128.store(low, f64x2.add(a, b));
        v128.store(high, times(f64x2.sub(a, b), v128.load(root)));
        low += 16;
        high += 16;
        root += stride;
      }
    }
  }
}

/** Transforms back what stands in the order of reversed bits, `size` times too large. */
export function transformBack(values: usize, roots: usize, size: i32): void {
  for (let length = 2; length <= size; length <<= 1) {
    const half = length >> 1;
    const stride = 16 * <usize> (size / length);
    for (let start = 0; start < size; start += length) {
      let low = values + 16 * <usize> start;
      let high = low + 16 * <usize> half;
      let root = roots;
      for (let k = 0; k < half; k++) {
        const a = v128.load(low);
        const b = times(v128.load(high), conjugate(v128.load(root)));
        v128.store(low, f64x2.add(a, b));
        v128.store(high, f64x2.sub(a, b));
        low += 16;
        high += 16;
        root += stride;
      }
    }
  }
}
