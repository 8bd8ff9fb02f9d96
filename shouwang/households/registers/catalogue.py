"""Every register, in the order in which pages list them: an explicit list, nothing is discovered."""

from __future__ import annotations

from .declaration import Register
from .declared import labour, post_holders, public_posts, unsold_produce

REGISTERS: tuple[Register, ...] = (
    labour.REGISTER,
    public_posts.REGISTER,
    post_holders.REGISTER,
    unsold_produce.REGISTER,
)
BY_CODE: dict[str, Register] = {register.code: register for register in REGISTERS}
