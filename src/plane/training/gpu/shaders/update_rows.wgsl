// From the matrices as used back through normalisation to the raw weights, then Adam and the average (twin of `raw_gradient` in
// training/mod.rs and of training/optimizer.rs).

// As `add_chunks` leaves it.
@group(0) @binding(0) var<storage, read> gradient: array<f32>;
// V, a row after the other.
@group(0) @binding(1) var<storage, read> last: array<f32>;
@group(0) @binding(2) var<storage, read_write> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> average: array<f32>;
@group(0) @binding(4) var<storage, read_write> moments: array<f32>;
@group(0) @binding(5) var<storage, read_write> squares: array<f32>;

const OF_A_THREAD = (HIDDEN + ROW_THREADS - 1u) / ROW_THREADS;

fn update(at: u32, along: f32) {
    let moment = BETA_1 * moments[at] + (1.0 - BETA_1) * along;
    let square = BETA_2 * squares[at] + (1.0 - BETA_2) * along * along;
    let w = weights[at] - turn.rate * moment / (sqrt(square * turn.correction) + EPSILON);
    moments[at] = moment;
    squares[at] = square;
    weights[at] = w;
    average[at] = w + (average[at] - w) * turn.keep;
}

// Entry of the gradient in a matrix as used.
fn used(row: Row, column: u32) -> f32 {
    if (row.matrix == 0u) {
        return gradient[LAYERS * HIDDEN * HIDDEN + row.number * FEATURES + column];
    }
    let matrix = (row.matrix - 1u) * HIDDEN * HIDDEN;
    if (row.matrix < LAYERS) {
        return gradient[matrix + row.number * HIDDEN + column] / SILU_GAIN;
    }
    // V (S + S^T).
    var sum = 0.0;
    for (var k = 0u; k < WIDTH; k++) {
        sum += last[row.number * HIDDEN + k] * (gradient[matrix + k * HIDDEN + column] + gradient[matrix + column * HIDDEN + k]);
    }
    return sum / SILU_GAIN;
}

@compute @workgroup_size(ROW_THREADS)
fn update_rows(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
    if (group.x == ROWS) {
        if (local == 0u) {
            update(GAIN, gradient[4u * (PARTIAL - 1u) + 1u]);
        }
        return;
    }
    let row = row_of(group.x);
    var own: array<f32, OF_A_THREAD>;
    var share = vec2f();
    for (var i = 0u; i < OF_A_THREAD; i++) {
        let c = local + i * ROW_THREADS;
        if (c < row.columns) {
            let w = weights[row.first + c];
            own[i] = used(row, c);
            share += vec2f(w * w, w * own[i]);
        }
    }
    let sums = sum_of_row(share, local);
    let root = sqrt(f32(row.columns));
    let length = sqrt(sums.x);
    let norm = (NORM_EPSILON + length / root) * root;
    let along = sums.y / (norm * length);
    for (var i = 0u; i < OF_A_THREAD; i++) {
        let c = local + i * ROW_THREADS;
        if (c < row.columns) {
            update(row.first + c, (own[i] - weights[row.first + c] * along) / norm);
        }
    }
}
