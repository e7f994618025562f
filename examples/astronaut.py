"""The proposal's last pages on real weights: "a photograph of an astronaut riding a horse" under its schedules and multipliers.

    pip install 'guidance-playground[diffusers]'
    python examples/astronaut.py --model stable-diffusion-v1-5/stable-diffusion-v1-5 --device cuda --out astronaut.png

All rows stand in one picture, a column for each seed, from the same noise in all rows. D1 is the model's estimate under the prompt, D0 the
guide's; w = 1 is no guidance. With k the guide is asked at k sigma: with CFG the model under the negative prompt, alone that under the
prompt itself. The rows are those of docs/images-report.md, which says why w is small where scores are mixed. `--rows cfg4` draws those
whose name begins so. There are no such weights where this project is tested: what is tested is this program, on a tiny pipeline.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from guidance_playground.models import from_diffusers

PROMPT = "a photograph of an astronaut riding a horse"
RISING = {"": "static", " linear": "linear", " cosine": "cosine"}
# The plane's conditions: any other than the main model's stands for the negative prompt.
UNCONDITIONAL, ITSELF = "AB", "A"


def guided(condition: str, weight: float, k: float = 1.0, **more: Any) -> dict[str, Any]:
    """Guided by the model under the negative prompt, or by itself, at k sigma."""
    return {"guide": {"model": "exact", "condition": condition, "sigmaScale": k}, "weight": weight, "solver": "dpmPlusPlus2m", **more}


def rows() -> dict[str, dict[str, Any]]:
    """All of them, by what the picture calls them."""
    found: dict[str, dict[str, Any]] = {"none": {"solver": "dpmPlusPlus2m"}}
    for w in (2, 4, 8):
        for name, schedule in RISING.items():
            found[f"cfg{w}{name}"] = guided(UNCONDITIONAL, w, schedule=schedule)
        for k in (1.2, 1.4, 1.6):
            for name in ("", " cosine"):
                found[f"cfg{w} k{k}{name}"] = guided(UNCONDITIONAL, w, k, schedule=RISING[name], space="denoised")
    for space, w in (("score", 1.2), ("denoised", 3.0)):
        for k in (1.2, 1.4, 1.6):
            for name in ("", " cosine"):
                found[f"k{k} {space}{name}"] = guided(ITSELF, w, k, schedule=RISING[name], space=space)
    found["cfg4 falling linear"] = guided(UNCONDITIONAL, 4, schedule="inverseLinear")
    found["cfg4 falling cosine"] = guided(UNCONDITIONAL, 4, schedule="sine")
    found["cfg2 k1.2 score"] = guided(UNCONDITIONAL, 2, 1.2)
    found["cfg4 interval"] = guided(UNCONDITIONAL, 4, interval={"low": 0.5, "high": 5.0})
    found["cfg4 apg"] = guided(UNCONDITIONAL, 4, combination={"apg": {"momentum": 0.0, "parallel": 0.0, "radius": 0.0}})
    found["k1.02 score"] = guided(ITSELF, 3, 1.02)
    found["k1.2 g6 score"] = guided(ITSELF, 6, 1.2, reading="raw", schedule={"poweredCosine": {"exponent": 1.0}})
    return found


def draw(
    pipeline: Any, schemes: Mapping[str, Mapping[str, Any]], *, prompt: str, negative: str, seeds: Sequence[int], steps: int, **call: Any
) -> Any:
    """One picture: a row for each scheme, a column for each seed."""
    from PIL import Image, ImageDraw

    model = from_diffusers(pipeline, prompt, negative, num_images_per_prompt=len(seeds), **call)
    sheet, label = None, 160
    for i, (name, scheme) in enumerate(schemes.items()):
        print(f"{i + 1} of {len(schemes)}: {name}")
        for j, picture in enumerate(model.sample(scheme, steps=steps, seed=seeds, progress=True).images):
            width, height = picture.size
            if sheet is None:
                sheet = Image.new("RGB", (label + len(seeds) * width, len(schemes) * height), "white")
                pen = ImageDraw.Draw(sheet)
            sheet.paste(picture, (label + j * width, i * height))
        pen.text((8, i * height + height // 2), name, fill="black")
    return sheet


def pipeline_of(model: str, device: str) -> Any:
    """A pipeline with its weights: from the Hugging Face hub by name, or from a folder."""
    import torch
    from diffusers import DiffusionPipeline

    bits = torch.float32 if device == "cpu" else torch.float16
    return DiffusionPipeline.from_pretrained(model, torch_dtype=bits).to(device)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a name on the Hugging Face hub, or a folder: Stable Diffusion 1, 2, XL or 3")
    parser.add_argument("--device", default="cuda", help="as PyTorch calls it (cuda)")
    parser.add_argument("--prompt", default=PROMPT)
    parser.add_argument("--negative", default="", help="what is guided away from (nothing said)")
    parser.add_argument("--seed", type=int, nargs="+", default=[0, 1, 2, 3], help="a column for each (0 1 2 3)")
    parser.add_argument("--steps", type=int, default=32)
    parser.add_argument("--rows", nargs="+", default=[""], help="draw those whose names begin so (all)")
    parser.add_argument("--out", default="astronaut.png")
    options = parser.parse_args(arguments)
    chosen = {name: scheme for name, scheme in rows().items() if name.startswith(tuple(options.rows))}
    if not chosen:
        parser.error(f"no row begins so; there are: {', '.join(rows())}")
    pipeline = pipeline_of(options.model, options.device)
    sheet = draw(pipeline, chosen, prompt=options.prompt, negative=options.negative, seeds=options.seed, steps=options.steps)
    sheet.save(options.out)
    print(f"{options.out}: {len(chosen)} rows of {len(options.seed)} pictures")


if __name__ == "__main__":
    main()
