// The network on a tile (twin of network/lanes.rs). The names model_* become main_* and guide_*.
//
// A thread computes four rows of a product for one or two quads of particles (WIDE). Activations stand in scratch, a row
// of QUADS after the other; each thread keeps the gates silu'(h) of its own block.

// The square matrices, each in panels of four rows, column after column: all but the last, V^T V of the last V, and the
// transposes of the first ones.
@group(MODEL_GROUP) @binding(0) var<storage, read> model_weights: array<vec4f>;
// For each noise level: (weight of x, weight of y, bias, 0) of every row, then (scale, slope, spread, 0): the
// base's gradient is slope x / (1 + spread |x|^2), with a spread of zero for a Gaussian.
@group(MODEL_GROUP) @binding(1) var<storage, read> model_levels: array<vec4f>;

const model_PANELS = model_HIDDEN / 4u;
const model_COLUMNS = QUADS / model_WIDE;

// Four rows of one quad of particles (a), and of the next (b) where a thread has two.
struct model_Block {
    a: mat4x4f,
    b: mat4x4f,
}

fn model_multiply(matrix: u32, panel: u32, column: u32) -> model_Block {
    var a0 = vec4f(); var a1 = vec4f(); var a2 = vec4f(); var a3 = vec4f();
    var b0 = vec4f(); var b1 = vec4f(); var b2 = vec4f(); var b3 = vec4f();
    let weights = (matrix * model_PANELS + panel) * model_HIDDEN;
    let start = column * model_WIDE;
    for (var k = 0u; k < model_HIDDEN; k++) {
        let w = model_weights[weights + k];
        let x = scratch[k * QUADS + start];
        a0 += w.x * x;
        a1 += w.y * x;
        a2 += w.z * x;
        a3 += w.w * x;
        if (model_WIDE == 2u) {
            let y = scratch[k * QUADS + start + 1u];
            b0 += w.x * y;
            b1 += w.y * y;
            b2 += w.z * y;
            b3 += w.w * y;
        }
    }
    return model_Block(mat4x4f(a0, a1, a2, a3), mat4x4f(b0, b1, b2, b3));
}

fn model_sigmoid(h: vec4f) -> vec4f {
    return 1.0 / (1.0 + exp(min(-h, vec4f(80.0))));
}

// (score, log-density) of particle `local`, unnormalised, at a noise level; every thread of the workgroup takes part.
fn model_evaluate(level: u32, local: u32) -> vec3f {
    let table = level * (model_HIDDEN + 1u);
    let panel = local / model_COLUMNS;
    let column = local % model_COLUMNS;
    let working = panel < model_PANELS;
    let first = 4u * panel;
    let place = first * QUADS + column * model_WIDE;
    var gates: array<vec4f, 4u * model_WIDE * model_LAYERS>;
    var quadratic_a = vec4f();
    var quadratic_b = vec4f();

    workgroupBarrier();
    if (working) {
        for (var v = 0u; v < model_WIDE; v++) {
            let at = 4u * (column * model_WIDE + v);
            let x = vec4f(tile_x[at], tile_x[at + 1u], tile_x[at + 2u], tile_x[at + 3u]);
            let y = vec4f(tile_y[at], tile_y[at + 1u], tile_y[at + 2u], tile_y[at + 3u]);
            for (var r = 0u; r < 4u; r++) {
                let w = model_levels[table + first + r];
                let h = w.x * x + (w.y * y + w.z);
                let s = model_sigmoid(h);
                gates[4u * v + r] = s + h * s * (1.0 - s);
                scratch[place + r * QUADS + v] = h * s;
            }
        }
    }
    workgroupBarrier();

    var block: model_Block;
    for (var layer = 1u; layer < model_LAYERS; layer++) {
        if (working) {
            block = model_multiply(layer - 1u, panel, column);
        }
        workgroupBarrier();
        if (working) {
            let gate = 4u * model_WIDE * layer;
            for (var r = 0u; r < 4u; r++) {
                let h = block.a[r];
                let s = model_sigmoid(h);
                gates[gate + r] = s + h * s * (1.0 - s);
                scratch[place + r * QUADS] = h * s;
                if (model_WIDE == 2u) {
                    let h = block.b[r];
                    let s = model_sigmoid(h);
                    gates[gate + 4u + r] = s + h * s * (1.0 - s);
                    scratch[place + r * QUADS + 1u] = h * s;
                }
            }
        }
        workgroupBarrier();
    }

    // log p = scale a^T M a, whose gradient in a is 2 scale M a; then back through the layers.
    let scales = model_levels[table + model_HIDDEN];
    for (var back = 0u; back < model_LAYERS; back++) {
        if (working) {
            block = model_multiply(model_LAYERS - 1u + back, panel, column);
            if (LOG_DENSITY && back == 0u) {
                for (var r = 0u; r < 4u; r++) {
                    quadratic_a += block.a[r] * scratch[place + r * QUADS];
                    if (model_WIDE == 2u) {
                        quadratic_b += block.b[r] * scratch[place + r * QUADS + 1u];
                    }
                }
            }
        }
        workgroupBarrier();
        let gate = 4u * model_WIDE * (model_LAYERS - 1u - back);
        if (working && back < model_LAYERS - 1u) {
            for (var r = 0u; r < 4u; r++) {
                scratch[place + r * QUADS] = block.a[r] * gates[gate + r];
                if (model_WIDE == 2u) {
                    scratch[place + r * QUADS + 1u] = block.b[r] * gates[gate + 4u + r];
                }
            }
        }
        if (back < model_LAYERS - 1u) {
            workgroupBarrier();
        }
    }

    // Each panel's share of the score of its particles: (x, y, quadratic) by panel and quad.
    if (working) {
        for (var v = 0u; v < model_WIDE; v++) {
            var x = vec4f();
            var y = vec4f();
            for (var r = 0u; r < 4u; r++) {
                let w = model_levels[table + first + r];
                var h = block.a[r];
                if (v == 1u) {
                    h = block.b[r];
                }
                let g = h * gates[4u * v + r];
                x += w.x * g;
                y += w.y * g;
            }
            let share = 3u * (panel * QUADS + column * model_WIDE + v);
            scratch[share] = x;
            scratch[share + 1u] = y;
            if (LOG_DENSITY) {
                scratch[share + 2u] = select(quadratic_b, quadratic_a, v == 0u);
            }
        }
    }
    workgroupBarrier();
    if (local >= PARTICLES) {
        return vec3f();
    }
    var sum = vec3f();
    let quad = local / 4u;
    let lane = local % 4u;
    for (var other = 0u; other < model_PANELS; other++) {
        let share = 3u * (other * QUADS + quad);
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
