// Every raw row to nearly unit mean square, and the matrices as they are used (twin of `normalise` and `prepare` in training/mod.rs).

@group(0) @binding(0) var<storage, read_write> weights: array<f32>;
// As products.wgsl and the kernel `differentiate` read them.
@group(0) @binding(1) var<storage, read_write> matrices: array<f32>;
@group(0) @binding(2) var<storage, read_write> input: array<f32>;
// V, a row after the other.
@group(0) @binding(3) var<storage, read_write> last: array<f32>;

// Where an entry stands among panels of four rows.
fn packed(matrix: u32, row: u32, column: u32) -> u32 {
    return ((matrix * PANELS + row / 4u) * HIDDEN + column) * 4u + row % 4u;
}

@compute @workgroup_size(ROW_THREADS)
fn normalise_rows(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
    if (group.x == ROWS) {
        if (local == 0u) {
            input[HIDDEN * FEATURES] = weights[GAIN];
        }
        return;
    }
    let row = row_of(group.x);
    var share = 0.0;
    for (var c = local; c < row.columns; c += ROW_THREADS) {
        let w = weights[row.first + c];
        share += w * w;
    }
    let size = sqrt(sum_of_row(vec2f(share, 0.0), local).x / f32(row.columns));
    let norm = NORM_EPSILON + size;
    var scale = 1.0 / ((NORM_EPSILON + size / norm) * sqrt(f32(row.columns)));
    if (row.matrix > 0u) {
        scale /= SILU_GAIN;
    }
    for (var c = local; c < row.columns; c += ROW_THREADS) {
        let w = weights[row.first + c] / norm;
        weights[row.first + c] = w;
        if (row.matrix == 0u) {
            input[row.number * FEATURES + c] = w * scale;
        } else if (row.matrix == LAYERS) {
            last[row.number * HIDDEN + c] = w * scale;
        } else {
            // Transposes stand behind V^T V, the last layer's first.
            matrices[packed(row.matrix - 1u, row.number, c)] = w * scale;
            matrices[packed(2u * LAYERS - 1u - row.matrix, c, row.number)] = w * scale;
        }
    }
}
