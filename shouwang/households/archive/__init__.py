"""档卡规范化: the household's archive, the platform and what the newest visit found, compared in sets; differences stay open until settled."""
