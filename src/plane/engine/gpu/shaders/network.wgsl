// The network on a tile (twin of network/lanes.rs). The names model_* become main_* and guide_*.
//
// Products are those of products.wgsl; each thread keeps the gates silu'(h) of its own block.

// For each noise level: (weight of x, weight of y, bias, 0) of every row, then (scale, slope, spread, first matrix): the
// base's gradient is slope x / (1 + spread |x|^2), with a spread of zero for a Gaussian.
@group(MODEL_GROUP) @binding(1) var<storage, read> model_levels: array<vec4f>;

// (score, log-density) of particle `local`, unnormalised, at a noise level; every thread of the workgroup takes part.
fn model_evaluate(level: u32, local: u32) -> vec3f {
    let table = level * (model_HIDDEN + 1u);
    let panel = local / QUADS;
    let quad = local % QUADS;
    let working = panel < model_PANELS;
    let first = 4u * panel;
    let place = first * QUADS + quad;
    var gates: array<vec4f, 4u * model_LAYERS>;
    var quadratic = vec4f();
    var matrices = 0u;
    if (model_FRESH) {
        matrices = u32(model_levels[table + model_HIDDEN].w);
    }

    workgroupBarrier();
    if (working) {
        let at = quad_of_tile(quad);
        for (var r = 0u; r < 4u; r++) {
            let w = model_levels[table + first + r];
            let h = w.x * at[0] + (w.y * at[1] + w.z);
            let s = model_sigmoid(h);
            gates[r] = s + h * s * (1.0 - s);
            scratch[place + r * QUADS] = h * s;
        }
    }
    workgroupBarrier();

    var block: mat4x4f;
    for (var layer = 1u; layer < model_LAYERS; layer++) {
        if (working) {
            block = model_multiply(matrices + layer - 1u, panel, quad);
        }
        workgroupBarrier();
        if (working) {
            for (var r = 0u; r < 4u; r++) {
                let h = block[r];
                let s = model_sigmoid(h);
                gates[4u * layer + r] = s + h * s * (1.0 - s);
                scratch[place + r * QUADS] = h * s;
            }
        }
        workgroupBarrier();
    }

    // log p = scale a^T M a, whose gradient in a is 2 scale M a; then back through the layers.
    let scales = model_levels[table + model_HIDDEN];
    for (var back = 0u; back < model_LAYERS; back++) {
        if (working) {
            block = model_multiply(matrices + model_LAYERS - 1u + back, panel, quad);
            if (LOG_DENSITY && back == 0u) {
                for (var r = 0u; r < 4u; r++) {
                    quadratic += block[r] * scratch[place + r * QUADS];
                }
            }
        }
        workgroupBarrier();
        if (working && back < model_LAYERS - 1u) {
            for (var r = 0u; r < 4u; r++) {
                scratch[place + r * QUADS] = block[r] * gates[4u * (model_LAYERS - 1u - back) + r];
            }
        }
        if (back < model_LAYERS - 1u) {
            workgroupBarrier();
        }
    }

    // Each panel's share of the score of its particles: (x, y, quadratic) by panel and quad.
    if (working) {
        var x = vec4f();
        var y = vec4f();
        for (var r = 0u; r < 4u; r++) {
            let w = model_levels[table + first + r];
            let g = block[r] * gates[r];
            x += w.x * g;
            y += w.y * g;
        }
        let share = 3u * local;
        scratch[share] = x;
        scratch[share + 1u] = y;
        if (LOG_DENSITY) {
            scratch[share + 2u] = quadratic;
        }
    }
    workgroupBarrier();
    if (local >= PARTICLES) {
        return vec3f();
    }
    var sum = vec3f();
    let lane = local % 4u;
    for (var other = 0u; other < model_PANELS; other++) {
        let share = 3u * (other * QUADS + local / 4u);
        sum += vec3f(scratch[share][lane], scratch[share + 1u][lane], select(0.0, scratch[share + 2u][lane], LOG_DENSITY));
    }
    let at = vec2f(tile_x[local], tile_y[local]);
    var square = dot(at, at);
    let pull = scales.y / (1.0 + scales.z * square);
    if (LOG_DENSITY && scales.z > 0.0) {
        square = log(1.0 + scales.z * square) / scales.z;
    }
    return vec3f(2.0 * scales.x * sum.xy + pull * at, scales.x * sum.z + 0.5 * scales.y * square);
}
