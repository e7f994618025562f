
// Of D1, eps1, d and m over a picture: the first four inner products; the others but the last two; and these.
var<workgroup> firsts: array<vec4f, PARTS * TILE>;
var<workgroup> seconds: array<vec4f, PARTS * TILE>;
var<workgroup> thirds: array<vec2f, PARTS * TILE>;

// A workgroup a tile; each picture's numbers are shared out among invocations.
@compute @workgroup_size(PARTS * TILE)
fn mix_pictures(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
    let at = local.x;
    var first = vec4f();
    var second = vec4f();
    var third = vec2f();
    for (var number = at; number < NUMBERS; number += PARTS * TILE) {
        let b = basis(group.y, number);
        first += b.x * b;
        second += vec4f(b.y * b.yzw, b.z * b.z);
        third += b.w * b.zw;
    }
    firsts[at] = first;
    seconds[at] = second;
    thirds[at] = third;
    workgroupBarrier();
    if (at >= TILE) {
        return;
    }
    for (var part = 1u; part < PARTS; part++) {
        let other = part * TILE + at;
        first += firsts[other];
        second += seconds[other];
        third += thirds[other];
    }
    let gram = Gram(
        first.x, first.y, first.z, first.w, second.x, second.y, second.z, second.w, third.x, third.y
    );
    let moment = Moment(stage.sigma, stage.weight, stage.place, stage.rule, 0.0, stage.time, stage.steps);
    let answer = mix_rule(moment, gram);
    let own = 3u * (group.y * TILE + at);
    mixed[own] = answer.push;
    mixed[own + 1u] = answer.memory;
}
