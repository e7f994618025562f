// A mixture of Gaussians, or of Student-t (twin of distribution/lanes.rs). The names model_* become main_* and guide_*.
//
// Threads beyond PARTICLES take their share of the components.

// For each component: (x, what its rounding lost, y, what its rounding lost), (log of the weight over 2 pi, group, branch, 0).
@group(MODEL_GROUP) @binding(0) var<storage, read> model_centres: array<vec4f>;
// (groups, nodes, 0, 0); then for each noise level and node: of every group the inverse covariance xx, xy, yy, and the
// square root of the inverse's determinant; and (log of the node's weight, 0, 0, 0).
@group(MODEL_GROUP) @binding(1) var<storage, read> model_levels: array<vec4f>;

// (score, log-density) of particle `local` at a noise level; every thread of the workgroup takes part.
fn model_evaluate(level: u32, local: u32) -> vec3f {
    // Curvatures are not summed over threads.
    const_assert !CURVED || PARTICLES == THREADS;
    let groups = u32(model_levels[0].x);
    let nodes = u32(model_levels[0].y);
    let components = arrayLength(&model_centres) / 2u;
    let particle = local % PARTICLES;
    let at = vec2f(tile_x[particle], tile_y[particle]);
    var greatest = NOTHING;
    var mass = 0.0;
    var pull = vec2f();
    var curved = 0.0;
    for (var node = 0u; node < nodes; node++) {
        let table = 1u + (level * nodes + node) * (groups + 1u);
        let log_weight = model_levels[table + groups].x;
        for (var c = local / PARTICLES; c < components; c += THREADS / PARTICLES) {
            let centre = model_centres[2u * c];
            let extra = model_centres[2u * c + 1u];
            let inverse = model_levels[table + u32(extra.y)];
            let offset = (centre.xz - at) + centre.yw;
            let push = vec2f(dot(inverse.xy, offset), dot(inverse.yz, offset));
            let exponent = extra.x + log_weight - 0.5 * dot(offset, push);
            let next = max(greatest, exponent);
            let shrink = exp(greatest - next);
            let share = inverse.w * exp(exponent - next);
            mass = mass * shrink + share;
            pull = pull * shrink + share * push;
            greatest = next;
            if (CURVED) {
                curved = curved * shrink + share * (dot(push, push) - inverse.x - inverse.z);
            }
        }
    }
    workgroupBarrier();
    scratch[local] = vec4f(greatest, mass, pull);
    workgroupBarrier();
    if (local >= PARTICLES) {
        return vec3f();
    }
    for (var other = local + PARTICLES; other < THREADS; other += PARTICLES) {
        let part = scratch[other];
        let next = max(greatest, part.x);
        let mine = exp(greatest - next);
        let theirs = exp(part.x - next);
        mass = mass * mine + part.y * theirs;
        pull = pull * mine + part.zw * theirs;
        greatest = next;
    }
    if (CURVED) {
        curvature = curved / mass;
    }
    return vec3f(pull / mass, greatest + log(mass));
}
