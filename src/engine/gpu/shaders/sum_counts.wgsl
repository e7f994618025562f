// The sums of what the workgroups of count_branches counted: (low word, high word) for each branch. The prelude gives
// THREADS and BRANCHES.

@group(0) @binding(0) var<storage, read> partial: array<u32>;
@group(0) @binding(1) var<storage, read_write> sums: array<vec2u>;

@compute @workgroup_size(THREADS)
fn sum_counts(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= BRANCHES) {
        return;
    }
    var sum = vec2u();
    for (var at = id.x; at < arrayLength(&partial); at += BRANCHES) {
        let low = sum.x + partial[at];
        sum = vec2u(low, sum.y + u32(low < sum.x));
    }
    sums[id.x] = sum;
}
