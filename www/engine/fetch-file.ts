// Files that stand beside the program. Node, which has no server to fetch them from, reads them from its disk. An asset's address
// is relative to its module.

/** The file at an address; what is thrown is made by `unavailable` from a reason. */
export async function fetchFile(address: string, unavailable: (reason: string) => Error): Promise<Response> {
  const disk = address.startsWith('file:') ? filesOfNode() : undefined;
  if (disk) {
    const bytes = await disk.readFile(new URL(address)).catch((error: Error) => {
      throw unavailable(error.message);
    });
    return new Response(bytes);
  }
  const response = await fetch(address).catch(() => {
    throw unavailable('no answer');
  });
  if (!response.ok) throw unavailable(`HTTP status ${response.status}`);
  return response;
}

/** No import: one of a module that browsers lack stops bundlers for them. */
function filesOfNode() {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: 'node:fs/promises'): Files } };
  return process?.getBuiltinModule?.('node:fs/promises');
}

interface Files {
  readFile(file: URL): Promise<Uint8Array<ArrayBuffer>>;
}
