// A tile: the particles of one workgroup. The prelude gives PARTICLES of a tile (at most THREADS, a multiple of four),
// THREADS of its workgroup, SCRATCH, and whether networks' log-densities are wanted (LOG_DENSITY); the kernel says whether
// mixtures' curvatures are (CURVED).

const QUADS = PARTICLES / 4u;
// Stands for "no mass yet": below any exponent that a finite position gives, and still finite.
const NOTHING = -1e30;

var<workgroup> tile_x: array<f32, PARTICLES>;
var<workgroup> tile_y: array<f32, PARTICLES>;
var<workgroup> scratch: array<vec4f, SCRATCH>;
// Laplacian of the density over the density, of the model that was evaluated last.
var<private> curvature: f32;

fn place_tile(at: vec2f, local: u32) {
    if (local < PARTICLES) {
        tile_x[local] = at.x;
        tile_y[local] = at.y;
    }
    workgroupBarrier();
}

// x and y of a quad's four particles.
fn quad_of_tile(quad: u32) -> mat2x4f {
    let at = 4u * quad;
    return mat2x4f(
        tile_x[at], tile_x[at + 1u], tile_x[at + 2u], tile_x[at + 3u],
        tile_y[at], tile_y[at + 1u], tile_y[at + 2u], tile_y[at + 3u],
    );
}
