// D of what the last convolution makes and of what is recalled (twin of `Leave` in images/network/passes.rs).

@group(0) @binding(0) var<uniform> now: Now;
@group(0) @binding(1) var<storage, read> sums: array<f32>;
@group(0) @binding(2) var<storage, read> recalled: array<f32>;
// With zeros around.
@group(0) @binding(3) var<storage, read> point: array<f32>;
@group(0) @binding(4) var<storage, read_write> estimates: array<f32>;

@compute @workgroup_size(THREADS)
fn leave(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
    let at = group.x * THREADS + local.x;
    let plane = SIDE * SIDE * TILE;
    let tile = group.y;
    let channel = at / plane;
    let number = at % plane;
    let patch_ = channel % 4u;
    var inside = sums[(tile * SUMS + channel) * plane + number];
    for (var k = 0u; k < PLACES; k++) {
        let first = (tile * SUMS + PATCH + k * DRAWN) * plane + number;
        let drawn = tile * RECALLED * TILE + k * DRAWN * plane + number;
        let much = 1.0 / f32(PLACES) + sums[first + patch_ * plane];
        inside += much * recalled[drawn + channel * plane];
        inside += sums[first + (4u + channel) * plane] * recalled[drawn + (PATCH + patch_) * plane];
    }
    let pitch = SIDE + 2u;
    let pixel = number / TILE;
    let padded = (pixel / SIDE + 1u) * pitch + pixel % SIDE + 1u;
    let x = point[((tile % now.tiles * PATCH + channel) * pitch * pitch + padded) * TILE + number % TILE];
    let numbers = now.numbers[tile / now.tiles];
    estimates[now.first + tile * PATCH * plane + at] = numbers.y * x + numbers.z * inside;
}
