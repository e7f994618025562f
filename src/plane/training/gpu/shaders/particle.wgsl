// A particle of a batch.
struct Particle {
    // x/c, y/c, ln(sigma)/4, 1.
    features: vec4f,
    // x, y, sigma, and what its squared error is times in the loss.
    place: vec4f,
    // 1/c; the pull of the network's base, its gradient being -pull x; the exact score.
    aim: vec4f,
    // The loss's gradient in the score, over c: the tangent of the features; then 0, 0.
    tangent: vec4f,
}
