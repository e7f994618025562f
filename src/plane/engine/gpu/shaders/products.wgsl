// Products by a network's square matrices (twin of `multiply` in lanes, of network/products.rs), and the sigmoid. The names model_*
// become main_* and guide_*.
//
// A thread computes four rows of a product for a quad of particles, from activations in scratch: a row of QUADS after the other.

// The square matrices, each in panels of four rows, column after column: all but the last, V^T V of the last V, and the
// transposes of the first ones. Where each step has another network, those of all of them,
// one after the other.
@group(MODEL_GROUP) @binding(0) var<storage, read> model_weights: array<vec4f>;

const model_PANELS = model_HIDDEN / 4u;

// Four rows of a product, each of one quad.
fn model_multiply(matrix: u32, panel: u32, quad: u32) -> mat4x4f {
    var a = vec4f(); var b = vec4f(); var c = vec4f(); var d = vec4f();
    let weights = (matrix * model_PANELS + panel) * model_HIDDEN;
    for (var k = 0u; k < model_HIDDEN; k++) {
        let w = model_weights[weights + k];
        let x = scratch[k * QUADS + quad];
        a += w.x * x;
        b += w.y * x;
        c += w.z * x;
        d += w.w * x;
    }
    return mat4x4f(a, b, c, d);
}

fn model_sigmoid(h: vec4f) -> vec4f {
    return 1.0 / (1.0 + exp(min(-h, vec4f(80.0))));
}
