
@group(0) @binding(6) var<storage, read_write> x: array<f32>;
@group(0) @binding(7) var<storage, read_write> estimate: array<f32>;
// Of this step; where there is none, a single number.
@group(0) @binding(8) var<storage, read> noise: array<f32>;

@compute @workgroup_size(THREADS)
fn take_step(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
    let number = group.x * THREADS + local.x;
    let at = group.y * NUMBERS + number;
    let asked = padded(group.y, number);
    let b = basis(group.y, number);
    var guided = b.x + dot(stage.push, b);
    if (stage.mixed != 0u) {
        let own = 3u * (group.y * TILE + number % TILE);
        guided = b.x + dot(mixed[own], b);
        guided += (1.0 - mixed[own + 2u].x) * (stage.kept * point[asked] - guided);
        if (REMEMBERS) {
            memory[at] = dot(mixed[own + 1u], b);
        }
    }
    var terms = vec4f(x[at], guided, estimate[at], 0.0);
    if (stage.noisy != 0u) {
        terms.w = noise[at];
    }
    x[at] = dot(stage.x, terms);
    point[asked] = dot(stage.point, terms);
    estimate[at] = dot(stage.estimate, terms);
}
