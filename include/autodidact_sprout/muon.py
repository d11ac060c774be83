"""Muon for the hidden matrices, Adam for embeddings and norms, in 32-bit floats, with a state of plain
tensors.

Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/) makes each update a nearly orthogonal
matrix; scaled by
0.2 * sqrt(larger side) it has the size of an Adam update (Liu et al. 2025, arXiv:2502.16982).
torch.optim.Muon does the same in bfloat16, which
a CPU without AMX computes thirty times slower; equal shapes are stacked here so that a step is a few large
products.
"""


class Muon:
    """`params`: name -> parameter. `state` is name -> tensor and can be saved as it is."""

    def __init__(self, params: dict, *, betas=(0.9, 0.95), momentum=0.95, weight_decay=0.05, adam_factor=0.6):
        import torch

        self.params, self.betas, self.momentum, self.weight_decay, self.adam_factor = (
            params,
            betas,
            momentum,
            weight_decay,
            adam_factor,
        )
        self.matrices = [
            n for n, p in params.items() if p.ndim == 2 and "embed" not in n and "lm_head" not in n
        ]
        self.others = [n for n in params if n not in self.matrices]
        self.state = {f"m.{n}": torch.zeros_like(p) for n, p in params.items()} | {
            f"v.{n}": torch.zeros_like(params[n]) for n in self.others
        }

    def step(self, lr: float, step: int) -> None:
        """One update; `step` counts from 1. Gradients are cleared."""
        import torch

        with torch.no_grad():
            groups: dict = {}
            for n in self.matrices:
                groups.setdefault(self.params[n].shape, []).append(n)
            for shape, names in groups.items():
                moved = []
                for n in names:
                    m, g = self.state[f"m.{n}"], self.params[n].grad
                    m.lerp_(g, 1 - self.momentum)
                    moved.append(g.lerp(m, self.momentum))
                update = orthogonal(torch.stack(moved))
                for n, u in zip(names, update, strict=True):
                    self.params[n].mul_(1 - lr * self.weight_decay).add_(
                        u, alpha=-lr * 0.2 * max(shape) ** 0.5
                    )
            b1, b2 = self.betas
            for n in self.others:
                p, m, v = self.params[n], self.state[f"m.{n}"], self.state[f"v.{n}"]
                m.lerp_(p.grad, 1 - b1)
                v.lerp_(p.grad.square(), 1 - b2)
                p.addcdiv_(
                    m / (1 - b1**step), (v / (1 - b2**step)).sqrt_().add_(1e-10), value=-lr * self.adam_factor
                )
            for p in self.params.values():
                p.grad = None


def orthogonal(g):
    """Each matrix of `g` [n, rows, columns] with its singular values near 1, by five Newton-Schulz steps (the
    quintic of the Muon post), taken on the smaller Gram matrix: x -> p(x x') x five times is one product of
    polynomials of x x', applied to x once.
    """
    import torch

    a, b, c = 3.4445, -4.7750, 2.0315
    x = g.mT if g.shape[1] > g.shape[2] else g
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    s, one, product = x @ x.mT, torch.eye(x.shape[1]), None
    for i in range(5):
        p = a * one + b * s + c * (s @ s)
        product = p if product is None else p @ product
        if i < 4:
            s = p @ s @ p
    x = product @ x
    return x.mT if g.shape[1] > g.shape[2] else x
