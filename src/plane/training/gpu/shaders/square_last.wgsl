// V^T V of the last matrix V, which is needed only so. A thread has four rows of a column.

@group(0) @binding(0) var<storage, read> last: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> matrices: array<vec4f>;

@compute @workgroup_size(THREADS)
fn square_last(@builtin(global_invocation_id) id: vec3u) {
    let panel = id.x / HIDDEN;
    let column = id.x % HIDDEN;
    if (panel >= PANELS) {
        return;
    }
    var sum = vec4f();
    for (var row = 0u; row < WIDTH; row++) {
        sum += last[row * PANELS + panel] * last[row * PANELS + column / 4u][column % 4u];
    }
    matrices[((LAYERS - 1u) * PANELS + panel) * HIDDEN + column] = sum;
}
