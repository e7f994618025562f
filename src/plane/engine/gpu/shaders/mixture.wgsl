// A mixture of Gaussians, or of Student-t (twin of distribution/lanes). The names model_* become main_* and guide_*.
//
// A turn of the loop is a group of components with one covariance, eight at most, which share a precision and one rescaling
// of the running sum. Threads beyond PARTICLES take their share of the groups.

// For each half of a group, four components: x, what its rounding lost, y, what its rounding lost, and the logarithm of the
// weight over 2 pi (NOTHING for none).
@group(MODEL_GROUP) @binding(0) var<storage, read> model_centres: array<array<vec4f, 5>>;
// What stands behind this text says how many (groups, nodes) there are (model_counts), what a node is to a particle
// (model_Smoothing), and a group's precision under that: the inverse covariance xx, xy, yy, and the square root of its determinant.

// Four components as seen from a point.
struct model_Half {
    // Of the density under `inverse`, less its norm.
    exponent: vec4f,
    // From the point.
    x: vec4f,
    y: vec4f,
}

fn model_half(number: u32, at: vec2f, inverse: vec4f, log_weight: f32) -> model_Half {
    let x = (model_centres[number][0] - at.x) + model_centres[number][1];
    let y = (model_centres[number][2] - at.y) + model_centres[number][3];
    let square = x * (inverse.x * x + inverse.y * y) + y * (inverse.y * x + inverse.z * y);
    return model_Half((model_centres[number][4] + log_weight) - 0.5 * square, x, y);
}

// The share of a half in curvature, of each component.
fn model_curvature(half: model_Half, inverse: vec4f) -> vec4f {
    let x = inverse.x * half.x + inverse.y * half.y;
    let y = inverse.y * half.x + inverse.z * half.y;
    return x * x + y * y - inverse.x - inverse.z;
}

// (score, log-density) of particle `local` at a noise level; every thread of the workgroup takes part.
fn model_evaluate(level: u32, local: u32) -> vec3f {
    // Curvatures are not summed over threads.
    const_assert !CURVED || PARTICLES == THREADS;
    let counts = model_counts();
    let groups = counts.x;
    let nodes = counts.y;
    let particle = local % PARTICLES;
    let at = vec2f(tile_x[particle], tile_y[particle]);
    var greatest = NOTHING;
    var mass = 0.0;
    var pull = vec2f();
    var curved = 0.0;
    for (var node = 0u; node < nodes; node++) {
        let smoothing = model_smoothing(level, node, particle);
        for (var group = local / PARTICLES; group < groups; group += THREADS / PARTICLES) {
            let inverse = model_precision(smoothing, group);
            let a = model_half(2u * group, at, inverse, smoothing.log_weight);
            let b = model_half(2u * group + 1u, at, inverse, smoothing.log_weight);
            let high = max(a.exponent, b.exponent);
            let next = max(max(max(high.x, high.y), max(high.z, high.w)), greatest);
            let shrink = exp(greatest - next);
            let share_a = inverse.w * exp(a.exponent - next);
            let share_b = inverse.w * exp(b.exponent - next);
            let offset = vec2f(dot(share_a, a.x) + dot(share_b, b.x), dot(share_a, a.y) + dot(share_b, b.y));
            mass = mass * shrink + dot(share_a + share_b, vec4f(1.0));
            pull = pull * shrink + vec2f(dot(inverse.xy, offset), dot(inverse.yz, offset));
            greatest = next;
            if (CURVED) {
                let of_a = dot(share_a, model_curvature(a, inverse));
                curved = curved * shrink + of_a + dot(share_b, model_curvature(b, inverse));
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
