// Rows of all matrices, a workgroup each, and the gain behind them.

struct Row {
    matrix: u32,
    // In the matrix.
    number: u32,
    columns: u32,
    // In the list of weights.
    first: u32,
}

const ROWS = (LAYERS + 1u) * WIDTH;
const GAIN = WIDTH * FEATURES + LAYERS * WIDTH * WIDTH;

fn row_of(row: u32) -> Row {
    if (row < WIDTH) {
        return Row(0u, row, FEATURES, row * FEATURES);
    }
    return Row(row / WIDTH, row % WIDTH, WIDTH, WIDTH * FEATURES + (row - WIDTH) * WIDTH);
}

var<workgroup> row_sums: array<vec2f, ROW_THREADS>;

// Over the threads; every one takes part.
fn sum_of_row(share: vec2f, local: u32) -> vec2f {
    row_sums[local] = share;
    workgroupBarrier();
    for (var half = ROW_THREADS / 2u; half > 0u; half /= 2u) {
        if (local < half) {
            row_sums[local] += row_sums[local + half];
        }
        workgroupBarrier();
    }
    return row_sums[0];
}
