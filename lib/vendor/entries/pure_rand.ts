/** Seeded random numbers. */
export { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
export { uniformInt } from "pure-rand/distribution/uniformInt";
export { xoroshiro128plus, xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
