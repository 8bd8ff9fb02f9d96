"""The `shouwang` command; also `python -m shouwang`."""

import os


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.config.settings")
    from shouwang.config.command_line import run

    run()


if __name__ == "__main__":
    main()
