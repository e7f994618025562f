// A layer of the network of pictures on tiles of pictures (twin of images/network/lanes.rs). Numbers stand by tile, channel, pixel
// and picture; those that 3 x 3 pixels are read of have zeros around.

// One evaluation. Behind the tiles of the first condition come those of the next, of the same pictures.
struct Now {
    tiles: u32,
    // The noise level's place in tables, and conditions in these.
    level: u32,
    conditions: u32,
    // First number of the estimates.
    first: u32,
    // Of each condition: what a picture is multiplied by, and what D has of it, and of the network's output.
    numbers: array<vec4f, 10>,
}

fn silu(x: vec4f) -> vec4f {
    return x / (1.0 + exp(min(-x, vec4f(80.0))));
}

