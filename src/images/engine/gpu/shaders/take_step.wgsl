// What a stage of a step makes of pictures and estimates (twin of `Sampler::step` in images/engine/sampler.rs): sums with
// coefficients.

// Coefficients of x, D1, D0 and the estimate before.
struct Stage {
    // Where pictures are,
    x: vec4f,
    // where models are asked next,
    point: vec4f,
    // and the guided estimate.
    estimate: vec4f,
    // First number of the guide's estimates.
    guide: u32,
}

@group(0) @binding(0) var<uniform> stage: Stage;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
// With zeros around, as the first layer reads it.
@group(0) @binding(2) var<storage, read_write> point: array<f32>;
@group(0) @binding(3) var<storage, read_write> estimate: array<f32>;
@group(0) @binding(4) var<storage, read> main: array<f32>;
@group(0) @binding(5) var<storage, read> guide: array<f32>;

@compute @workgroup_size(THREADS)
fn take_step(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
    let number = group.x * THREADS + local.x;
    let at = group.y * NUMBERS + number;
    var terms = vec4f(x[at], main[at], 0.0, estimate[at]);
    // A guide that is not asked may hold anything.
    if (any(vec3f(stage.x.z, stage.point.z, stage.estimate.z) != vec3f())) {
        terms.z = guide[stage.guide + at];
    }
    let pixel = number / TILE % (SIDE * SIDE);
    let pitch = SIDE + 2u;
    let plane = group.y * (NUMBERS / (TILE * SIDE * SIDE)) + number / (TILE * SIDE * SIDE);
    let padded = plane * pitch * pitch + (pixel / SIDE + 1u) * pitch + pixel % SIDE + 1u;
    x[at] = dot(stage.x, terms);
    point[padded * TILE + number % TILE] = dot(stage.point, terms);
    estimate[at] = dot(stage.estimate, terms);
}
