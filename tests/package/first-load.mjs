export function testFirstLoad() {}
