// What a stage of a step makes of pictures and estimates (twin of `Sampler::step` in images/engine/sampler.rs and of
// images/rules).

struct Stage {
    // Coefficients of x, the guided estimate, the one before and noise: where pictures are,
    x: vec4f,
    // where models are asked next,
    point: vec4f,
    // and what is the estimate before for the next stage.
    estimate: vec4f,
    // Coefficients of D1, eps1, d and m in the guided estimate less D1, where no inner products are asked.
    push: vec4f,
    // Numbers of the rule, in the order of its fields.
    rule: vec4f,
    sigma: f32,
    weight: f32,
    // Of the guide's own answer in what it says at sigma.
    share: f32,
    // Of rescaling: a of its v = a x - D, and how much of it.
    kept: f32,
    rescale: f32,
    place: u32,
    // First number of the guide's estimates.
    guide: u32,
    // Whether a guide was asked, inner products are, and there is noise.
    guided: u32,
    mixed: u32,
    noisy: u32,
}

@group(0) @binding(0) var<uniform> stage: Stage;
// Where models were asked, with zeros around, as the first layer reads it.
@group(0) @binding(1) var<storage, read_write> point: array<f32>;
@group(0) @binding(2) var<storage, read> main: array<f32>;
@group(0) @binding(3) var<storage, read> guide: array<f32>;
// What the rule remembers; of one that remembers nothing, a single number.
@group(0) @binding(4) var<storage, read_write> memory: array<f32>;
// Of each picture: coefficients of the push, and of what is remembered; and what v is multiplied by.
@group(0) @binding(5) var<storage, read_write> mixed: array<vec4f>;

// Where a number of a tile stands in `point`.
fn padded(tile: u32, number: u32) -> u32 {
    let pixel = number / TILE % (SIDE * SIDE);
    let pitch = SIDE + 2u;
    let plane = tile * (NUMBERS / (TILE * SIDE * SIDE)) + number / (TILE * SIDE * SIDE);
    return (plane * pitch * pitch + (pixel / SIDE + 1u) * pitch + pixel % SIDE + 1u) * TILE + number % TILE;
}

// D1, eps1, d and m.
fn basis(tile: u32, number: u32) -> vec4f {
    let at = tile * NUMBERS + number;
    let asked = point[padded(tile, number)];
    var b = vec4f(main[at], 0.0, 0.0, 0.0);
    b.y = (asked - b.x) / stage.sigma;
    // A guide that is not asked may hold anything.
    if (stage.guided != 0u) {
        b.z = b.x - (stage.share * guide[stage.guide + at] + (1.0 - stage.share) * asked);
    }
    if (REMEMBERS) {
        b.w = memory[at];
    }
    return b;
}
