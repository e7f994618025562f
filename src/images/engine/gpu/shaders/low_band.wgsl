
// The low band of what the rule adds (twin of `low` in images/rules/bands.rs): along columns first, then along rows, after which both
// bands have their factors.
@compute @workgroup_size(THREADS)
fn low_band(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
    let number = group.x * THREADS + local.x;
    let first = group.y * NUMBERS + number % TILE;
    let plane = number / (TILE * SIDE * SIDE);
    let pixel = number / TILE % (SIDE * SIDE);
    // Where it is in the picture; of four planes each has every other row and column.
    let at = vec2u(2u * (pixel % SIDE) + plane % 2u, 2u * (pixel / SIDE) + plane / 2u % 2u);
    var sum = 0.0;
    for (var i = 0u; i < 2u * SIDE; i++) {
        var other = at;
        if (ROWS) {
            other.x = i;
        } else {
            other.y = i;
        }
        let place = ((plane / 4u * 4u + other.y % 2u * 2u + other.x % 2u) * SIDE + other.y / 2u) * SIDE + other.x / 2u;
        let weight = select(low[at.y * 2u * SIDE + i], low[at.x * 2u * SIDE + i], ROWS);
        sum += weight * select(banded[first + place * TILE], columns[first + place * TILE], ROWS);
    }
    let own = group.y * NUMBERS + number;
    if (ROWS) {
        banded[own] = stage.high * banded[own] + (stage.low - stage.high) * sum;
    } else {
        columns[own] = sum;
    }
}
