
// Of D1, eps1, d and m over a picture: the first four inner products; the others but the last two; these; and the sums.
var<workgroup> firsts: array<vec4f, PARTS * TILE>;
var<workgroup> seconds: array<vec4f, PARTS * TILE>;
var<workgroup> thirds: array<vec2f, PARTS * TILE>;
var<workgroup> sums: array<vec4f, PARTS * TILE>;

// A workgroup a tile; each picture's numbers are shared out among invocations.
@compute @workgroup_size(PARTS * TILE)
fn mix_pictures(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
    let at = local.x;
    var first = vec4f();
    var second = vec4f();
    var third = vec2f();
    var sum = vec4f();
    for (var number = at; number < NUMBERS; number += PARTS * TILE) {
        let b = basis(group.x, number);
        first += b.x * b;
        second += vec4f(b.y * b.yzw, b.z * b.z);
        third += b.w * b.zw;
        sum += b;
    }
    firsts[at] = first;
    seconds[at] = second;
    thirds[at] = third;
    sums[at] = sum;
    workgroupBarrier();
    if (at >= TILE) {
        return;
    }
    for (var part = 1u; part < PARTS; part++) {
        let other = part * TILE + at;
        first += firsts[other];
        second += seconds[other];
        third += thirds[other];
        sum += sums[other];
    }
    let gram = Gram(
        first.x, first.y, first.z, first.w, second.x, second.y, second.z, second.w, third.x, third.y
    );
    let answer = mix_rule(Moment(stage.sigma, stage.weight, stage.place, stage.rule, 0.0), gram);
    let own = 3u * (group.x * TILE + at);
    mixed[own] = answer.push;
    mixed[own + 1u] = answer.memory;
    mixed[own + 2u] = vec4f(1.0);
    if (stage.rescale != 0.0) {
        // v of the main model's estimate, and of the guided one, by the same four vectors.
        let v = stage.kept * vec4f(1.0, stage.sigma, 0.0, 0.0) - vec4f(1.0, 0.0, 0.0, 0.0);
        let matrix = mat4x4f(
            first,
            vec4f(first.y, second.xyz),
            vec4f(first.z, second.y, second.w, third.x),
            vec4f(first.w, second.z, third.x, third.y)
        );
        let mains = variance(v, matrix, sum);
        let guideds = variance(v - answer.push, matrix, sum);
        if (guideds > 0.0) {
            mixed[own + 2u] = vec4f(1.0 + stage.rescale * (sqrt(mains / guideds) - 1.0));
        }
    }
}

// Of a sum of the four vectors; times the square of how many numbers there are.
fn variance(v: vec4f, matrix: mat4x4f, sum: vec4f) -> f32 {
    let total = dot(v, sum);
    return max(f32(NUMBERS / TILE) * dot(v, matrix * v) - total * total, 0.0);
}
