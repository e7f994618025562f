// A rule alone, of many inner products.

struct Case {
    rule: vec4f,
    sigma: f32,
    weight: f32,
    place: u32,
    ratio: f32,
    gram: Gram,
}

@group(0) @binding(0) var<storage, read> cases: array<Case>;
@group(0) @binding(1) var<storage, read_write> mixed: array<Mix>;

@compute @workgroup_size(THREADS)
fn mix_grams(@builtin(global_invocation_id) invocation: vec3u) {
    if (invocation.x < arrayLength(&cases)) {
        let now = cases[invocation.x];
        mixed[invocation.x] = mix_rule(Moment(now.sigma, now.weight, now.place, now.rule, now.ratio), now.gram);
    }
}
