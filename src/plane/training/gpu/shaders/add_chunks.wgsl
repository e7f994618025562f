// The sum over chunks, in their order.

@group(0) @binding(0) var<storage, read> partials: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> gradient: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> losses: array<f32>;

@compute @workgroup_size(THREADS)
fn add_chunks(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= PARTIAL) {
        return;
    }
    var sum = vec4f();
    for (var chunk = 0u; chunk < CHUNKS; chunk++) {
        sum += partials[chunk * PARTIAL + id.x];
    }
    gradient[id.x] = sum;
    if (id.x == PARTIAL - 1u) {
        losses[turn.loss] = sum.x;
    }
}
