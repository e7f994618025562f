export function testBundlers() {}
