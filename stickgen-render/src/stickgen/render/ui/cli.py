"""``stickgen ui``: type a prompt, see the animation, download it in any format."""

from __future__ import annotations

import click

from stickgen.core.cli.output import Output, common_options


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default=True,
    help="Port of 127.0.0.1 to listen at; 0 takes a free one.",
)
@click.option("--no-open", is_flag=True, help="Print the address and leave the browser alone.")
@common_options
def ui(output: Output, port: int, no_open: bool) -> None:
    """Serve a page to make animations with, until Ctrl-C.

    Only this computer can reach it, and only by the address that is printed: it holds a secret
    that is new each time.

    \b
    stickgen ui
    stickgen ui --port 8008 --no-open
    """  # noqa: D301 - click wants the control character
    from stickgen.render.player.browser import open_page
    from stickgen.render.ui.server import serving

    with serving(port) as server:
        opened = not no_open and open_page(server.address)
        output.text(server.address)
        output.document({"schema": 1, "url": server.address, "opened": opened})
        if not no_open and not opened:
            output.say("no browser could be started here; open the address yourself")
        output.say("Ctrl-C ends it")
        server.serve_forever(poll_interval=0.2)
