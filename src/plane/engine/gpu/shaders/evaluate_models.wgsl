// Score and log-density of main and guide at points: fields, scores and their differences.

struct Range {
    first_tile: u32,
    points: u32,
}

@group(0) @binding(0) var<storage, read> points: array<vec2f>;
// For each point: (score, log-density, 0) of the main model, then of the guide.
@group(0) @binding(1) var<storage, read_write> values: array<vec4f>;
@group(0) @binding(2) var<uniform> range: Range;

const CURVED = false;

@compute @workgroup_size(THREADS)
fn evaluate_models(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
    let particle = (range.first_tile + group.x) * PARTICLES + local;
    place_tile(points[min(particle, range.points - 1u)], local);
    let main = main_evaluate(0u, local);
    let guide = guide_evaluate(0u, local);
    if (local < PARTICLES && particle < range.points) {
        values[2u * particle] = vec4f(main, 0.0);
        values[2u * particle + 1u] = vec4f(guide, 0.0);
    }
}
