// Log-density of every particle, and how many particles each branch has: each shared out by the posterior of its branch
// (twin of MixtureLanes::branch_counts). Counts are integers, in units of 2^-25, so that no order of adding matters. The
// prelude gives THREADS and BRANCHES.

struct Range {
    // Place of the first point among all of the path, and how many there are.
    first: u32,
    points: u32,
}

@group(0) @binding(0) var<storage, read> path: array<vec2f>;
@group(0) @binding(1) var<storage, read_write> log_densities: array<f32>;
// For each workgroup, the counts of all branches.
@group(0) @binding(2) var<storage, read_write> partial: array<u32>;
@group(0) @binding(3) var<uniform> range: Range;
// As in mixture.wgsl; the group's branch is the third number of a component's second row.
@group(1) @binding(0) var<storage, read> centres: array<vec4f>;
@group(1) @binding(1) var<storage, read> levels: array<vec4f>;

const ONE = 33554432.0;

var<workgroup> counts: array<atomic<u32>, BRANCHES>;

// (exponent, factor) of a component at a point.
fn weigh(c: u32, at: vec2f) -> vec2f {
    let centre = centres[2u * c];
    let extra = centres[2u * c + 1u];
    let inverse = levels[1u + u32(extra.y)];
    let offset = (centre.xz - at) + centre.yw;
    let push = vec2f(dot(inverse.xy, offset), dot(inverse.yz, offset));
    return vec2f(extra.x - 0.5 * dot(offset, push), inverse.w);
}

@compute @workgroup_size(THREADS)
fn count_branches(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
    let point = group.x * THREADS + local;
    let components = arrayLength(&centres) / 2u;
    if (point < range.points) {
        let at = path[range.first + point];
        var greatest = -1e30;
        var mass = 0.0;
        for (var c = 0u; c < components; c++) {
            let weight = weigh(c, at);
            let next = max(greatest, weight.x);
            mass = mass * exp(greatest - next) + weight.y * exp(weight.x - next);
            greatest = next;
        }
        log_densities[point] = greatest + log(mass);
        var share = 0.0;
        for (var c = 0u; c < components; c++) {
            let weight = weigh(c, at);
            share += weight.y * exp(weight.x - greatest) / mass;
            // The components of a branch stand next to each other.
            let branch = centres[2u * c + 1u].z;
            if (c + 1u == components || centres[2u * c + 3u].z != branch) {
                atomicAdd(&counts[u32(branch)], u32(share * ONE));
                share = 0.0;
            }
        }
    }
    workgroupBarrier();
    for (var branch = local; branch < BRANCHES; branch += THREADS) {
        partial[group.x * BRANCHES + branch] = atomicLoad(&counts[branch]);
    }
}
