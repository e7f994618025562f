// Score and log-density of main and guide at points: fields, scores and their differences.

// Points, as many as there are.
@group(0) @binding(0) var<storage, read> points: array<vec2f>;
// For each point: (score, log-density, 0) of the main model, then of the guide.
@group(0) @binding(1) var<storage, read_write> values: array<vec4f>;

@compute @workgroup_size(THREADS)
fn evaluate_models(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
                   @builtin(local_invocation_index) local: u32) {
    let particles = arrayLength(&points);
    let particle = (group.x + group.y * groups.x) * PARTICLES + local;
    place_tile(points[min(particle, particles - 1u)], local);
    let main = main_evaluate(0u, local);
    let guide = guide_evaluate(0u, local);
    if (local < PARTICLES && particle < particles) {
        values[2u * particle] = vec4f(main, 0.0);
        values[2u * particle + 1u] = vec4f(guide, 0.0);
    }
}
