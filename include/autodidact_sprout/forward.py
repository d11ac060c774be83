"""The Qwen3 body as a plain function: the same numbers as transformers' module, a quarter to a half faster on
a CPU in training.
"""


def hidden_states(model, ids):
    """Final hidden states [rows, length, hidden] of a Qwen3ForCausalLM for token ids [rows, length], causal,
    no padding.
    """
    import torch
    import torch.nn.functional as F

    config, body = model.config, model.model
    rows, length = ids.shape
    heads, kv, size, eps = (
        config.num_attention_heads,
        config.num_key_value_heads,
        config.head_dim,
        config.rms_norm_eps,
    )
    h = body.embed_tokens(ids)
    cos, sin = (t[0, :, None, :] for t in body.rotary_emb(h, torch.arange(length)[None]))

    def norm(x, module):
        return F.rms_norm(x, (x.shape[-1],), module.weight, eps)

    def rotate(x):
        a, b = x.chunk(2, -1)
        return x * cos + torch.cat((-b, a), -1) * sin

    for layer in body.layers:
        a, x = layer.self_attn, norm(h, layer.input_layernorm)
        q = rotate(norm(a.q_proj(x).view(rows, length, heads, size), a.q_norm)).transpose(1, 2)
        k = rotate(norm(a.k_proj(x).view(rows, length, kv, size), a.k_norm)).transpose(1, 2)
        v = a.v_proj(x).view(rows, length, kv, size).transpose(1, 2)
        k, v = k.repeat_interleave(heads // kv, 1), v.repeat_interleave(heads // kv, 1)
        h = h + a.o_proj(
            F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(rows, length, -1)
        )
        x = norm(h, layer.post_attention_layernorm)
        h = h + layer.mlp.down_proj(F.silu(layer.mlp.gate_proj(x)) * layer.mlp.up_proj(x))
    return norm(h, body.norm)
