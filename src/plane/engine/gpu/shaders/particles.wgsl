// The path of one block of particles.

struct Chunk {
    first_tile: u32,
    first_row: u32,
    rows: u32,
    particles: u32,
}

@group(1) @binding(0) var<storage, read> path: array<vec2f>;
@group(1) @binding(1) var<uniform> chunk: Chunk;

fn position_at(particle: u32) -> vec2f {
    let before = path[picture.before * chunk.particles + particle];
    let after = path[picture.after * chunk.particles + particle];
    return mix(before, after, picture.fraction);
}
