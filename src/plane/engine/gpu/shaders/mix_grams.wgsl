// A rule alone, of many inner products.

struct Case {
    rule: vec4f,
    sigma: f32,
    weight: f32,
    place: u32,
    ratio: f32,
    gram: Gram,
    steps: vec2f,
    time: vec4f,
}

@group(0) @binding(0) var<storage, read> cases: array<Case>;
@group(0) @binding(1) var<storage, read_write> mixed: array<Mix>;

@compute @workgroup_size(THREADS)
fn mix_grams(@builtin(global_invocation_id) invocation: vec3u) {
    if (invocation.x < arrayLength(&cases)) {
        let now = cases[invocation.x];
        let moment = Moment(now.sigma, now.weight, now.place, now.rule, now.ratio, now.time, now.steps);
        mixed[invocation.x] = mix_rule(moment, now.gram);
    }
}
