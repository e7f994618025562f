
// What kernels of a stage know of a number. Where models were asked, `point` has zeros around, as the first layer reads it; `memory` is
// what the rule remembers, or nothing; of each picture `mixed` has coefficients of the push and of what is remembered, and what
// finishes it.

// Where a number of a tile stands in `point`.
fn padded(tile: u32, number: u32) -> u32 {
    let pixel = number / TILE % (SIDE * SIDE);
    let pitch = SIDE + 2u;
    let plane = tile * (NUMBERS / (TILE * SIDE * SIDE)) + number / (TILE * SIDE * SIDE);
    return (plane * pitch * pitch + (pixel / SIDE + 1u) * pitch + pixel % SIDE + 1u) * TILE + number % TILE;
}

// D1, eps1, d and m.
fn basis(tile: u32, number: u32) -> vec4f {
    let at = tile * NUMBERS + number;
    let asked = point[padded(tile, number)];
    var b = vec4f(estimates[at], 0.0, 0.0, 0.0);
    b.y = (asked - b.x) / stage.sigma;
    // A guide that is not asked may hold anything.
    if (stage.guided != 0u) {
        b.z = b.x - (stage.share * estimates[stage.guide + at] + (1.0 - stage.share) * asked);
    }
    if (REMEMBERS) {
        b.w = memory[at];
    }
    return b;
}

// Coefficients of the basis in what the rule adds to a picture.
fn pushed(own: u32) -> vec4f {
    if (stage.mixed != 0u) {
        return mixed[own];
    }
    return stage.push;
}
