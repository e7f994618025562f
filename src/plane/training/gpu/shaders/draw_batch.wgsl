// A batch: noise level and position of every particle, and the exact score there (twin of training/batch.rs: the same words, its f64
// to f32's rounding). Logarithm, exponential and cosine are written out, since the language's own may give them to three digits.

// Binding 0 holds the centres of mixture.wgsl. (Groups, nodes, 0, 0); of each node (log of its weight, square of its scale, 0, 0); of
// each group its covariance xx, xy, yy and that one's determinant.
@group(0) @binding(1) var<storage, read> spreads: array<vec4f>;
// Of each component (mean, 0, 0), then as of a group.
@group(0) @binding(2) var<storage, read> components: array<vec4f>;
@group(0) @binding(3) var<storage, read> cumulative: array<u32>;
// What Student-t noise is times beyond a Gaussian's: drawn by the processor, since the draw decides by comparing, and another
// rounding would now and then be another particle.
@group(0) @binding(4) var<storage, read> tails: array<f32>;
@group(0) @binding(5) var<storage, read_write> batch: array<Particle>;

const CURVED = false;

var<workgroup> tile_variance: array<f32, PARTICLES>;

struct data_Smoothing {
    log_weight: f32,
    variance: f32,
}

fn data_counts() -> vec2u {
    return vec2u(spreads[0].xy);
}

fn data_smoothing(level: u32, node: u32, particle: u32) -> data_Smoothing {
    let spread = spreads[1u + node];
    return data_Smoothing(spread.x, spread.y * tile_variance[particle]);
}

// xx, xy, yy and the determinant of a covariance that is smoothed: no digits of the determinant cancel.
fn smoothed(covariance: vec4f, variance: f32) -> vec4f {
    let more = variance * (covariance.x + covariance.z + variance);
    return covariance + vec4f(variance, 0.0, variance, more);
}

fn data_precision(smoothing: data_Smoothing, group: u32) -> vec4f {
    let v = smoothed(spreads[1u + data_counts().y + group], smoothing.variance);
    let inverse = 1.0 / v.w;
    return vec4f(v.z * inverse, -v.y * inverse, v.x * inverse, sqrt(inverse));
}

// Twice the inverse hyperbolic tangent, up to 1/3: the logarithm of (1 + s) / (1 - s).
fn log_ratio(s: f32) -> f32 {
    let z = s * s;
    let rest = z * (1.0 / 7.0 + z * (1.0 / 9.0 + z * (1.0 / 11.0 + z * (1.0 / 13.0 + z / 15.0))));
    return 2.0 * s * (1.0 + z * (1.0 / 3.0 + z * (1.0 / 5.0 + rest)));
}

// -ln((word + 1/2) / 2^32).
fn minus_log(word: u32) -> f32 {
    if (word >= 0x80000000u) {
        // Near one what is missing to it has the digits.
        let missing = (f32(~word) + 0.5) * 0x1p-32;
        return log_ratio(missing / (2.0 - missing));
    }
    let bits = bitcast<u32>(f32(word) + 0.5);
    var exponent = f32(bits >> 23u) - 127.0;
    var mantissa = bitcast<f32>((bits & 0x7fffffu) | 0x3f800000u);
    if (mantissa > 1.41421356) {
        mantissa *= 0.5;
        exponent += 1.0;
    }
    return (32.0 - exponent) * LN_2 - log_ratio((mantissa - 1.0) / (mantissa + 1.0));
}

// Cosine and sine of 2 pi (word + 1/2) / 2^32.
fn circle(word: u32) -> vec2f {
    let quarter = (word + 0x20000000u) >> 30u;
    let a = (f32(bitcast<i32>(word - (quarter << 30u))) + 0.5) * (TAU * 0x1p-32);
    let z = a * a;
    let s = a * (1.0 - z * (1.0 / 6.0 - z * (1.0 / 120.0 - z * (1.0 / 5040.0 - z / 362880.0))));
    let c = 1.0 - z * (0.5 - z * (1.0 / 24.0 - z * (1.0 / 720.0 - z * (1.0 / 40320.0 - z / 3628800.0))));
    let turned = select(vec2f(c, s), vec2f(-s, c), (quarter & 1u) == 1u);
    return select(turned, -turned, (quarter & 2u) == 2u);
}

// Two standard normals (twin of `normal_pair`).
fn normal_pair(a: u32, b: u32) -> vec2f {
    return sqrt(2.0 * minus_log(a)) * circle(b);
}

// e^x, |x| below 80.
fn exponential(x: f32) -> f32 {
    let count = round(x / LN_2);
    let r = (x - count * 0.693359375) + count * 2.12194440e-4;
    let rest = 1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0 + r / 5040.0));
    let power = bitcast<f32>(u32(i32(count) + 127) << 23u);
    return (1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * rest)))) * power;
}

fn component_of(word: u32) -> u32 {
    var component = 0u;
    var above = arrayLength(&cumulative) - 1u;
    while (component < above) {
        let middle = (component + above) / 2u;
        if (cumulative[middle] <= word) {
            component = middle + 1u;
        } else {
            above = middle;
        }
    }
    return component;
}

// All but the score.
fn draw(number: u32) -> Particle {
    let level = philox(vec4u(turn.first + number, 0u, turn.iteration, LEVEL_STREAM), turn.seed);
    let position = philox(vec4u(turn.first + number, 0u, turn.iteration, POSITION_STREAM), turn.seed);
    let spread = LOG_SPREAD * normal_pair(level.y, level.z).x;
    let sigma = LEVEL * exponential(spread);
    var noise = sigma;
    if (turn.degrees > 0.0) {
        noise *= tails[turn.tails + number];
    }
    let component = component_of(level.x);
    let v = smoothed(components[2u * component + 1u], noise * noise);
    let l11 = sqrt(v.x);
    let z = normal_pair(position.x, position.y);
    let at = components[2u * component].xy + vec2f(l11 * z.x, (v.y * z.x + sqrt(v.w) * z.y) / l11);
    let variance = sigma * sigma;
    var weight = variance;
    var square = DATA_VARIANCE + variance;
    var pull = 1.0 / square;
    if (turn.degrees > 0.0) {
        let nu = turn.degrees;
        pull = (nu + 2.0) / (nu * square + dot(at, at));
        square = DATA_VARIANCE + variance * nu / (nu - 2.0);
        weight *= (nu + 4.0) / (nu + 2.0);
    }
    let scale = 1.0 / sqrt(square);
    weight = select(0.0, weight / f32(turn.size), turn.first + number < turn.size);
    let features = vec4f(scale * at, 0.25 * (LOG_LEVEL + spread), 1.0);
    return Particle(features, vec4f(at, sigma, weight), vec4f(scale, pull, 0.0, 0.0), vec4f());
}

@compute @workgroup_size(THREADS)
fn draw_batch(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
    let number = group.x * PARTICLES + local;
    // The last tile has more places than the part.
    var particle: Particle;
    if (local < PARTICLES) {
        particle = draw(min(number, PART - 1u));
        tile_variance[local] = particle.place.z * particle.place.z;
    }
    place_tile(particle.place.xy, local);
    let value = data_evaluate(0u, local);
    if (local < PARTICLES && number < PART) {
        particle.aim = vec4f(particle.aim.xy, value.xy);
        batch[number] = particle;
    }
}
