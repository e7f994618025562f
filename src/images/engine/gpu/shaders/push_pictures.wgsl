
// What the rule adds, before its bands have factors.
@compute @workgroup_size(THREADS)
fn push_pictures(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
    let number = group.x * THREADS + local.x;
    let own = 3u * (group.y * TILE + number % TILE);
    banded[group.y * NUMBERS + number] = dot(pushed(own), basis(group.y, number));
}
