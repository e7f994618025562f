// Loss and all that its gradient in the weights is made of, for a tile of particles (twin of training/gradient.rs, whose head says what
// is worked out and why).
//
// A thread has four rows of a product for a quad of particles, as in network.wgsl. What the sums over particles need goes to
// `history`; the derivatives of the activations stay with the thread.

// Binding 0 holds the square matrices of products.wgsl. The first layer, a row each, then (gain, 0, 0, 0).
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> batch: array<Particle>;
// By tile, quad and row: four particles of each.
@group(0) @binding(3) var<storage, read_write> history: array<vec4f>;
// Of each tile its share of (loss, gradient of the gain).
@group(0) @binding(4) var<storage, read_write> tile_sums: array<vec2f>;

const TOP = LAYERS - 1u;

@compute @workgroup_size(THREADS)
fn differentiate(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
    let panel = local / QUADS;
    let quad = local % QUADS;
    let working = panel < net_PANELS;
    let first = 4u * panel;
    let place = first * QUADS + quad;
    let tile = group.x;
    let past = (tile * QUADS + quad) * net_HIDDEN + first;
    let one = tile * PARTICLES + 4u * quad;
    let gain = input[net_HIDDEN].x;
    // silu'(h); and silu''(h), then times the adjoint of the activation, then times the tangent of h.
    var slopes: array<vec4f, 4u * LAYERS>;
    var curves: array<vec4f, 4u * LAYERS>;
    var block: mat4x4f;
    // 2 / (width sigma), what V^T V a is times, but for the gain, in the gradient of log p.
    var scales = vec4f();

    // Forward.
    if (working) {
        let sigmas = vec4f(batch[one].place.z, batch[one + 1u].place.z, batch[one + 2u].place.z, batch[one + 3u].place.z);
        scales = 2.0 / (f32(WIDTH) * sigmas);
        let features = mat4x4f(
            batch[one].features, batch[one + 1u].features, batch[one + 2u].features, batch[one + 3u].features,
        );
        for (var r = 0u; r < 4u; r++) {
            block[r] = input[first + r] * features;
        }
    }
    for (var layer = 0u; layer < LAYERS; layer++) {
        if (working) {
            for (var r = 0u; r < 4u; r++) {
                let h = block[r];
                let s = net_sigmoid(h);
                let a = h * s;
                slopes[4u * layer + r] = a * (1.0 - s) + s;
                curves[4u * layer + r] = (s - s * s) * (h * (1.0 - 2.0 * s) + 2.0);
                scratch[place + r * QUADS] = a;
                history[(ACTIVATION + layer) * KIND + past + r] = a;
            }
        }
        workgroupBarrier();
        if (working) {
            block = net_multiply(layer, panel, quad);
        }
        workgroupBarrier();
    }

    // V^T V a of the last V; the score by a reverse pass.
    let product = block;
    if (working) {
        for (var r = 0u; r < 4u; r++) {
            block[r] *= scales * gain;
        }
    }
    for (var back = 0u; back < LAYERS; back++) {
        let layer = TOP - back;
        if (working) {
            for (var r = 0u; r < 4u; r++) {
                let g = block[r] * slopes[4u * layer + r];
                curves[4u * layer + r] *= block[r];
                block[r] = g;
                scratch[place + r * QUADS] = g;
                history[(ADJOINT + layer) * KIND + past + r] = g;
            }
        }
        workgroupBarrier();
        if (working && layer > 0u) {
            block = net_multiply(LAYERS + back, panel, quad);
        }
        workgroupBarrier();
    }
    if (working) {
        var x = vec4f();
        var y = vec4f();
        for (var r = 0u; r < 4u; r++) {
            x += input[first + r].x * block[r];
            y += input[first + r].y * block[r];
        }
        scratch[2u * local] = x;
        scratch[2u * local + 1u] = y;
    }
    workgroupBarrier();

    // The loss, and its gradient in the score.
    var sums = vec2f();
    if (local < PARTICLES) {
        let number = tile * PARTICLES + local;
        var score = vec2f();
        for (var other = 0u; other < net_PANELS; other++) {
            let share = 2u * (other * QUADS + local / 4u);
            score += vec2f(scratch[share][local % 4u], scratch[share + 1u][local % 4u]);
        }
        let at = batch[number].place;
        let aim = batch[number].aim;
        let off = aim.x * score - aim.y * at.xy - aim.zw;
        sums.x = 0.5 * at.w * dot(off, off);
        let tangent = at.w * aim.x * off;
        batch[number].tangent = vec4f(tangent, 0.0, 0.0);
        tile_x[local] = tangent.x;
        tile_y[local] = tangent.y;
    }
    workgroupBarrier();

    // Tangents along it.
    if (working) {
        let along = quad_of_tile(quad);
        for (var r = 0u; r < 4u; r++) {
            block[r] = input[first + r].x * along[0] + input[first + r].y * along[1];
        }
    }
    for (var layer = 0u; layer < LAYERS; layer++) {
        if (working) {
            for (var r = 0u; r < 4u; r++) {
                var t = block[r] * slopes[4u * layer + r];
                curves[4u * layer + r] *= block[r];
                if (layer == TOP) {
                    sums.y += dot(t * scales, product[r]);
                    // From here on the tangent is needed with its scale only.
                    t *= scales * gain;
                }
                scratch[place + r * QUADS] = t;
                history[(TANGENT + layer) * KIND + past + r] = t;
            }
        }
        workgroupBarrier();
        if (working) {
            block = net_multiply(layer, panel, quad);
        }
        workgroupBarrier();
    }

    // The reverse pass through both.
    for (var back = 0u; back < LAYERS; back++) {
        let layer = TOP - back;
        if (working) {
            for (var r = 0u; r < 4u; r++) {
                let p = block[r] * slopes[4u * layer + r] + curves[4u * layer + r];
                scratch[place + r * QUADS] = p;
                history[(SECOND + layer) * KIND + past + r] = p;
            }
        }
        workgroupBarrier();
        if (working && layer > 0u) {
            block = net_multiply(LAYERS + back, panel, quad);
        }
        workgroupBarrier();
    }

    scratch[local] = vec4f(sums, 0.0, 0.0);
    workgroupBarrier();
    for (var half = THREADS / 2u; half > 0u; half /= 2u) {
        if (local < half) {
            scratch[local] += scratch[local + half];
        }
        workgroupBarrier();
    }
    if (local == 0u) {
        tile_sums[tile] = scratch[0].xy;
    }
}
