"""Pipelines as small as they can be, whose weights are random and made here: nothing is downloaded."""

import torch
from diffusers import (
    AutoencoderKL,
    ChromaPipeline,
    ChromaTransformer2DModel,
    EulerDiscreteScheduler,
    FlowMatchEulerDiscreteScheduler,
    FluxPipeline,
    FluxTransformer2DModel,
    SD3Transformer2DModel,
    StableDiffusion3Pipeline,
    StableDiffusionPipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    T5Config,
    T5EncoderModel,
)

WIDTH = 32
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def seeded(make, seed=0):
    """A network with the weights of a seed."""
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        return make().eval()


def tokenizer():
    """Of letters: each alone or at the end of a word."""
    words = ["<|startoftext|>", "<|endoftext|>", *LETTERS, *(letter + "</w>" for letter in LETTERS)]
    return CLIPTokenizer(vocab={word: i for i, word in enumerate(words)}, merges=[], model_max_length=16)


def text(projected=False):
    config = CLIPTextConfig(
        vocab_size=2 + 2 * len(LETTERS),
        hidden_size=WIDTH,
        intermediate_size=2 * WIDTH,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=16,
        projection_dim=WIDTH,
        bos_token_id=0,
        eos_token_id=1,
    )
    return seeded(lambda: (CLIPTextModelWithProjection if projected else CLIPTextModel)(config), 1 + projected)


def vae(channels=4, shift=None):
    return seeded(
        lambda: AutoencoderKL(
            block_out_channels=(8, 16),
            down_block_types=("DownEncoderBlock2D",) * 2,
            up_block_types=("UpDecoderBlock2D",) * 2,
            latent_channels=channels,
            norm_num_groups=4,
            shift_factor=shift,
        ),
        3,
    )


def unet(seed=0, cross=WIDTH, width=WIDTH, **more):
    return seeded(
        lambda: UNet2DConditionModel(
            sample_size=16,
            block_out_channels=(width, 2 * width),
            layers_per_block=1,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            cross_attention_dim=cross,
            attention_head_dim=8,
            norm_num_groups=8,
            **more,
        ),
        seed,
    )


def scheduler(kind=EulerDiscreteScheduler, **more):
    """That of Stable Diffusion."""
    return kind(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1, **more)


def stable_diffusion(prediction="epsilon", kind=EulerDiscreteScheduler, network=None, **more):
    pipeline = StableDiffusionPipeline(
        vae=vae(),
        text_encoder=text(),
        tokenizer=tokenizer(),
        unet=network or unet(),
        scheduler=scheduler(kind, prediction_type=prediction, **more),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def stable_diffusion_xl():
    network = unet(
        cross=2 * WIDTH,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=6 * 8 + WIDTH,
    )
    pipeline = StableDiffusionXLPipeline(
        vae=vae(),
        text_encoder=text(),
        text_encoder_2=text(projected=True),
        tokenizer=tokenizer(),
        tokenizer_2=tokenizer(),
        unet=network,
        scheduler=scheduler(timestep_spacing="leading"),
        add_watermarker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def flow(kind=FlowMatchEulerDiscreteScheduler, **more):
    """As Stable Diffusion 3, which is a flow."""
    network = seeded(
        lambda: SD3Transformer2DModel(
            sample_size=16,
            patch_size=2,
            in_channels=16,
            out_channels=16,
            num_layers=2,
            attention_head_dim=8,
            num_attention_heads=4,
            joint_attention_dim=2 * WIDTH,
            caption_projection_dim=WIDTH,
            pooled_projection_dim=2 * WIDTH,
            pos_embed_max_size=16,
        )
    )
    pipeline = StableDiffusion3Pipeline(
        transformer=network,
        vae=vae(16, shift=0.06),
        scheduler=kind(**more or {"shift": 3.0}),
        text_encoder=text(projected=True),
        text_encoder_2=text(projected=True),
        tokenizer=tokenizer(),
        tokenizer_2=tokenizer(),
        text_encoder_3=None,
        tokenizer_3=None,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def t5():
    config = T5Config(vocab_size=2 + 2 * len(LETTERS), d_model=WIDTH, d_kv=8, d_ff=2 * WIDTH, num_layers=2, num_heads=4)
    return seeded(lambda: T5EncoderModel(config), 4)


def shifting():
    """Levels that go by how large a picture is."""
    return FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=True)


# Samples are squares of 2 x 2 latents, one after another.
PACKED = {
    "in_channels": 16,
    "num_layers": 1,
    "num_single_layers": 1,
    "attention_head_dim": 16,
    "num_attention_heads": 2,
    "joint_attention_dim": WIDTH,
    "axes_dims_rope": (4, 4, 8),
}


def flux(embeds=False):
    """As FLUX.1, of which guidance_embeds has -dev."""
    pipeline = FluxPipeline(
        transformer=seeded(lambda: FluxTransformer2DModel(pooled_projection_dim=WIDTH, guidance_embeds=embeds, **PACKED)),
        vae=vae(4, shift=0.06),
        scheduler=shifting(),
        text_encoder=text(),
        text_encoder_2=t5(),
        tokenizer=tokenizer(),
        tokenizer_2=tokenizer(),
    )
    pipeline.set_progress_bar_config(disable=True)
    pipeline.default_sample_size = 16
    return pipeline


def chroma():
    network = seeded(
        lambda: ChromaTransformer2DModel(approximator_num_channels=16, approximator_hidden_dim=WIDTH, approximator_layers=1, **PACKED)
    )
    pipeline = ChromaPipeline(transformer=network, vae=vae(4, shift=0.06), scheduler=shifting(), text_encoder=t5(), tokenizer=tokenizer())
    pipeline.set_progress_bar_config(disable=True)
    pipeline.default_sample_size = 16
    return pipeline
