"""Empty stand-ins for the CUDA libraries that PyTorch's ordinary Linux package is linked with: `stand_ins.py FOLDER`.

On a processor none of their functions is called; calling one ends the program. The CUDA runtime is small and asked how
many cards there are, so it is the real one, by a link."""

import importlib.util
import pathlib
import re
import subprocess
import sys

NAMES = r"lib(cu(blas|blasLt|dnn|fft|file|pti|sparse|sparseLt|solver)|nccl|nvrtc|nvshmem_host)\.so"
FUNCTIONS = r"(cu(blas|dnn|fft|File|pti|sparse|solver)|nccl|nvrtc|nvshmem)\w+$"


def read(option, path):
    return subprocess.run(["readelf", option, "-W", path], capture_output=True, text=True, check=True).stdout


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch = pathlib.Path(importlib.util.find_spec("torch").origin).parent
    libraries = [path for path in (torch / "lib").glob("lib*.so*")]
    if not (torch / "lib/libtorch_cuda.so").exists():
        return
    needed, undefined = set(), set()
    for path in libraries:
        needed |= set(re.findall(r"NEEDED.*\[(.*)\]", read("--dynamic", path)))
        fields = (line.split() for line in read("--dyn-syms", path).splitlines())
        undefined |= {f[7].partition("@")[0] for f in fields if len(f) > 7 and f[6] == "UND"}
    functions = sorted(name for name in undefined if re.match(FUNCTIONS, name))
    source = folder / "functions.c"
    source.write_text("#include <stdlib.h>\n" + "".join(f"void {name}(void) {{ abort(); }}\n" for name in functions))
    names = sorted(name for name in needed if re.match(NAMES, name))
    for i, name in enumerate(names):
        code = source if i == 0 else "/dev/null"
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", code, f"-Wl,-soname,{name}", "-o", folder / name], check=True)
    for runtime in torch.parent.glob("nvidia/*/lib/libcudart.so.*"):
        link = folder / runtime.name
        link.unlink(missing_ok=True)
        link.symlink_to(runtime)


if __name__ == "__main__":
    main()
