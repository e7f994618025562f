// The bare multiply-add loop in WebAssembly, in both forms of its vector instructions.

const ACCUMULATORS = 12;

const text = (relaxed) => {
  const all = [...Array(ACCUMULATORS).keys()];
  // x = x / 2 + 1 / 2 stays where it is. The factor is a parameter, so that no compiler knows it.
  const turn = (i) =>
    relaxed
      ? `(local.set $s${i} (f32x4.relaxed_madd (local.get $s${i}) (local.get $h) (local.get $h)))`
      : `(local.set $s${i} (f32x4.add (f32x4.mul (local.get $s${i}) (local.get $h)) (local.get $h)))`;
  return `(module
    (func (export "run") (param $n i32) (param $half f32) (result f32)
      (local $h v128) ${all.map((i) => `(local $s${i} v128)`).join(' ')}
      (local.set $h (f32x4.splat (local.get $half)))
      (loop $again
        ${all.map(turn).join('\n')}
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (f32x4.extract_lane 0 ${all.slice(1).reduce((sum, i) => `(f32x4.add ${sum} (local.get $s${i}))`, '(local.get $s0)')})))`;
};

/** Operations of a turn of the loop: a multiplication and an addition in each of four lanes. */
export const OPERATIONS = 2 * 4 * ACCUMULATORS;

export function assemble(binaryen, build) {
  const module = binaryen.parseText(text(build === 'relaxed'));
  module.setFeatures(binaryen.Features.SIMD128 | binaryen.Features.RelaxedSIMD);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}
