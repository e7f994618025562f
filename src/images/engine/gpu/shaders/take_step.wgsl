
@compute @workgroup_size(THREADS)
fn take_step(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
    let number = group.x * THREADS + local.x;
    let at = group.y * NUMBERS + number;
    let asked = padded(group.y, number);
    let b = basis(group.y, number);
    let own = 3u * (group.y * TILE + number % TILE);
    var guided = led(group.y, number, b, pushed(own));
    if (REMEMBERS && stage.mixed != 0u) {
        memory[at] = dot(mixed[own + 1u], b);
    }
    if (stage.finished != 0u) {
        guided = finished(number, point[asked], guided, mixed[own + 2u].x);
    }
    var terms = vec4f(x[at], guided, estimate[at], 0.0);
    if (stage.noisy != 0u) {
        terms.w = noise[at];
    }
    x[at] = dot(stage.x, terms);
    point[asked] = dot(stage.point, terms);
    estimate[at] = dot(stage.estimate, terms);
}

// What is done to colours that are too strong (twin of `apply` in images/rules/finish.rs), by a picture's factor or bound.
fn finished(number: u32, x: f32, guided: f32, by: f32) -> f32 {
    if (!THRESHOLD) {
        return guided + (1.0 - by) * (stage.kept * x - guided);
    }
    let before = colour(number, guided);
    let after = clamp(before, -by, by) / by;
    // What nothing is done to stays as it is.
    return select(guided + (after - before) / (2.0 * SCALE), guided, after == before);
}
