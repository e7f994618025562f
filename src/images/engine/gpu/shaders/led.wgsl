
// A number of an estimate as a colour from -1 to 1.
fn colour(number: u32, value: f32) -> f32 {
    return 2.0 * SCALE * value + stage.middle[number / (4u * TILE * SIDE * SIDE)];
}

// The guided estimate before its finish: with what the rule adds, and less what negative prompts say over the guide.
fn led(tile: u32, number: u32, b: vec4f, push: vec4f) -> f32 {
    let at = tile * NUMBERS + number;
    var guided = b.x + added(at, b, push);
    for (var i = 0u; i < stage.negatives; i++) {
        let negative = estimates[stage.negative + i * stage.condition + at];
        guided -= stage.away[i / 4u][i % 4u] * (negative - b.x + b.z);
    }
    return guided;
}
