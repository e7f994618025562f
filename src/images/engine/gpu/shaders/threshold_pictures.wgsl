
// Sizes of the colours of guided estimates. Their bits are in the same order, since they are not negative.
var<workgroup> counts: array<u32, PARTS * TILE>;
var<workgroup> least: array<f32, PARTS * TILE>;
// Greater than any size.
const NOTHING = 1e30;

// Of a picture how many sizes are below a bound, which all its invocations ask for.
fn below(at: u32, tile: u32, bound: u32) -> u32 {
    var count = 0u;
    for (var number = at; number < NUMBERS; number += PARTS * TILE) {
        count += select(0u, 1u, bitcast<u32>(sizes[tile * NUMBERS + number]) < bound);
    }
    workgroupBarrier();
    counts[at] = count;
    workgroupBarrier();
    var all = 0u;
    for (var part = 0u; part < PARTS; part++) {
        all += counts[part * TILE + at % TILE];
    }
    return all;
}

// The quantile of sizes (twin of `quantile_of` in images/rules/finish.rs), bit by bit. A workgroup a tile, as where inner products
// are asked.
@compute @workgroup_size(PARTS * TILE)
fn threshold_pictures(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
    let at = local.x;
    let own = 3u * (group.y * TILE + at % TILE);
    let push = pushed(own);
    for (var number = at; number < NUMBERS; number += PARTS * TILE) {
        let guided = led(group.y, number, basis(group.y, number), push);
        sizes[group.y * NUMBERS + number] = abs(colour(number, guided));
    }
    // The greatest bits that no more than `rank` sizes are below: those of the size of that rank.
    var bits = 0u;
    for (var bit = 0u; bit < 31u; bit++) {
        let next = bits | (1u << (30u - bit));
        if (below(at, group.y, next) <= stage.rank) {
            bits = next;
        }
    }
    let here = bitcast<f32>(bits);
    let with_equals = below(at, group.y, bits + 1u);
    var above = NOTHING;
    for (var number = at; number < NUMBERS; number += PARTS * TILE) {
        let size = sizes[group.y * NUMBERS + number];
        above = min(above, select(NOTHING, size, size > here));
    }
    least[at] = above;
    workgroupBarrier();
    for (var part = 0u; part < PARTS; part++) {
        above = min(above, least[part * TILE + at % TILE]);
    }
    // The next one in the order: another one of the same size, or the next size, or there is none.
    let next = select(above, here, with_equals > stage.rank + 1u || above == NOTHING);
    if (at < TILE) {
        mixed[own + 2u] = vec4f(max(here + stage.finish * (next - here), 1.0));
    }
}
