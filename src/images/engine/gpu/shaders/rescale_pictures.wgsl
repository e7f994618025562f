
// Of v, as the main model has it and guided: sums, and sums of squares.
var<workgroup> parts: array<vec4f, PARTS * TILE>;

// The factor of v (twin of `rescaling` in images/rules/finish.rs). A workgroup a tile, as where inner products are asked.
@compute @workgroup_size(PARTS * TILE)
fn rescale_pictures(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
    let at = local.x;
    let own = 3u * (group.y * TILE + at % TILE);
    let push = pushed(own);
    var sums = vec4f();
    for (var number = at; number < NUMBERS; number += PARTS * TILE) {
        let b = basis(group.y, number);
        let kept = stage.kept * point[padded(group.y, number)];
        let v = kept - vec2f(b.x, led(group.y, number, b, push));
        sums += vec4f(v, v * v);
    }
    parts[at] = sums;
    workgroupBarrier();
    if (at >= TILE) {
        return;
    }
    for (var part = 1u; part < PARTS; part++) {
        sums += parts[part * TILE + at];
    }
    let variances = max(f32(NUMBERS / TILE) * sums.zw - sums.xy * sums.xy, vec2f());
    var factor = 1.0;
    if (variances.y > 0.0) {
        factor += stage.finish * (sqrt(variances.x / variances.y) - 1.0);
    }
    mixed[own + 2u] = vec4f(factor);
}
