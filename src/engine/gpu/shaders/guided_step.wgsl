// Takes the particles of a tile through some steps of the solver (twin of engine/cpu).

struct Chunk {
    first_tile: u32,
    first_step: u32,
    steps: u32,
    particles: u32,
}

// Positions by step: `particles` of them at the start, after one step, and so on.
@group(0) @binding(0) var<storage, read_write> path: array<vec2f>;
// For each step: -sigma (sigma' - sigma), -sigma' (sigma' - sigma) or 0 where no second stage follows, and the weights
// of both stages.
@group(0) @binding(1) var<storage, read> steps: array<vec4f>;
@group(0) @binding(2) var<uniform> chunk: Chunk;

fn guided_score(level: u32, weight: f32, at: vec2f, local: u32) -> vec2f {
    place_tile(at, local);
    let main = main_evaluate(level, local).xy;
    if (!GUIDED) {
        return main;
    }
    let guide = guide_evaluate(level, local).xy;
    return guide + weight * (main - guide);
}

@compute @workgroup_size(THREADS)
fn guided_step(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
    let particle = (chunk.first_tile + group.x) * PARTICLES + local;
    let holds = local < PARTICLES && particle < chunk.particles;
    var at = path[chunk.first_step * chunk.particles + min(particle, chunk.particles - 1u)];
    for (var step = chunk.first_step; step < chunk.first_step + chunk.steps; step++) {
        let now = steps[step];
        let first = guided_score(step, now.z, at, local);
        if (now.y == 0.0) {
            at += now.x * first;
        } else {
            let second = guided_score(step + 1u, now.w, at + now.x * first, local);
            at += 0.5 * (now.x * first + now.y * second);
        }
        if (holds) {
            path[(step + 1u) * chunk.particles + particle] = at;
        }
    }
}
