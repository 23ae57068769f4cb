/**
 * The peak rate of the machine: a loop of fused multiply-adds on registers, in a module
 * written byte by byte.
 *
 * @module
 */

/** Number of independent sums, which hide the latency, and of their repetitions in the loop. */
const SUMS = 12, UNROLL = 4;

function section(id: number, ...body: number[]): number[] {
  return [id, ...leb(body.length), ...body];
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >> 7)];
}

/** Makes the module: `f(count, a, b)` runs the loop `count` times. */
export function fmaModule(): Uint8Array<ArrayBuffer> {
  const get = (local: number) => [0x20, local], set = (local: number) => [0x21, local];
  const a = 3, b = 4, sum = (i: number) => 5 + i;
  const madd = (i: number) => [
    ...[...get(a), ...get(b), ...get(sum(i))],
    ...[0xfd, 0x85, 0x02], // f32x4.relaxed_madd
    ...set(sum(i)),
  ];
  const all = Array.from({ length: SUMS }, (_, i) => i);
  const code = [
    ...[1, 2 + SUMS, 0x7b], // locals: v128
    ...[...get(1), 0xfd, 0x13, ...set(a)], // f32x4.splat
    ...[...get(2), 0xfd, 0x13, ...set(b)],
    ...[0x03, 0x40], // loop
    ...Array.from({ length: UNROLL }, () => all.flatMap(madd)).flat(),
    ...[...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b], // until --count is 0
    ...get(sum(0)),
    ...all.slice(1).flatMap((i) => [...get(sum(i)), 0xfd, 0xe4, 0x01]), // f32x4.add
    ...[0xfd, 0x1f, 0, 0x0b], // f32x4.extract_lane 0
  ];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 3, 0x7f, 0x7d, 0x7d, 1, 0x7d),
    ...section(3, 1, 0),
    ...section(7, 1, 1, 0x66, 0, 0), // export "f"
    ...section(10, 1, ...leb(code.length), ...code),
  ]);
}

/** Iterations of the loop in a run, which takes over a millisecond. */
const COUNT = 200_000;

/** Floating-point operations of a run of {@linkcode fmaLoop}: two for each lane. */
export const FMA_FLOPS = COUNT * UNROLL * SUMS * 8;

/**
 * Makes a function that runs the loop.
 *
 * @throws {Error} If the engine has no relaxed SIMD.
 */
export function fmaLoop(): () => void {
  const bytes = fmaModule();
  if (!WebAssembly.validate(bytes)) {
    throw new Error(
      "Cannot measure the FMA limit: this engine lacks WebAssembly relaxed SIMD",
    );
  }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const loop = exports.f as (count: number, a: number, b: number) => number;
  return () => void loop(COUNT, 1.01, 0.99);
}

/** Runs of a measurement; the fastest counts, as other work only slows them down. */
const TRIES = 5;

/**
 * Makes a function that measures the limit in GFLOP/s, and warms up the loop.
 *
 * @throws {Error} If the engine has no relaxed SIMD.
 */
export function fmaLimit(): () => number {
  const loop = fmaLoop();
  const measure = () => {
    const start = performance.now();
    loop();
    return FMA_FLOPS / 1e6 / (performance.now() - start);
  };
  for (let i = 0; i < 20; i++) measure();
  return () => Math.max(...Array.from({ length: TRIES }, measure));
}
