// Where particles start: samples of a smoothed mixture, in integers until the last (twin of sampling/starts.rs, bit for
// bit). The prelude gives THREADS and STREAM.

struct Draw {
    seed: vec2u,
    // Number of the first particle here, and how many there are.
    first: u32,
    particles: u32,
    // Fraction bits of a position.
    fraction: i32,
}

@group(0) @binding(0) var<storage, read_write> path: array<vec2f>;
// For each component: (mean x, mean y, l11, l21), (l22, 0, 0, 0).
@group(0) @binding(1) var<storage, read> components: array<vec4i>;
@group(0) @binding(2) var<storage, read> cumulative: array<u32>;
// Binding 3 holds the quantiles of quantile.wgsl.
@group(0) @binding(4) var<uniform> draw: Draw;

fn scaled(factor: i32, z: i32) -> i32 {
    let magnitude = i32(multiply_high(u32(abs(factor)), u32(abs(z))));
    return select(-magnitude, magnitude, (factor < 0) == (z < 0));
}

fn to_float(fixed: i32) -> f32 {
    let magnitude = u32(abs(fixed));
    let spare = 8u - min(countLeadingZeros(magnitude), 8u);
    var rounded = magnitude;
    if (spare > 0u) {
        rounded = (magnitude + (1u << (spare - 1u))) >> spare;
    }
    let unit = bitcast<f32>(u32(127 + i32(spare) - draw.fraction) << 23u);
    let value = f32(rounded) * unit;
    return select(value, -value, fixed < 0);
}

@compute @workgroup_size(THREADS)
fn place_starts(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= draw.particles) {
        return;
    }
    // The high word of a particle's number is zero: there are fewer than 2^32.
    let words = philox(vec4u(draw.first + id.x, 0u, 0u, STREAM), draw.seed);
    var component = 0u;
    var above = arrayLength(&cumulative) - 1u;
    while (component < above) {
        let middle = (component + above) / 2u;
        if (cumulative[middle] <= words.x) {
            component = middle + 1u;
        } else {
            above = middle;
        }
    }
    let place = components[2u * component];
    let l22 = components[2u * component + 1u].x;
    let z0 = normal(words.y);
    let z1 = normal(words.z);
    let x = place.x + scaled(place.z, z0);
    let y = place.y + scaled(place.w, z0) + scaled(l22, z1);
    path[id.x] = vec2f(to_float(x), to_float(y));
}
