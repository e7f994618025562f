// Gradients in the matrices as used, summed over a chunk of the tiles (twin of `sums` in training/gradient.rs). A thread has a block of
// four rows and four columns; the last one has loss and gain.

@group(0) @binding(0) var<storage, read> history: array<vec4f>;
@group(0) @binding(1) var<storage, read> batch: array<Particle>;
@group(0) @binding(2) var<storage, read> tile_sums: array<vec2f>;
// Of each chunk: the square matrices, a row of vectors after the other, those of the last V being S; the first layer's rows; loss
// and gradient of the gain.
@group(0) @binding(3) var<storage, read_write> partials: array<vec4f>;

const QUADS = PARTICLES / 4u;
const SQUARE = PANELS * PANELS;

// The rows and columns of a block, of both kinds and their layers.
fn add_block(sum: mat4x4f, left: u32, right: u32, tiles: vec2u) -> mat4x4f {
    var block = sum;
    for (var quad = tiles.x * QUADS; quad < tiles.y * QUADS; quad++) {
        let row = left + quad * HIDDEN;
        let column = right + quad * HIDDEN;
        let columns = mat4x4f(history[column], history[column + 1u], history[column + 2u], history[column + 3u]);
        block[0] += history[row] * columns;
        block[1] += history[row + 1u] * columns;
        block[2] += history[row + 2u] * columns;
        block[3] += history[row + 3u] * columns;
    }
    return block;
}

fn add_input(sum: mat4x4f, panel: u32, tiles: vec2u) -> mat4x4f {
    var block = sum;
    for (var quad = tiles.x * QUADS; quad < tiles.y * QUADS; quad++) {
        for (var r = 0u; r < 4u; r++) {
            let row = quad * HIDDEN + 4u * panel + r;
            let p = history[SECOND * KIND + row];
            let g = history[ADJOINT * KIND + row];
            for (var lane = 0u; lane < 4u; lane++) {
                let particle = 4u * quad + lane;
                block[r] += p[lane] * batch[particle].features + g[lane] * batch[particle].tangent;
            }
        }
    }
    return block;
}

@compute @workgroup_size(THREADS)
fn sum_products(@builtin(global_invocation_id) id: vec3u) {
    let tiles = vec2u(id.y * CHUNK, min((id.y + 1u) * CHUNK, TILES));
    let chunk = id.y * PARTIAL;
    let block = id.x;
    if (block < LAYERS * SQUARE) {
        let matrix = block / SQUARE;
        let row = 4u * ((block % SQUARE) / PANELS);
        let column = 4u * (block % PANELS);
        let out = chunk + (matrix * HIDDEN + row) * PANELS + block % PANELS;
        var sum: mat4x4f;
        if (turn.begins == 0u) {
            for (var r = 0u; r < 4u; r++) {
                sum[r] = partials[out + r * PANELS];
            }
        }
        if (matrix == LAYERS - 1u) {
            sum = add_block(sum, (TANGENT + matrix) * KIND + row, (ACTIVATION + matrix) * KIND + column, tiles);
        } else {
            sum = add_block(sum, (SECOND + matrix + 1u) * KIND + row, (ACTIVATION + matrix) * KIND + column, tiles);
            sum = add_block(sum, (ADJOINT + matrix + 1u) * KIND + row, (TANGENT + matrix) * KIND + column, tiles);
        }
        for (var r = 0u; r < 4u; r++) {
            partials[out + r * PANELS] = sum[r];
        }
    } else if (block < LAYERS * SQUARE + PANELS) {
        let panel = block - LAYERS * SQUARE;
        let out = chunk + LAYERS * HIDDEN * PANELS + 4u * panel;
        var sum: mat4x4f;
        if (turn.begins == 0u) {
            for (var r = 0u; r < 4u; r++) {
                sum[r] = partials[out + r];
            }
        }
        sum = add_input(sum, panel, tiles);
        for (var r = 0u; r < 4u; r++) {
            partials[out + r] = sum[r];
        }
    } else if (block == LAYERS * SQUARE + PANELS) {
        let out = chunk + PARTIAL - 1u;
        var sum = vec2f();
        if (turn.begins == 0u) {
            sum = partials[out].xy;
        }
        for (var tile = tiles.x; tile < tiles.y; tile++) {
            sum += tile_sums[tile];
        }
        partials[out] = vec4f(sum, 0.0, 0.0);
    }
}
